import type { OnnxType } from './element-type.js';

/** A dense array of a file, row-major. */
export interface OnnxArray {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** The entries as numbers, integers exact to 2⁵³: one array, which is not to be written to. */
  readonly read: () => Float64Array;
}

/** The value of an attribute, by its kind. */
export type OnnxAttribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxArray }
  | { readonly kind: 'graph'; readonly value: OnnxSubgraph }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  /** The attribute of this name of the function that holds the node. */
  | { readonly kind: 'reference'; readonly value: string }
  /** A kind that is not read here, by its number. */
  | { readonly kind: 'other'; readonly value: number };

/** An operation of a file. */
export interface OnnxNode {
  /** May be empty. */
  readonly name: string;
  readonly type: string;
  /** '' for ONNX's own operators. */
  readonly domain: string;
  /** Names of values; '' where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output of a file. */
export interface OnnxValue {
  readonly name: string;
  /** Undefined where the file does not say, or says one that is not read here. */
  readonly type: OnnxType | undefined;
  /** Lengths of axes: a number, or a name where it is open; undefined where the file says nothing. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** Nodes in their order, with what they begin from. */
export interface OnnxSubgraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: ReadonlyMap<string, OnnxArray>;
  readonly nodes: readonly OnnxNode[];
}

/** An operator that the file itself defines. */
export interface OnnxFunction {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Values of attributes that a call leaves out. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
}

/** A network as its file holds it. */
export interface OnnxGraph extends OnnxSubgraph {
  /** What messages call the file. */
  readonly name: string;
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** By 'domain.name'. */
  readonly functions: ReadonlyMap<string, OnnxFunction>;
}

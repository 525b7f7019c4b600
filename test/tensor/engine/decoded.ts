import { modelType } from './model-type.js';

/** What the tests look at in an ONNX model. */
export interface DecodedModel {
  readonly irVersion: string;
  readonly opsetImport: readonly { readonly version: string }[];
  readonly graph: {
    readonly node: readonly DecodedNode[];
    readonly initializer?: readonly {
      readonly name: string;
      readonly dims?: readonly string[];
      readonly dataType: number;
    }[];
    readonly input?: readonly { readonly name: string }[];
    readonly output: readonly { readonly name: string }[];
  };
}

export interface DecodedNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** The model that bytes hold, by the schema they were written with. */
export function decoded(bytes: Uint8Array): DecodedModel {
  return modelType.toObject(modelType.decode(bytes), { longs: String }) as DecodedModel;
}

export function countOf(type: string, { graph }: DecodedModel): number {
  return graph.node.filter(({ opType }) => opType === type).length;
}

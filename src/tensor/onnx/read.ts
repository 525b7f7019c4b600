import { DataError } from '../../errors.js';
import { attributeType } from '../engine/onnx-schema.js';
import { arrayOf, type ExternalFile } from './array.js';
import { elementFormat } from './element-type.js';
import type { OnnxArray, OnnxAttribute, OnnxFunction, OnnxGraph, OnnxNode, OnnxSubgraph, OnnxValue } from './graph.js';
import { readMessage, type Message } from './wire.js';

const list = (value: unknown): readonly Message[] => (value as Message[] | undefined) ?? [];
const text = (value: unknown): string => (value as string | undefined) ?? '';
const words = (value: unknown): readonly string[] => (value as string[] | undefined) ?? [];
const numbers = (value: unknown): readonly number[] => (value as number[] | undefined) ?? [];

/**
 * The graph that an ONNX file holds; `name` is what messages call the file, `external` gives the bytes of files beside it that hold arrays, and
 * `opsets` are the first and last version of ONNX's own operators that is read. Throws DataError, naming what is wrong and the way out, for
 * anything that is no such file or holds what is not read. Arrays stay views of the bytes. Cost: proportional to the bytes of the graph
 * without its arrays.
 */
export function readOnnx(
  bytes: Uint8Array,
  name: string,
  external?: ExternalFile,
  opsets: readonly [first: number, last: number] = [13, 21],
): OnnxGraph {
  let model: Message;
  try {
    model = readMessage(bytes, 'ModelProto');
  } catch (cause) {
    throw new DataError(
      `${name} is not a readable ONNX file: ${(cause as Error).message}; export it anew, or copy it again`,
      { cause },
    );
  }
  const graph = model.graph as Message | undefined;
  if (graph === undefined) {
    throw new DataError(
      `${name} is not an ONNX file: it holds no graph; an ONNX file is written by torch.onnx.export, for example`,
    );
  }
  const reader = readerOf(name, external);
  const opset = opsetOf(model, name);
  checkOpset(opset, opsets, name);
  const functions = list(model.functions).map((one): [string, OnnxFunction] => {
    const own = opsetOf(one, `${name}: function ${text(one.name)}`, opset);
    return [`${text(one.domain)}.${text(one.name)}`, reader.functionOf(one, own)];
  });
  return { name, opset, functions: new Map(functions), ...reader.subgraph(graph) };
}

function opsetOf(model: Message, name: string, otherwise?: number): number {
  const own = list(model.opsetImport).find(({ domain }) => text(domain) === '' || domain === 'ai.onnx');
  const version = (own?.version as number | undefined) ?? otherwise;
  if (version !== undefined) return version;
  throw new DataError(`${name} does not say which version of ONNX's operators it uses; export it anew`);
}

function checkOpset(opset: number, [first, last]: readonly [number, number], name: string): void {
  if (opset >= first && opset <= last) return;
  throw new DataError(
    `${name} uses version ${opset} of ONNX's operators; legal are ${first} to ${last}; export it with opset_version=17, or convert it with onnx.version_converter`,
  );
}

function readerOf(file: string, external: ExternalFile | undefined) {
  const initializers = (tensors: readonly Message[]): ReadonlyMap<string, OnnxArray> => {
    const arrays = new Map<string, OnnxArray>();
    for (const tensor of tensors) {
      const name = text(tensor.name);
      if (arrays.has(name)) throw new DataError(`${file}: two initialisers are named '${name}'; the file is damaged`);
      arrays.set(name, arrayOf(tensor, `${file}: initialiser '${name}'`, external));
    }
    return arrays;
  };
  const attribute = (message: Message, where: string): OnnxAttribute => {
    if (text(message.refAttrName) !== '') return { kind: 'reference', value: text(message.refAttrName) };
    const kind = (message.type as number | undefined) ?? kindOf(message);
    switch (kind) {
      case attributeType.float:
        return { kind: 'float', value: (message.f as number | undefined) ?? 0 };
      case attributeType.int:
        return { kind: 'int', value: (message.i as number | undefined) ?? 0 };
      case attributeType.string:
        return { kind: 'string', value: new TextDecoder().decode(message.s as Uint8Array | undefined) };
      case attributeType.tensor:
        return { kind: 'tensor', value: arrayOf((message.t as Message | undefined) ?? {}, where, external) };
      case attributeType.graph:
        return { kind: 'graph', value: subgraph((message.g as Message | undefined) ?? {}) };
      case attributeType.floats:
        return { kind: 'floats', value: numbers(message.floats) };
      case attributeType.ints:
        return { kind: 'ints', value: numbers(message.ints) };
      case attributeType.strings:
        return {
          kind: 'strings',
          value: ((message.strings as Uint8Array[] | undefined) ?? []).map((bytes) => new TextDecoder().decode(bytes)),
        };
      default:
        return { kind: 'other', value: kind };
    }
  };
  const node = (message: Message): OnnxNode => {
    const [name, type] = [text(message.name), text(message.opType)];
    const attributes = list(message.attribute).map((one): [string, OnnxAttribute] => [
      text(one.name),
      attribute(one, `${file}: attribute '${text(one.name)}' of node '${name}' (${type})`),
    ]);
    return {
      name,
      type,
      domain: text(message.domain) === 'ai.onnx' ? '' : text(message.domain),
      inputs: words(message.input),
      outputs: words(message.output),
      attributes: new Map(attributes),
    };
  };
  const subgraph = (graph: Message): OnnxSubgraph => {
    if (list(graph.sparseInitializer).length > 0) {
      throw new DataError(`${file} holds sparse initialisers, which are not read; export them as dense arrays`);
    }
    return {
      inputs: list(graph.input).map(valueOf),
      outputs: list(graph.output).map(valueOf),
      initializers: initializers(list(graph.initializer)),
      nodes: list(graph.node).map(node),
    };
  };
  const functionOf = (one: Message, opset: number): OnnxFunction => ({
    inputs: words(one.input),
    outputs: words(one.output),
    opset,
    nodes: list(one.node).map(node),
    defaults: new Map(
      list(one.attributeProto).map((given) => [
        text(given.name),
        attribute(given, `${file}: function '${text(one.name)}'`),
      ]),
    ),
  });
  return { subgraph, functionOf };
}

/** Files of the first versions leave the kind of an attribute out. */
function kindOf(message: Message): number {
  const field = ['f', 'i', 's', 't', 'g', 'floats', 'ints', 'strings'].findIndex((key) => key in message);
  return field + 1;
}

function valueOf(value: Message): OnnxValue {
  const tensor = (value.type as Message | undefined)?.tensorType as Message | undefined;
  const shape = tensor?.shape as Message | undefined;
  return {
    name: text(value.name),
    type: elementFormat((tensor?.elemType as number | undefined) ?? 0)?.type,
    shape: shape && list(shape.dim).map(({ dimValue, dimParam }) => (dimValue as number | undefined) ?? text(dimParam)),
  };
}

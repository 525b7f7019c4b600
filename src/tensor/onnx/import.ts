import { size } from '../autodiff/value.js';
import { DataError, TinySubspaceError } from '../../errors.js';
import { add, broadcast, constant, multiply, reciprocal, transpose, type Tensor } from '../autodiff/index.js';
import { checkSize } from './axes.js';
import { callOf, nodeName, type CallParts } from './call.js';
import { isFloat } from './element-type.js';
import { folded } from './fold.js';
import type { OnnxArray, OnnxAttribute, OnnxGraph, OnnxNode, OnnxSubgraph } from './graph.js';
import type { Operator } from './operator.js';
import { operatorOf } from './operators.js';
import { tiesOf } from './ties.js';
import { operandsOf } from './operands-of.js';
import { computed, isUniform, known, type Known, type Stored, type Operand } from './operand.js';

/** What the values of a file become. Names are those of the file. */
export interface ImportBindings {
  /** The tensor of each input that is no initialiser; integers are real tensors of such entries. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** Called once for every float initialiser that is calculated with, ties resolved: its tensor, trained or not. */
  readonly parameter: (name: string, shape: readonly number[], data: Float64Array) => Tensor;
  /** A tensor of numbers that the file, or what is calculated of it beforehand, says. */
  readonly constant: (name: string, shape: readonly number[], data: Float64Array) => Tensor;
  /** 1/n, of shape []. Without it values that depend on n, and means over samples, are refused. */
  readonly share?: Tensor;
  /** Takes every value that is computed from the inputs, by its name in the file; not those within functions and branches. */
  readonly value?: (name: string, tensor: Tensor) => void;
  /** The number that stands for n in the shapes of a file with a fixed batch. */
  readonly batch?: number;
  /** Takes the policies that were applied, in words. */
  readonly note?: (text: string) => void;
}

type Scope = Map<string, Operand>;

/** Nodes that are run in all, and functions and branches inside one another. */
const [mostNodes, deepest] = [2 ** 15, 32];

/**
 * The outputs of a file as graphs, by name. What is known when the file is read is calculated then: constants, shapes and arithmetic on
 * them, where the number of samples is a symbol. Throws DataError, naming the node, what is legal and the way out, for what cannot be expressed.
 */
export function importOnnx(graph: OnnxGraph, bindings: ImportBindings): ReadonlyMap<string, Tensor> {
  const session = sessionOf(graph, bindings);
  const scope: Scope = new Map();
  for (const [name, array] of graph.initializers) scope.set(name, session.initial(name, array));
  for (const { name, type = 'float32' } of graph.inputs) {
    const tensor = bindings.inputs.get(name);
    if (tensor !== undefined) scope.set(name, computed(type, tensor));
    else if (!graph.initializers.has(name))
      throw new DataError(`${graph.name}: nothing was given for its input '${name}'`);
  }
  session.run(graph.nodes, scope, { opset: graph.opset, attributes: new Map(), depth: 0 });
  return new Map(
    graph.outputs.map(({ name }) => {
      const value = scope.get(name) ?? missing(graph, name);
      return [name, session.lift(value, name)];
    }),
  );
}

function missing(graph: OnnxGraph, name: string): never {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
  throw new DataError(
    node === undefined
      ? `${graph.name}: nothing computes its output '${name}'; the file is damaged`
      : `${nodeName(node)}: its output ${node.outputs.indexOf(name) + 1}, '${name}', is not imported; export the network without it`,
  );
}

interface Frame {
  readonly opset: number;
  /** Those of the function that the nodes are in. */
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly depth: number;
}

function sessionOf(graph: OnnxGraph, bindings: ImportBindings) {
  const ties = tiesOf(graph.initializers, (name) => graph.initializers.get(name)!.read());
  const parameters = new Map<string, Tensor>();
  const lifted = new Map<Operand, Tensor>();
  const names = new Set<string>();
  let count = 0;

  const parameter = ({ name, array }: Stored): Tensor => {
    const tie = ties.get(name);
    if (tie !== undefined) {
      const tensor = parameter({
        kind: 'stored',
        type: array.type,
        name: tie.to,
        array: graph.initializers.get(tie.to)!,
      });
      bindings.note?.(`'${name}' is '${tie.to}'${tie.transposed ? ' transposed' : ''}: one array`);
      return tie.transposed ? transpose(tensor) : tensor;
    }
    const tensor = parameters.get(name) ?? bindings.parameter(name, array.shape, array.read());
    parameters.set(name, tensor);
    return tensor;
  };
  const constantOf = (name: string, shape: readonly number[], data: Float64Array): Tensor => {
    if (data.length > 0 && isUniform(data)) return broadcast(constant(data[0]!), shape);
    let unique = name;
    for (let i = 2; names.has(unique); i++) unique = `${name} ${i}`;
    names.add(unique);
    return bindings.constant(unique, shape, data);
  };
  const share = (node?: OnnxNode): Tensor => {
    if (bindings.share !== undefined) return bindings.share;
    const where = node === undefined ? graph.name : nodeName(node);
    throw new DataError(
      `${where}: it calculates with the number of samples, or means over them; a network must give each sample its own output: leave such a mean out (reduction='none')`,
    );
  };
  const lift = (value: Operand, name: string): Tensor => {
    if (value.kind === 'computed') return value.tensor;
    const before = lifted.get(value);
    if (before !== undefined) return before;
    const tensor = value.kind === 'stored' ? parameter(value) : liftKnown(value, name);
    lifted.set(value, tensor);
    return tensor;
  };
  const liftKnown = ({ shape, data, samples }: Known, name: string): Tensor => {
    const fixed = constantOf(name, shape, data);
    return samples === undefined ? fixed : add(fixed, multiply(constantOf(name, shape, samples), reciprocal(share())));
  };
  const initial = (name: string, array: OnnxArray): Operand =>
    isFloat(array.type)
      ? { kind: 'stored', type: array.type, name, array }
      : known(array.type, array.shape, array.read());
  const read = (value: Operand): Known | undefined =>
    value.kind === 'computed'
      ? undefined
      : value.kind === 'known'
        ? value
        : known(value.type, value.array.shape, value.array.read());

  const uses = new Map<string, number>();
  for (const { type, inputs } of graph.nodes) {
    if (type === 'Identity') continue; // which makes an array of its own itself
    for (const name of new Set(inputs)) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const shared = new Map<string, number>();
  /** A constant-valued array is one of its own for every node: exporters keep one for several that are equal at the start, as gains of 1. */
  const ownCopy = (value: Stored, node: OnnxNode, i: number): Stored => {
    const name = node.inputs[i]!;
    const many = uses.get(name) ?? 0;
    if (node.type === 'Identity' || many < 2 || size(value.array.shape) < 2) return value;
    if (!isUniform(value.array.read())) return value;
    const before = shared.get(name) ?? 0;
    shared.set(name, before + 1);
    if (before === 0) {
      bindings.note?.(`'${name}', all of whose entries are equal, is in ${many} nodes: an array of its own in each`);
      return value;
    }
    return { ...value, name: `${name} of ${node.outputs[0] ?? node.name}` };
  };
  const run = (nodes: readonly OnnxNode[], scope: Scope, frame: Frame): void => {
    if (frame.depth > deepest) throw new DataError(`${graph.name}: its functions are nested deeper than ${deepest}`);
    for (const node of nodes) {
      if (++count > mostNodes)
        throw new DataError(`${graph.name}: it has more than ${mostNodes} nodes, which is refused`);
      const values = evaluate(node, scope, frame);
      node.outputs.forEach((name, i) => {
        if (name === '') return;
        const value = values[i];
        if (scope.has(name)) throw new DataError(`${graph.name}: '${name}' is computed twice; it is damaged`);
        if (value !== undefined) scope.set(name, value);
        if (value?.kind === 'computed' && frame.depth === 0) bindings.value?.(name, value.tensor);
      });
    }
  };
  const evaluate = (node: OnnxNode, scope: Scope, frame: Frame): readonly (Operand | undefined)[] => {
    const inputs = node.inputs.map((name, i) => {
      const value = scope.get(name);
      if (value === undefined && name !== '') {
        throw new DataError(
          `${nodeName(node)}: nothing before it computes its input ${i + 1}, '${name}'; the file is damaged, or that output of an operator is not imported`,
        );
      }
      return value?.kind === 'stored' ? ownCopy(value, node, i) : value;
    });
    const attributes = resolved(node.attributes, frame.attributes);
    const own = graph.functions.get(`${node.domain}.${node.type}`);
    if (own !== undefined) {
      const inner: Scope = new Map();
      own.inputs.forEach((name, i) => {
        if (inputs[i] !== undefined) inner.set(name, inputs[i]);
      });
      const given = new Map([...own.defaults, ...attributes]);
      run(own.nodes, inner, { opset: own.opset, attributes: given, depth: frame.depth + 1 });
      return own.outputs.map((name) => inner.get(name));
    }
    const parts: CallParts = {
      node,
      opset: frame.opset,
      batch: bindings.batch,
      share: () => share(node),
      inputs,
      attributes,
      lift,
      read,
      note: bindings.note ?? (() => undefined),
      branch(subgraph: OnnxSubgraph) {
        const inner: Scope = new Map(scope);
        for (const [name, array] of subgraph.initializers) inner.set(name, initial(name, array));
        run(subgraph.nodes, inner, { ...frame, depth: frame.depth + 1 });
        return subgraph.outputs.map(({ name }) => inner.get(name)!);
      },
    };
    const operator = operatorOf(node);
    return guarded(node, () => folded(operator, parts) ?? applied(operator, parts));
  };
  return { run, initial, lift };
}

/** The outputs of a node as graphs. Throws DataError for arrays without entries, and for those of a size that no network has. */
function applied(operator: Operator, parts: CallParts): readonly Operand[] {
  const call = callOf(parts);
  const values = operandsOf(operator.apply(call), parts);
  for (const value of values) {
    if (value.kind !== 'computed') continue;
    const { shape } = value.tensor;
    if (shape.includes(0)) call.fail(`it makes an array of shape [${shape.join(', ')}], which has no entries`);
    checkSize(call, shape);
  }
  return values;
}

const resolved = (
  own: ReadonlyMap<string, OnnxAttribute>,
  given: ReadonlyMap<string, OnnxAttribute>,
): ReadonlyMap<string, OnnxAttribute> => {
  if (![...own.values()].some(({ kind }) => kind === 'reference')) return own;
  return new Map(
    [...own].flatMap(([name, attribute]): [string, OnnxAttribute][] => {
      const value = attribute.kind === 'reference' ? given.get(attribute.value) : attribute;
      return value === undefined ? [] : [[name, value]];
    }),
  );
};

/** What the operations themselves refuse is said of the node. */
function guarded<T>(node: OnnxNode, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof DataError || !(error instanceof TinySubspaceError)) throw error;
    throw new DataError(`${nodeName(node)}: ${error.message}`, { cause: error });
  }
}

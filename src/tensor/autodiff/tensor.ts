import { UsageError } from '../../errors.js';

/** A length that is known when the graph runs: n, the number of samples of a batch, or a multiple: samples merged with other axes. */
export type CountedDim = 'n' | `${number}n`;
/** The length of an axis: a number, or one that follows from the number of samples. */
export type Dim = number | CountedDim;
export type Shape = readonly Dim[];

/** Is the length known only when the graph runs? */
export function isCounted(dim: Dim): dim is CountedDim {
  return typeof dim === 'string';
}

/** `factor` · n; `'n'` for 1. */
export function counted(factor: number): CountedDim {
  return factor === 1 ? 'n' : `${factor}n`;
}

/** The length at n samples. At n = 1 it is the factor of n, or the number that it is. */
export function lengthOf(dim: Dim, samples: number): number {
  if (!isCounted(dim)) return dim;
  return dim === 'n' ? samples : Number(dim.slice(0, -1)) * samples;
}

/** The geometry of a two-dimensional convolution: sizes of the padded axes, in the order vertical, horizontal. */
export interface Geometry {
  /** Height and width of the input, of the kernel, of the output. */
  readonly input: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly output: readonly [number, number];
  readonly strides: readonly [number, number];
  /** How far apart the kernel's rows and columns lie in the input. */
  readonly dilations: readonly [number, number];
  /** Zeros before the first row and column; those after the last follow from the sizes. */
  readonly padding: readonly [number, number];
  /** Channels and filters are cut into so many groups; a filter meets the channels of its group only. */
  readonly groups: number;
}

/** Every operation there is, with its attributes. Each has a VJP and a JVP written in the same operations (rules.ts). */
export type Operation =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'add' | 'multiply' | 'negate' }
  | { readonly kind: 'exp' | 'log' | 'log1p' | 'tanh' | 'sechSquared' | 'sigmoid' | 'softplus' }
  | { readonly kind: 'relu' | 'step' | 'reciprocal' | 'sqrt' }
  | { readonly kind: 'sin' | 'cos' | 'erf' | 'absolute' | 'sign' | 'floor' | 'ceil' | 'round' }
  | { readonly kind: 'power'; readonly exponent: number }
  | { readonly kind: 'greater' | 'equal' | 'where' }
  | { readonly kind: 'detach' }
  | { readonly kind: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly kind: 'sum'; readonly axes: readonly number[] }
  | { readonly kind: 'max' | 'firstMaximum' | 'softmax' | 'concat'; readonly axis: number }
  | { readonly kind: 'broadcast' | 'reshape' }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  | { readonly kind: 'select'; readonly axis: number; readonly indices: readonly number[] }
  | { readonly kind: 'convolve' | 'convolveInput' | 'convolveKernel'; readonly geometry: Geometry }
  | { readonly kind: 'maxPoolIndices'; readonly geometry: Geometry }
  | { readonly kind: 'gather' | 'scatter' }
  | { readonly kind: 'take' | 'addRows' }
  | { readonly kind: 'oneHot'; readonly count: number };

export type OperationKind = Operation['kind'];

/** A node of an expression graph: a value that is known when the graph runs. Immutable; graphs are shared, never changed. */
export interface Tensor {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
}

export function tensor(operation: Operation, inputs: readonly Tensor[], shape: Shape): Tensor {
  return { operation, inputs, shape };
}

/** A value given when the graph runs: data (with an axis `'n'`), a parameter, or a direction. */
export function input(name: string, shape: Shape): Tensor {
  return tensor({ kind: 'input', name }, [], shape);
}

/** A number, of shape []. */
export function constant(value: number): Tensor {
  return tensor({ kind: 'constant', value }, [], []);
}

export function constantValue({ operation }: Tensor): number | undefined {
  return operation.kind === 'constant' ? operation.value : undefined;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** NumPy's rule: shapes are aligned at their last axes, and an axis of length 1 stretches. Throws UsageError where they differ. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i): Dim => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) {
      throw new UsageError(`shapes ${showShape(a)} and ${showShape(b)} do not broadcast: axes must agree or be 1`);
    }
    return x === 1 ? y : x;
  });
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** A key that tells operations, numbers and shapes apart. JSON has neither −0 nor infinities, which are told apart here. */
export function keyOf(parts: unknown): string {
  return JSON.stringify(parts, (_, value: unknown) => {
    if (Object.is(value, -0)) return '-0';
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}

/** The number of entries: a factor, and whether it is to be multiplied by n. Throws UsageError where n appears twice. */
export function entries(shape: Shape): { readonly factor: number; readonly perSample: boolean } {
  const symbolic = shape.filter(isCounted).length;
  if (symbolic > 1) throw new UsageError(`a shape may hold n once, received ${showShape(shape)}`);
  return { factor: shape.reduce<number>((p, dim) => p * lengthOf(dim, 1), 1), perSample: symbolic === 1 };
}

/** Every tensor the outputs depend on, each once, inputs first. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const state = new Map<Tensor, 'open' | 'done'>();
  const stack = [...outputs].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const seen = state.get(node);
    if (seen === undefined) {
      state.set(node, 'open');
      for (let i = node.inputs.length - 1; i >= 0; i--) if (!state.has(node.inputs[i]!)) stack.push(node.inputs[i]!);
    } else {
      stack.pop();
      if (seen === 'open') {
        state.set(node, 'done');
        order.push(node);
      }
    }
  }
  return order;
}

/** The inputs among some nodes by name. Throws UsageError where one name stands for two shapes. */
export function inputShapes(nodes: Iterable<Pick<Tensor, 'operation' | 'shape'>>): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const { operation, shape } of nodes) {
    if (operation.kind !== 'input') continue;
    const known = shapes.get(operation.name) ?? shape;
    if (!sameShape(known, shape)) {
      throw new UsageError(
        `two inputs are named '${operation.name}', of shapes ${showShape(known)} and ${showShape(shape)}; a name has one shape`,
      );
    }
    shapes.set(operation.name, shape);
  }
  return shapes;
}

import { UsageError } from '../../errors.js';
import { interpretConvolve, interpretInput, interpretKernel, interpretPoolIndices } from './interpreter-convolution.js';
import { errorFunction } from './error-function.js';
import {
  interpretAddRows,
  interpretConcat,
  interpretMatmul,
  interpretSoftmax,
  interpretTake,
} from './interpreter-arrays.js';
import { flat, permuted, position, replaced, stretched } from './positions.js';
import { size, type Value } from './value.js';
import { inputShapes, lengthOf, showShape, topologicalOrder, type Tensor } from './tensor.js';

/**
 * Runs a graph in plain float64 loops, one operation after the other: slow, and the reference for everything that is fast.
 *
 * `bindings`: entries of every input tensor by name; `samples`: n. Throws UsageError for an input that is missing, has not the
 * right number of entries, or shares its name with another shape.
 */
export function interpret(
  outputs: readonly Tensor[],
  bindings: Readonly<Record<string, ArrayLike<number>>>,
  samples = 1,
): Value[] {
  const values = new Map<Tensor, Value>();
  const order = topologicalOrder(outputs);
  inputShapes(order);
  for (const node of order) {
    const shape = node.shape.map((dim) => lengthOf(dim, samples));
    const inputs = node.inputs.map((input) => values.get(input)!);
    const data =
      node.operation.kind === 'input' ? bound(node, shape, bindings) : evaluate(node.operation, inputs, shape);
    values.set(node, { shape, data });
  }
  return outputs.map((output) => values.get(output)!);
}

function bound(
  { operation }: Tensor,
  shape: readonly number[],
  bindings: Readonly<Record<string, ArrayLike<number>>>,
): Float64Array {
  const { name } = operation as { readonly name: string };
  const given = bindings[name];
  if (given?.length !== size(shape)) {
    throw new UsageError(
      `input '${name}' needs ${size(shape)} numbers for shape ${showShape(shape)}, received ${given?.length ?? 'none'}`,
    );
  }
  return Float64Array.from(given);
}

const entrywise: Partial<Record<string, (x: number) => number>> = {
  negate: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sechSquared: (x) => 1 / Math.cosh(x) ** 2,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  relu: (x) => Math.max(x, 0),
  step: (x) => (x > 0 ? 1 : 0),
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  erf: errorFunction,
  absolute: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: (x) => (x % 1 === 0.5 || x % 1 === -0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  detach: (x) => x,
};

function evaluate(operation: Tensor['operation'], inputs: readonly Value[], shape: readonly number[]): Float64Array {
  const [a, b, c] = inputs as readonly [Value, Value, Value];
  const fill = (entry: (index: number) => number): Float64Array =>
    Float64Array.from({ length: size(shape) }, (_, i) => entry(i));
  switch (operation.kind) {
    case 'constant':
      return Float64Array.of(operation.value);
    case 'add':
      return fill((i) => a.data[stretched(i, shape, a.shape)]! + b.data[stretched(i, shape, b.shape)]!);
    case 'multiply':
      return fill((i) => a.data[stretched(i, shape, a.shape)]! * b.data[stretched(i, shape, b.shape)]!);
    case 'greater':
      return fill((i) => Number(a.data[stretched(i, shape, a.shape)]! > b.data[stretched(i, shape, b.shape)]!));
    case 'equal':
      return fill((i) => {
        const other = b.data[stretched(i, shape, b.shape)]!;
        return Number(other === a.data[stretched(i, shape, a.shape)]);
      });
    case 'where':
      return fill((i) => {
        const condition = a.data[stretched(i, shape, a.shape)]!;
        const taken = condition === 0 ? c : b;
        return taken.data[stretched(i, shape, taken.shape)]!;
      });
    case 'power':
      return a.data.map((x) => x ** operation.exponent);
    case 'matmul':
      return interpretMatmul(a, b, operation, shape);
    case 'softmax':
      return interpretSoftmax(a, operation.axis);
    case 'concat':
      return interpretConcat(inputs, operation.axis, shape);
    case 'take':
      return interpretTake(a, b, shape);
    case 'addRows':
      return interpretAddRows(a, b, shape);
    case 'oneHot':
      return fill((i) => Number(i % operation.count === a.data[Math.floor(i / operation.count)]));
    case 'sum': {
      const result = new Float64Array(size(shape));
      a.data.forEach((x, i) => (result[stretched(i, a.shape, shape)]! += x));
      return result;
    }
    case 'broadcast':
      return fill((i) => a.data[stretched(i, shape, a.shape)]!);
    case 'reshape':
      return a.data.slice();
    case 'transpose':
      return fill((i) => {
        const at = position(i, shape);
        return a.data[flat(permuted(at, operation.permutation), a.shape)]!;
      });
    case 'select':
      return fill((i) => {
        const at = position(i, shape);
        const from = operation.indices[at[operation.axis]!]!;
        return from < 0 ? 0 : a.data[flat(replaced(at, operation.axis, from), a.shape)]!;
      });
    case 'max':
      return fill((i) => a.data[largestAlong(position(i, shape), operation.axis, a)]!);
    case 'firstMaximum':
      return fill((i) => (largestAlong(position(i, shape), operation.axis, a) === i ? 1 : 0));
    case 'convolve':
      return interpretConvolve(a, b, operation.geometry);
    case 'convolveInput':
      return interpretInput(a, b, operation.geometry);
    case 'convolveKernel':
      return interpretKernel(a, b, operation.geometry);
    case 'maxPoolIndices':
      return interpretPoolIndices(a, operation.geometry);
    case 'gather':
      return fill((i) => a.data[b.data[i]!]!);
    case 'scatter': {
      const result = new Float64Array(size(shape));
      b.data.forEach((index, i) => (result[index]! += a.data[i]!));
      return result;
    }
    default:
      return a.data.map(entrywise[operation.kind]!);
  }
}

/** The flat index of the first of the largest entries along the axis through `at`. */
function largestAlong(at: readonly number[], axis: number, { data, shape }: Value): number {
  let best = flat(replaced(at, axis, 0), shape);
  for (let i = 1; i < shape[axis]!; i++) {
    const index = flat(replaced(at, axis, i), shape);
    if (data[index]! > data[best]!) best = index;
  }
  return best;
}

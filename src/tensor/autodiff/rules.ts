import { broadcast } from './broadcast.js';
import { where } from './comparison.js';
import { convolveWith, convolveInput, convolveKernel } from './convolution.js';
import {
  add,
  cos,
  exp,
  multiply,
  negate,
  power,
  reciprocal,
  scale,
  sechSquared,
  sigmoid,
  sign,
  sin,
  square,
  step,
  subtract,
  tanh,
} from './elementwise.js';
import { addRows, take } from './indexing.js';
import { concat } from './joining.js';
import { matmul } from './matmul.js';
import { gather, scatter } from './pooling.js';
import { firstMaximum, pad, reshape, select, slice, sum, sumTo, transpose } from './shaping.js';
import { constant, type Geometry, type Operation, type OperationKind, type Tensor } from './tensor.js';

/** A derivative that is zero is left out, and costs nothing. */
export type Derivative = Tensor | undefined;

/**
 * The derivative rules of one operation y = f(x_1, …), written in the operations themselves:
 * - `vjp(y, ȳ)`: the cotangents (∂y/∂x_i)ᵀ ȳ, one for each input, in its shape;
 * - `jvp(y, ẋ)`: the tangent Σ (∂y/∂x_i) ẋ_i, in the shape of y.
 */
export interface DerivativeRule {
  readonly vjp: (y: Tensor, cotangent: Tensor) => readonly Derivative[];
  readonly jvp: (y: Tensor, tangents: readonly Derivative[]) => Derivative;
}

/** f′(x) for a function of each entry. */
function entrywise(derivative: (x: Tensor, y: Tensor) => Tensor): DerivativeRule {
  return {
    vjp: (y, cotangent) => [multiply(cotangent, derivative(y.inputs[0]!, y))],
    jvp: (y, [dx]) => dx && multiply(dx, derivative(y.inputs[0]!, y)),
  };
}

/** A linear map and its adjoint. */
function linear(map: (dx: Tensor, y: Tensor) => Tensor, adjoint: (dy: Tensor, y: Tensor) => Tensor): DerivativeRule {
  return {
    vjp: (y, cotangent) => [adjoint(cotangent, y)],
    jvp: (y, [dx]) => dx && map(dx, y),
  };
}

/** A product that is linear in each of two factors, with the adjoints by either. */
function bilinear(
  map: (a: Tensor, b: Tensor, y: Tensor) => Tensor,
  byFirst: (dy: Tensor, b: Tensor, y: Tensor) => Tensor,
  bySecond: (a: Tensor, dy: Tensor, y: Tensor) => Tensor,
): DerivativeRule {
  return {
    vjp: (y, cotangent) => [byFirst(cotangent, y.inputs[1]!, y), bySecond(y.inputs[0]!, cotangent, y)],
    jvp: (y, [da, db]) => plus(da && map(da, y.inputs[1]!, y), db && map(y.inputs[0]!, db, y)),
  };
}

/** Zero derivative. */
const flat: DerivativeRule = { vjp: (y) => y.inputs.map(() => undefined), jvp: () => undefined };

export function plus(a: Derivative, b: Derivative): Derivative {
  return a === undefined ? b : b === undefined ? a : add(a, b);
}

function attributes<K extends OperationKind>(y: Tensor, kind: K): Extract<Operation, { kind: K }> {
  if (y.operation.kind !== kind) throw new TypeError(`rule of ${kind} applied to ${y.operation.kind}`);
  return y.operation as Extract<Operation, { kind: K }>;
}

const geometryOf = (y: Tensor): Geometry => (y.operation as Extract<Operation, { geometry: Geometry }>).geometry;

const transposedMatmul: DerivativeRule = bilinear(
  (a, b, y) => matmul(a, b, attributes(y, 'matmul')),
  (dy, b, y) => {
    const { transposeA, transposeB } = attributes(y, 'matmul');
    const byFirst = transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB });
    return sumTo(byFirst, y.inputs[0]!.shape);
  },
  (a, dy, y) => {
    const { transposeA, transposeB } = attributes(y, 'matmul');
    const bySecond = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dy, { transposeA: !transposeA });
    return sumTo(bySecond, y.inputs[1]!.shape);
  },
);

const inverse = (permutation: readonly number[]): number[] => permutation.map((_, axis) => permutation.indexOf(axis));

const axisOf = ({ operation }: Tensor): number => (operation as { readonly axis: number }).axis;

/** (diag y − y yᵀ) d along the axis of y = softmax(x): its own adjoint. */
const softmaxSlope = (d: Tensor, y: Tensor): Tensor => multiply(y, subtract(d, sum(multiply(y, d), [axisOf(y)])));

/** Where each of the tensors that are joined begins, and where the last one ends. */
const beginnings = (y: Tensor): number[] =>
  y.inputs.reduce((ends, { shape }) => [...ends, ends.at(-1)! + (shape[axisOf(y)] as number)], [0]);

/** Where a selection takes each entry of its input; −1 where nowhere. */
const selectedFrom = (indices: readonly number[], length: number): number[] => {
  const places = new Array<number>(length).fill(-1);
  indices.forEach((index, j) => {
    if (index >= 0) places[index] = j;
  });
  return places;
};

export const rules: Readonly<Record<OperationKind, DerivativeRule>> = {
  input: flat,
  constant: flat,
  step: flat,
  detach: flat,
  firstMaximum: flat,
  maxPoolIndices: flat,
  sign: flat,
  floor: flat,
  ceil: flat,
  round: flat,
  greater: flat,
  equal: flat,
  oneHot: flat,
  add: {
    vjp: ({ inputs }, cotangent) => inputs.map(({ shape }) => sumTo(cotangent, shape)),
    jvp: (y, [da, db]) => {
      const sumOfBoth = plus(da, db);
      return sumOfBoth && broadcast(sumOfBoth, y.shape);
    },
  },
  multiply: {
    vjp: ({ inputs: [a, b] }, cotangent) => [
      sumTo(multiply(cotangent, b!), a!.shape),
      sumTo(multiply(a!, cotangent), b!.shape),
    ],
    jvp: ({ inputs: [a, b] }, [da, db]) => plus(da && multiply(da, b!), db && multiply(a!, db)),
  },
  negate: linear(negate, negate),
  exp: entrywise((_, y) => y),
  log: entrywise((x) => reciprocal(x)),
  log1p: entrywise((x) => reciprocal(add(constant(1), x))),
  // Differences such as 1 − tanh² and 1 − σ are written without subtraction: near saturation it would leave rounding only.
  tanh: entrywise((x) => sechSquared(x)),
  sechSquared: entrywise((x, y) => scale(multiply(tanh(x), y), -2)),
  sigmoid: entrywise((x, y) => multiply(y, sigmoid(negate(x)))),
  softplus: entrywise((x) => sigmoid(x)),
  relu: entrywise((x) => step(x)),
  reciprocal: entrywise((_, y) => negate(square(y))),
  sqrt: entrywise((_, y) => scale(reciprocal(y), 0.5)),
  sin: entrywise((x) => cos(x)),
  cos: entrywise((x) => negate(sin(x))),
  erf: entrywise((x) => scale(exp(negate(square(x))), 2 / Math.sqrt(Math.PI))),
  absolute: entrywise((x) => sign(x)),
  power: entrywise((x, y) => {
    const { exponent } = attributes(y, 'power');
    return scale(power(x, exponent - 1), exponent);
  }),
  where: {
    vjp: ({ inputs: [condition, a, b] }, cotangent) => [
      undefined,
      sumTo(where(condition!, cotangent, constant(0)), a!.shape),
      sumTo(where(condition!, constant(0), cotangent), b!.shape),
    ],
    jvp: ({ inputs: [condition], shape }, [, da, db]) =>
      (da ?? db) && broadcast(where(condition!, da ?? constant(0), db ?? constant(0)), shape),
  },
  matmul: transposedMatmul,
  sum: linear(
    (dx, y) => sum(dx, attributes(y, 'sum').axes),
    (dy, y) => broadcast(dy, y.inputs[0]!.shape),
  ),
  broadcast: linear(
    (dx, y) => broadcast(dx, y.shape),
    (dy, y) => sumTo(dy, y.inputs[0]!.shape),
  ),
  reshape: linear(
    (dx, y) => reshape(dx, y.shape),
    (dy, y) => reshape(dy, y.inputs[0]!.shape),
  ),
  transpose: linear(
    (dx, y) => transpose(dx, attributes(y, 'transpose').permutation),
    (dy, y) => transpose(dy, inverse(attributes(y, 'transpose').permutation)),
  ),
  select: linear(
    (dx, y) => select(dx, attributes(y, 'select').axis, attributes(y, 'select').indices),
    (dy, y) => {
      const { axis, indices } = attributes(y, 'select');
      return select(dy, axis, selectedFrom(indices, y.inputs[0]!.shape[axis] as number));
    },
  ),
  softmax: linear(softmaxSlope, softmaxSlope),
  concat: {
    vjp: (y, cotangent) => {
      const ends = beginnings(y);
      return y.inputs.map((_, i) => slice(cotangent, axisOf(y), ends[i]!, ends[i + 1]!));
    },
    jvp: (y, tangents) => {
      const [ends, axis] = [beginnings(y), axisOf(y)];
      const moved = tangents.findIndex((dx) => dx !== undefined);
      const isAlone = tangents.filter((dx) => dx !== undefined).length === 1;
      if (isAlone) return pad(tangents[moved]!, axis, ends[moved]!, ends.at(-1)! - ends[moved + 1]!);
      return concat(
        y.inputs.map(({ shape }, i) => tangents[i] ?? broadcast(constant(0), shape)),
        axis,
      );
    },
  },
  max: {
    vjp: ({ inputs: [x], operation }, cotangent) => [
      multiply(cotangent, firstMaximum(x!, (operation as { axis: number }).axis)),
    ],
    jvp: ({ inputs: [x], operation }, [dx]) => {
      const { axis } = operation as { axis: number };
      return dx && sum(multiply(dx, firstMaximum(x!, axis)), [axis]);
    },
  },
  convolve: bilinear(
    (x, w, y) => convolveWith(x, w, geometryOf(y)),
    (dy, w, y) => convolveInput(dy, w, geometryOf(y)),
    (x, dy, y) => convolveKernel(x, dy, geometryOf(y)),
  ),
  convolveInput: bilinear(
    (y, w, x) => convolveInput(y, w, geometryOf(x)),
    (dx, w, x) => convolveWith(dx, w, geometryOf(x)),
    (y, dx, x) => convolveKernel(dx, y, geometryOf(x)),
  ),
  convolveKernel: bilinear(
    (x, y, w) => convolveKernel(x, y, geometryOf(w)),
    (dw, y, w) => convolveInput(y, dw, geometryOf(w)),
    (x, dw, w) => convolveWith(x, dw, geometryOf(w)),
  ),
  gather: {
    vjp: ({ inputs: [x, indices] }, cotangent) => [scatter(cotangent, indices!, x!.shape), undefined],
    jvp: ({ inputs: [, indices] }, [dx]) => dx && gather(dx, indices!),
  },
  take: {
    vjp: ({ inputs: [table, indices] }, cotangent) => [
      addRows(cotangent, indices!, table!.shape[0] as number),
      undefined,
    ],
    jvp: ({ inputs: [, indices] }, [dx]) => dx && take(dx, indices!),
  },
  addRows: {
    vjp: ({ inputs: [, indices] }, cotangent) => [take(cotangent, indices!), undefined],
    jvp: ({ inputs: [, indices], shape }, [dy]) => dy && addRows(dy, indices!, shape[0] as number),
  },
  scatter: {
    vjp: ({ inputs: [, indices] }, cotangent) => [gather(cotangent, indices!), undefined],
    jvp: ({ inputs: [, indices], shape }, [dy]) => dy && scatter(dy, indices!, shape),
  },
};

import { broadcast, entrywise, unstretched } from './broadcast.js';
import { broadcastShape, constant, constantValue, sameShape, tensor, type Shape, type Tensor } from './tensor.js';

type Unary =
  | 'exp'
  | 'log'
  | 'log1p'
  | 'tanh'
  | 'sechSquared'
  | 'sigmoid'
  | 'softplus'
  | 'relu'
  | 'step'
  | 'reciprocal'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'erf'
  | 'absolute'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'detach';

const unary =
  (kind: Unary) =>
  (x: Tensor): Tensor =>
    entrywise({ kind }, [x]);

/** e^x. */
export const exp = unary('exp');
/** log x, natural. */
export const log = unary('log');
/** log(1 + x), accurate for small x too. */
export const log1p = unary('log1p');
/** tanh x = (e^x − e^−x)/(e^x + e^−x). */
export const tanh = unary('tanh');
/** 1 − tanh² x, the derivative of tanh, accurate where tanh x is near ±1 too. */
export const sechSquared = unary('sechSquared');
/** 1/(1 + e^−x). */
export const sigmoid = unary('sigmoid');
/** log(1 + e^x), without overflow. */
export const softplus = unary('softplus');
/** max(x, 0); its derivative is step(x), 0 at 0. */
export const relu = unary('relu');
/** 1 where x > 0, else 0; its derivative is 0. */
export const step = unary('step');
/** 1/x. */
export const reciprocal = unary('reciprocal');
/** √x. */
export const sqrt = unary('sqrt');
/** sin x. */
export const sin = unary('sin');
/** cos x. */
export const cos = unary('cos');
/** (2/√π) ∫₀ˣ e^{−t²} dt. */
export const erf = unary('erf');
/** |x|; its derivative is sign(x), 0 at 0. */
export const absolute = unary('absolute');
/** −1, 0 or 1; its derivative is 0. */
export const sign = unary('sign');
/** The largest integer that is not above x; its derivative is 0. */
export const floor = unary('floor');
/** The smallest integer that is not below x; its derivative is 0. */
export const ceil = unary('ceil');
/** The nearest integer, the even one of two; its derivative is 0. */
export const round = unary('round');
/** x, taken as a constant by every derivative. */
export const detach = unary('detach');

/**
 * a + b, with NumPy's broadcasting. Zeros are left out, negations moved outwards; to products of rows it is added before they are given
 * another shape, so that sum and product are one.
 */
export function add(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  const [first, second] = [asRows(a, b), asRows(b, a)];
  if (first !== undefined && second !== undefined) return tensor({ kind: 'reshape' }, [add(first, second)], shape);
  const [x, y] = [number(a), number(b)];
  if (x !== undefined && y !== undefined) return broadcast(constant(x + y), shape);
  if (x === 0) return broadcast(b, shape);
  if (y === 0) return broadcast(a, shape);
  if (isNegated(a, shape) && isNegated(b, shape)) return negate(add(a.inputs[0]!, b.inputs[0]!));
  return entrywise({ kind: 'add' }, [a, b]);
}

/** a b entry by entry, with NumPy's broadcasting. Numbers are multiplied at once, negations moved outwards. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  const [x, y] = [number(a), number(b)];
  if (x !== undefined) return broadcast(scale(b, x), shape);
  if (y !== undefined) return broadcast(scale(a, y), shape);
  if (isNegated(a, shape)) return negate(multiply(a.inputs[0]!, b));
  if (isNegated(b, shape)) return negate(multiply(a, b.inputs[0]!));
  return entrywise({ kind: 'multiply' }, [a, b]);
}

/** x by a number. */
export function scale(x: Tensor, factor: number): Tensor {
  const value = number(x);
  if (value !== undefined) return broadcast(constant(value * factor), x.shape);
  if (factor === 1) return x;
  if (factor === -1) return negate(x);
  const { operation, inputs } = unstretched(x);
  if (operation.kind === 'negate') return broadcast(scale(inputs[0]!, -factor), x.shape);
  const before = operation.kind === 'multiply' ? constantValue(inputs[0]!) : undefined;
  if (before !== undefined) return broadcast(scale(inputs[1]!, before * factor), x.shape);
  return entrywise({ kind: 'multiply' }, [constant(factor), x]);
}

/** −x. */
export function negate(x: Tensor): Tensor {
  const value = number(x);
  if (value !== undefined) return broadcast(constant(-value), x.shape);
  const { operation, inputs } = unstretched(x);
  if (operation.kind === 'negate') return broadcast(inputs[0]!, x.shape);
  const factor = operation.kind === 'multiply' ? constantValue(inputs[0]!) : undefined;
  return factor === undefined ? entrywise({ kind: 'negate' }, [x]) : broadcast(scale(inputs[1]!, -factor), x.shape);
}

/** a − b. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return add(a, negate(b));
}

/** a / b. */
export function divide(a: Tensor, b: Tensor): Tensor {
  return multiply(a, reciprocal(b));
}

/** x². */
export function square(x: Tensor): Tensor {
  return multiply(x, x);
}

/** x^p for a number p. */
export function power(x: Tensor, exponent: number): Tensor {
  switch (exponent) {
    case 0:
      return broadcast(constant(1), x.shape);
    case 1:
      return x;
    case 2:
      return square(x);
    case 0.5:
      return sqrt(x);
    case -1:
      return reciprocal(x);
    default:
      return entrywise({ kind: 'power', exponent }, [x]);
  }
}

/** The number all entries are, where x is a number or one stretched. */
const number = (x: Tensor): number | undefined => constantValue(unstretched(x));

/** The matrix whose rows x holds, where it is a product that x or the other addend is of; undefined where they are not to be added as matrices. */
function asRows(x: Tensor, other: Tensor): Tensor | undefined {
  const [own, product] = [productOfRows(x), productOfRows(other)];
  if (own !== undefined) return own;
  const isRow = x.shape.length === 1 && product !== undefined && x.shape[0] === product.shape[1];
  return isRow ? x : undefined;
}

/** The matrix product, or the sum with one, whose rows x holds under more axes. */
function productOfRows({ operation, inputs: [from], shape }: Tensor): Tensor | undefined {
  if (operation.kind !== 'reshape' || from!.shape.length !== 2 || shape.at(-1) !== from!.shape[1]) return undefined;
  return from!.operation.kind === 'matmul' || from!.operation.kind === 'add' ? from : undefined;
}

/** Is x a negation that may as well be done on a result of this shape? */
const isNegated = (x: Tensor, shape: Shape): boolean => x.operation.kind === 'negate' && sameShape(x.shape, shape);

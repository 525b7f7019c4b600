import { broadcastShape, constant, isConstant, sameShape, tensor, type Tensor } from './tensor.js';

type Unary = 'exp' | 'log' | 'tanh' | 'sigmoid' | 'softplus' | 'relu' | 'step' | 'reciprocal' | 'sqrt' | 'detach';

const unary =
  (kind: Unary) =>
  (x: Tensor): Tensor =>
    tensor({ kind }, [x], x.shape);

export const exp = unary('exp');
export const log = unary('log');
export const tanh = unary('tanh');
export const sigmoid = unary('sigmoid');
/** log(1 + e^x), without overflow. */
export const softplus = unary('softplus');
/** max(x, 0); its derivative is step(x), 0 at 0. */
export const relu = unary('relu');
/** 1 where x > 0, else 0; its derivative is 0. */
export const step = unary('step');
/** 1/x. */
export const reciprocal = unary('reciprocal');
export const sqrt = unary('sqrt');
/** x, taken as a constant by every derivative. */
export const detach = unary('detach');

/** a + b, with NumPy's broadcasting. */
export function add(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  if (isConstant(a, 0) && sameShape(b.shape, shape)) return b;
  if (isConstant(b, 0) && sameShape(a.shape, shape)) return a;
  const [x, y] = unstretched(a, b);
  return tensor({ kind: 'add' }, [x, y], shape);
}

/** a b entry by entry, with NumPy's broadcasting. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  if (isConstant(a, 1) && sameShape(b.shape, shape)) return b;
  if (isConstant(b, 1) && sameShape(a.shape, shape)) return a;
  if (a.operation.kind === 'constant' && b.operation.kind === 'constant') {
    return constant(a.operation.value * b.operation.value);
  }
  const [x, y] = unstretched(a, b);
  return tensor({ kind: 'multiply' }, [x, y], shape);
}

export function negate(x: Tensor): Tensor {
  if (x.operation.kind === 'negate') return x.inputs[0]!;
  return x.operation.kind === 'constant' ? constant(-x.operation.value) : tensor({ kind: 'negate' }, [x], x.shape);
}

/** a − b. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return add(a, negate(b));
}

/** a / b. */
export function divide(a: Tensor, b: Tensor): Tensor {
  return multiply(a, reciprocal(b));
}

export function square(x: Tensor): Tensor {
  return multiply(x, x);
}

/** x by a number. */
export function scale(x: Tensor, factor: number): Tensor {
  return multiply(constant(factor), x);
}

/** An operand that is only stretched to the shape of the other need not be: the operation stretches it. */
function unstretched(a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
  const shape = broadcastShape(a.shape, b.shape);
  const bare = (x: Tensor, other: Tensor): Tensor => {
    const inner = x.inputs[0];
    return x.operation.kind === 'broadcast' && sameShape(broadcastShape(inner!.shape, other.shape), shape) ? inner! : x;
  };
  const first = bare(a, b);
  return [first, bare(b, first)];
}

import {
  absolute,
  add,
  broadcast,
  ceil,
  constant,
  cos,
  divide,
  equal,
  erf,
  exp,
  floor,
  log,
  log1p,
  maximum,
  minimum,
  multiply,
  negate,
  power,
  reciprocal,
  round,
  scale,
  sign,
  sin,
  sqrt,
  square,
  subtract,
  where,
  greater,
  type Tensor,
} from '../../autodiff/index.js';
import { broadcastShape } from '../../autodiff/tensor.js';
import type { Call } from '../call.js';
import { isFloat } from '../element-type.js';
import type { Operator } from '../operator.js';
import { affinely, larger, quotient, remainder, smaller, times } from '../symbolic.js';
import { isUniform } from '../operand.js';

type Unary = (x: Tensor) => Tensor;
type Pair = (a: Tensor, b: Tensor) => Tensor;

const of = (name: string, help: string, apply: Unary, more: Partial<Operator> = {}): Operator => ({
  name,
  help,
  apply: (call) => apply(call.tensor(0)),
  ...more,
});
const ofTwo = (name: string, help: string, apply: Pair, more: Partial<Operator> = {}): Operator => ({
  name,
  help,
  apply: (call) => apply(call.tensor(0), call.tensor(1)),
  ...more,
});
const ofMany = (name: string, help: string, apply: Pair, more: Partial<Operator> = {}): Operator => ({
  name,
  help,
  apply: (call) => every(call).reduce(apply),
  ...more,
});

const every = (call: Call): Tensor[] => Array.from({ length: call.count }, (_, i) => call.tensor(i));

/** x towards 0. */
export const truncated = (x: Tensor): Tensor => multiply(sign(x), floor(absolute(x)));

/** x − y ⌊x/y⌋, of the sign of y; with fmod x − y trunc(x/y), of the sign of x. */
function modulo(call: Call): Tensor {
  const [x, y] = [call.tensor(0), call.tensor(1)];
  const ratio = divide(x, y);
  const whole = call.int('fmod', 0) === 1 ? truncated(ratio) : floor(ratio);
  return subtract(x, multiply(y, whole));
}

/** Different exponents that one array may hold: each is a power of its own. */
const mostExponents = 16;

/** A known number, or few of them, as exponent; or a known positive number to an exponent that is computed. */
function powerOf(call: Call): Tensor {
  const entriesOf = (i: number): Float64Array | undefined => {
    if (call.value(i).kind === 'computed') return undefined;
    const { data, samples } = call.known(i);
    return samples === undefined && data.length > 0 ? data : undefined;
  };
  const exponents = [...new Set(entriesOf(1) ?? [])];
  const shape = broadcastShape(call.shape(0), call.shape(1));
  if (exponents.length > 0 && exponents.length <= mostExponents) {
    const [first, ...others] = exponents as [number, ...number[]];
    const powers = others.reduce(
      (y, exponent) => where(equal(call.fixed(1), constant(exponent)), power(call.tensor(0), exponent), y),
      power(call.tensor(0), first),
    );
    return broadcast(powers, shape);
  }
  const base = entriesOf(0);
  if (base !== undefined && isUniform(base) && base[0]! > 0) {
    return broadcast(exp(scale(call.tensor(1), Math.log(base[0]!))), shape);
  }
  return call.fail(
    `an exponent must be known, with at most ${mostExponents} different entries, or the base one known positive number; write it as exp(y log x) where x > 0`,
  );
}

const half =
  (f: (positive: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    where(greater(constant(0), x), negate(f(absolute(x))), f(absolute(x)));

/** log(x + √(x² + 1)) for x ≥ 0, without loss near 0. */
const areaSine = (x: Tensor): Tensor =>
  log1p(add(x, divide(square(x), add(constant(1), sqrt(add(square(x), constant(1)))))));

const exponents = (x: Tensor, weight: number): Tensor => scale(add(exp(x), scale(exp(negate(x)), weight)), 0.5);

export const arithmeticOperators: readonly Operator[] = [
  ofTwo('Add', 'a + b', add, { linear: 'all' }),
  ofTwo('Sub', 'a − b', subtract, { linear: 'all' }),
  ofTwo('Mul', 'a b', multiply, { symbolic: affinely(times) }),
  {
    name: 'Div',
    help: 'a/b; integers towards 0',
    apply: (call) => {
      const ratio = divide(call.tensor(0), call.tensor(1));
      return isFloat(call.type()) ? ratio : truncated(ratio);
    },
    symbolic: affinely(quotient),
  },
  { name: 'Mod', help: 'the remainder of a division', apply: modulo, symbolic: affinely(remainder) },
  of('Neg', '−x', negate, { linear: 'all' }),
  of('Abs', '|x|', absolute),
  of('Sign', '−1, 0 or 1', sign),
  of('Floor', '⌊x⌋, with derivative 0', floor),
  of('Ceil', '⌈x⌉, with derivative 0', ceil),
  of('Round', 'to the nearest integer, halves to the even one, with derivative 0', round),
  of('Reciprocal', '1/x', reciprocal),
  of('Sqrt', '√x', sqrt),
  of('Exp', 'e^x', exp),
  of('Log', 'log x', log),
  of('Erf', '(2/√π) ∫₀ˣ e^{−t²} dt', erf),
  of('Sin', 'sin x', sin),
  of('Cos', 'cos x', cos),
  of('Tan', 'sin x/cos x', (x) => divide(sin(x), cos(x))),
  of('Sinh', '(e^x − e^{−x})/2', (x) => exponents(x, -1)),
  of('Cosh', '(e^x + e^{−x})/2', (x) => exponents(x, 1)),
  of('Asinh', 'log(x + √(x² + 1))', half(areaSine)),
  of('Acosh', 'log(x + √(x² − 1))', (x) => log(add(x, sqrt(subtract(square(x), constant(1)))))),
  of('Atanh', '½ log((1 + x)/(1 − x))', (x) => scale(subtract(log1p(x), log1p(negate(x))), 0.5)),
  {
    name: 'Pow',
    help: 'x^y',
    limits: 'exponents that are computed, unless the base is one known positive number',
    apply: powerOf,
  },
  ofMany('Sum', 'a + b + …', add, { linear: 'all' }),
  {
    name: 'Mean',
    help: '(a + b + …)/their number',
    apply: (call) => scale(every(call).reduce(add), 1 / call.count),
  },
  ofMany('Max', 'the largest of a, b, …', maximum, { symbolic: affinely(larger) }),
  ofMany('Min', 'the smallest of a, b, …', minimum, { symbolic: affinely(smaller) }),
];

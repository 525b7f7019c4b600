import {
  add,
  absolute,
  constant,
  divide,
  exp,
  geluErf,
  gelu,
  greater,
  maximum,
  minimum,
  multiply,
  relu,
  scale,
  sigmoid,
  softplus,
  subtract,
  tanh,
  where,
  type Tensor,
} from '../../autodiff/index.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';

const zero = constant(0);
const of = (
  name: string,
  help: string,
  apply: (x: Tensor, call: Call) => Tensor,
  more: Partial<Operator> = {},
): Operator => ({
  name,
  help,
  apply: (call) => apply(call.tensor(0), call),
  ...more,
});

/** positive(x) where x > 0, else negative(x), which is calculated of min(x, 0). */
const branches = (x: Tensor, positive: (x: Tensor) => Tensor, negative: (x: Tensor) => Tensor): Tensor => {
  const isPositive = greater(x, zero);
  return where(isPositive, positive(x), negative(where(isPositive, zero, x)));
};

/** e^x − 1 = tanh(x/2)(e^x + 1), without loss near 0. */
const expm1 = (x: Tensor): Tensor => multiply(tanh(scale(x, 0.5)), add(exp(x), constant(1)));

const exponential = (
  x: Tensor,
  { alpha, width = 1, gain = 1 }: { alpha: number; width?: number; gain?: number },
): Tensor =>
  branches(
    x,
    (y) => scale(y, gain),
    (y) => scale(expm1(scale(y, 1 / width)), alpha * gain),
  );

const hardSigmoid = (x: Tensor, alpha: number, beta: number): Tensor =>
  clipped(add(scale(x, alpha), constant(beta)), constant(0), constant(1));

/** x within bounds; at a bound the derivative is that of the bound. */
const clipped = (x: Tensor, low: Tensor | undefined, high: Tensor | undefined): Tensor => {
  const above = low === undefined ? x : maximum(x, low);
  return high === undefined ? above : minimum(above, high);
};

const clip = (x: Tensor, call: Call): Tensor => {
  if (call.opset < 11) {
    const [low, high] = [call.float('min', -Infinity), call.float('max', Infinity)];
    return clipped(x, constant(low), constant(high));
  }
  return clipped(x, call.has(1) ? call.fixed(1) : undefined, call.has(2) ? call.fixed(2) : undefined);
};

export const activationOperators: readonly Operator[] = [
  of('Relu', 'max(x, 0)', relu),
  of('LeakyRelu', 'x where x > 0, else αx', (x, call) =>
    branches(
      x,
      (y) => y,
      (y) => scale(y, call.float('alpha', 0.01)),
    ),
  ),
  of('PRelu', 'x where x > 0, else αx, α a parameter', (x, call) =>
    branches(
      x,
      (y) => y,
      (y) => multiply(y, call.tensor(1)),
    ),
  ),
  of('Elu', 'x where x > 0, else α(e^x − 1)', (x, call) => exponential(x, { alpha: call.float('alpha', 1) })),
  of('Selu', 'γ x where x > 0, else γα(e^x − 1)', (x, call) =>
    exponential(x, { alpha: call.float('alpha', 1.6732632423543772), gain: call.float('gamma', 1.0507009873554805) }),
  ),
  of('Celu', 'x where x > 0, else α(e^{x/α} − 1)', (x, call) =>
    exponential(x, { alpha: call.float('alpha', 1), width: call.float('alpha', 1) }),
  ),
  of('Sigmoid', '1/(1 + e^{−x})', sigmoid),
  of('Tanh', 'tanh x', tanh),
  of('Softplus', 'log(1 + e^x)', softplus),
  of('Softsign', 'x/(1 + |x|)', (x) => divide(x, add(constant(1), absolute(x)))),
  of('HardSigmoid', 'αx + β within 0 and 1', (x, call) =>
    hardSigmoid(x, call.float('alpha', 0.2), call.float('beta', 0.5)),
  ),
  of('HardSwish', 'x times (x/6 + ½ within 0 and 1)', (x) => multiply(x, hardSigmoid(x, 1 / 6, 0.5))),
  of('ThresholdedRelu', 'x where x > α, else 0', (x, call) =>
    where(greater(x, constant(call.float('alpha', 1))), x, zero),
  ),
  of('Mish', 'x tanh log(1 + e^x)', (x) => multiply(x, tanh(softplus(x))), { since: 18 }),
  of(
    'Gelu',
    'xΦ(x), or its form with tanh',
    (x, call) => (call.text('approximate', 'none') === 'tanh' ? gelu(x) : geluErf(x)),
    {
      since: 20,
    },
  ),
  of('Shrink', 'x moved towards 0 by a bias where |x| > λ, else 0', (x, call) => {
    const [bias, reach] = [constant(call.float('bias', 0)), constant(call.float('lambd', 0.5))];
    const below = where(greater(scale(reach, -1), x), add(x, bias), zero);
    return where(greater(x, reach), subtract(x, bias), below);
  }),
  of('Clip', 'x within two bounds', clip),
];

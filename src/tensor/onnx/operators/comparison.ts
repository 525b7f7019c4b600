import {
  absolute,
  add,
  constant,
  equal,
  greater,
  multiply,
  subtract,
  where,
  type Tensor,
} from '../../autodiff/index.js';
import type { Operator } from '../operator.js';
import { compared, affinely, same, type Binary } from '../symbolic.js';
import { computed } from '../operand.js';

const one = constant(1);
const not = (x: Tensor): Tensor => subtract(one, x);
/** 1 where x ≠ 0, else 0. */
export const notZero = (x: Tensor): Tensor => not(equal(x, constant(0)));

const test = (name: string, help: string, holds: (a: Tensor, b: Tensor) => Tensor, symbolic?: Binary): Operator => ({
  name,
  help: `${help}, as 1 or 0 with derivative 0`,
  apply: (call) => computed('bool', holds(call.tensor(0), call.tensor(1))),
  ...(symbolic && { symbolic: affinely(symbolic, 'bool') }),
});
const testOne = (name: string, help: string, holds: (x: Tensor) => Tensor): Operator => ({
  name,
  help: `${help}, as 1 or 0 with derivative 0`,
  apply: (call) => computed('bool', holds(call.tensor(0))),
});

export const comparisonOperators: readonly Operator[] = [
  test('Equal', 'a = b', equal, same),
  test(
    'Greater',
    'a > b',
    greater,
    compared((sign) => sign > 0),
  ),
  test(
    'Less',
    'a < b',
    (a, b) => greater(b, a),
    compared((sign) => sign < 0),
  ),
  test(
    'GreaterOrEqual',
    'a ≥ b',
    (a, b) => add(greater(a, b), equal(a, b)),
    compared((sign) => sign >= 0),
  ),
  test(
    'LessOrEqual',
    'a ≤ b',
    (a, b) => add(greater(b, a), equal(a, b)),
    compared((sign) => sign <= 0),
  ),
  test('And', 'a and b', multiply),
  test('Or', 'a or b', (a, b) => greater(add(a, b), constant(0))),
  test('Xor', 'either a or b', (a, b) => not(equal(a, b))),
  testOne('Not', 'not x', not),
  testOne('IsNaN', 'x is not a number', (x) => not(equal(x, x))),
  {
    name: 'IsInf',
    help: 'x is infinite, as 1 or 0 with derivative 0',
    apply: (call) => {
      const x = call.tensor(0);
      const [above, below] = [call.int('detect_positive', 1), call.int('detect_negative', 1)];
      const infinite = (at: number, y: Tensor): Tensor => (at === 0 ? constant(0) : equal(y, constant(at * Infinity)));
      return computed(
        'bool',
        above === 1 && below === 1 ? infinite(1, absolute(x)) : add(infinite(above, x), infinite(-below, x)),
      );
    },
  },
  {
    name: 'Where',
    help: 'a where the condition holds, else b',
    linear: [1, 2],
    apply: (call) => computed(call.type(1), where(call.tensor(0), call.tensor(1), call.tensor(2))),
  },
];

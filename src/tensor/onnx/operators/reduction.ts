import {
  absolute,
  add,
  exp,
  firstMaximum,
  isCounted,
  log,
  matmul,
  max,
  multiply,
  negate,
  reshape,
  select,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
} from '../../autodiff/index.js';
import { axesOf, moved, overCount, without } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';
import { affine, entriesOfKnown, ofAffine, times } from '../symbolic.js';
import { computed } from '../operand.js';

type Reduction = (x: Tensor, axes: readonly number[], call: Call) => Tensor;

/** Reduction along axes, which stay with length 1 unless `keepdims` is 0. */
const of = (name: string, help: string, reduce: Reduction, more: Partial<Operator> = {}): Operator => ({
  name,
  help,
  apply: (call) => {
    const x = call.tensor(0);
    const given = axesOf(call, 1, x.shape.length);
    const isAll = given === undefined || given.length === 0;
    if (isAll && call.int('noop_with_empty_axes', 0) === 1) return x;
    const axes = isAll ? x.shape.map((_, axis) => axis) : given;
    const y = reduce(x, axes, call);
    return call.int('keepdims', 1) === 1 ? y : without(y, axes);
  },
  ...more,
});

const overAxes =
  (each: (x: Tensor, axis: number, call: Call) => Tensor): Reduction =>
  (x, axes, call) =>
    axes.reduce((y, axis) => each(y, axis, call), x);

const known = (x: Tensor, axis: number, call: Call): number => {
  const length = x.shape[axis]!;
  return isCounted(length) ? call.fail('it reduces the axis of samples, which only sums and means do here') : length;
};

const largest = overAxes((x, axis, call) => (known(x, axis, call), max(x, axis)));
const smallest: Reduction = (x, axes, call) => negate(largest(negate(x), axes, call));

/** Products of more factors than this are refused: each is an operation of its own. */
const mostFactors = 256;

const productAlong = overAxes((x, axis, call) => {
  const length = known(x, axis, call);
  if (length > mostFactors) call.fail(`it multiplies ${length} entries; at most ${mostFactors} are expressed here`);
  return Array.from({ length }, (_, i) => select(x, axis, [i])).reduce(multiply);
});

const logSumExp: Reduction = (x, axes, call) => {
  const top = largest(x, axes, call);
  return add(top, log(sum(exp(subtract(x, top)), axes)));
};

/** The place of the first of the largest entries along an axis, or of the last. */
const placeOf = (of: (x: Tensor) => Tensor) => (call: Call) => {
  const x = of(call.tensor(0));
  const axis = call.axis(call.int('axis', 0), x.shape.length);
  const length = known(x, axis, call);
  const isLast = call.int('select_last_index', 0) === 1;
  const indices = Array.from({ length }, (_, i) => (isLast ? length - 1 - i : i));
  const places = call.constant(
    x.shape.map((_, i) => (i === axis ? length : 1)),
    Float64Array.from(indices),
  );
  const y = sum(multiply(firstMaximum(isLast ? select(x, axis, indices) : x, axis), places), [axis]);
  return computed('int64', call.int('keepdims', 1) === 1 ? y : without(y, [axis]));
};

/** Sums of the entries before and including each: a product with a triangle of ones. */
function cumulative(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = call.axis(call.number(1), x.shape.length);
  const length = known(x, axis, call);
  const [isReverse, isExclusive] = [call.int('reverse', 0) === 1, call.int('exclusive', 0) === 1];
  if (length > 4096) call.fail(`it runs along an axis of length ${length}; at most 4096 is expressed here`);
  const triangle = Float64Array.from({ length: length ** 2 }, (_, i) => {
    const [from, to] = [Math.floor(i / length), i % length];
    const distance = isReverse ? from - to : to - from;
    return Number(isExclusive ? distance > 0 : distance >= 0);
  });
  const rows = moved(x, axis, x.shape.length - 1);
  const flat = rows.shape.length === 1 ? reshape(rows, [1, ...rows.shape]) : rows;
  const sums = matmul(flat, call.constant([length, length], triangle));
  return moved(rows.shape.length === 1 ? reshape(sums, rows.shape) : sums, x.shape.length - 1, axis);
}

export const reductionOperators: readonly Operator[] = [
  of('ReduceSum', 'Σ x', sum, { linear: [0] }),
  of('ReduceMean', 'the mean', (x, axes, call) =>
    overCount(
      call,
      sum(x, axes),
      axes.map((axis) => x.shape[axis]!),
    ),
  ),
  of('ReduceMax', 'the largest entry', largest),
  of('ReduceMin', 'the smallest entry', smallest),
  of('ReduceProd', 'the product of the entries', productAlong, {
    limits: `more than ${mostFactors} factors`,
    symbolic: (call) => {
      const x = call.known(0);
      const all = axesOf(call, 1, x.shape.length) ?? x.shape.map((_, axis) => axis);
      if (all.length !== x.shape.length) call.fail('it multiplies lengths along some axes only');
      const result = entriesOfKnown(x).reduce((a, b) => times(a, b, call.fail), affine(1));
      return ofAffine({ type: x.type, shape: call.int('keepdims', 1) === 1 ? x.shape.map(() => 1) : [] }, [result]);
    },
  }),
  of('ReduceL1', 'Σ |x|', (x, axes) => sum(absolute(x), axes)),
  of('ReduceL2', '√Σ x²', (x, axes) => sqrt(sum(square(x), axes))),
  of('ReduceSumSquare', 'Σ x²', (x, axes) => sum(square(x), axes)),
  of('ReduceLogSum', 'log Σ x', (x, axes) => log(sum(x, axes))),
  of('ReduceLogSumExp', 'log Σ e^x', logSumExp),
  { name: 'ArgMax', help: 'the place of the largest entry, with derivative 0', apply: placeOf((x) => x) },
  { name: 'ArgMin', help: 'the place of the smallest entry, with derivative 0', apply: placeOf(negate) },
  { name: 'CumSum', help: 'sums of the entries up to each', limits: 'axes longer than 4096', apply: cumulative },
];

import {
  add,
  concat,
  constant,
  greater,
  isCounted,
  lengthOf,
  oneHot,
  reshape,
  scale,
  select,
  sum,
  take,
  transpose,
  where,
  broadcast,
  type Shape,
  type Tensor,
} from '../../autodiff/index.js';
import { checkSize, moved, picked, without } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';
import { entriesOfKnown } from '../symbolic.js';

/** Indices that count from the end where they are negative. */
const fromZero = (indices: Tensor, length: number): Tensor =>
  where(greater(constant(0), indices), add(indices, constant(length)), indices);

/** The known indices of an input, from 0, with their shape; undefined where they are computed. */
function knownIndices(call: Call, i: number, length: Shape[number]) {
  if (call.value(i).kind === 'computed') return undefined;
  const { data, shape } = call.known(i);
  if (isCounted(length)) return call.fail('it picks from the axis of samples; samples must not depend on one another');
  const indices = [...data].map((index) => (index < 0 ? index + length : index));
  const outside = [...data].find((_, k) => !(indices[k]! >= 0 && indices[k]! < length));
  if (outside !== undefined) call.fail(`index ${outside} is outside an axis of length ${length}`);
  return { indices, shape };
}

const fixedLength = (call: Call, length: Shape[number]): number =>
  isCounted(length) ? call.fail('it picks from the axis of samples; samples must not depend on one another') : length;

function gather(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = call.axis(call.int('axis', 0), x.shape.length);
  const length = x.shape[axis]!;
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const known = knownIndices(call, 1, length);
  if (known !== undefined) return reshape(picked(call, x, axis, known.indices), [...before, ...known.shape, ...after]);
  const indices = call.tensor(1);
  const rows = take(moved(x, axis, 0), fromZero(indices, fixedLength(call, length)));
  const rank = indices.shape.length;
  const order = [
    ...before.map((_, i) => rank + i),
    ...indices.shape.map((_, i) => i),
    ...after.map((_, i) => rank + axis + i),
  ];
  return transpose(rows, order);
}

/** One entry along an axis for each index: Σ_c x_c over the c that are the index. */
function gatherElements(call: Call): Tensor {
  const [x, indices] = [call.tensor(0), call.tensor(1)];
  const axis = call.axis(call.int('axis', 0), x.shape.length);
  const length = fixedLength(call, x.shape[axis]!);
  const part = indices.shape.reduce((y, dim, i) => {
    if (i === axis || dim === y.shape[i]) return y;
    return select(
      y,
      i,
      Array.from({ length: fixedLength(call, dim) }, (_, j) => j),
    );
  }, x);
  const last = part.shape.length;
  const rows = reshape(moved(part, axis, last - 1), [...part.shape.filter((_, i) => i !== axis), 1, length]);
  const units = oneHot(fromZero(moved(indices, axis, last - 1), length), length);
  checkSize(call, units.shape);
  return moved(without(sum(where(units, rows, constant(0)), [last]), [last]), last - 1, axis);
}

/** Entries or rows by the positions that the last axis of the indices says. */
function gatherND(call: Call): Tensor {
  const x = call.tensor(0);
  if (call.int('batch_dims', 0) !== 0) call.fail('batch_dims other than 0 are not expressed here');
  const indices = call.tensor(1);
  const depth = indices.shape.at(-1);
  if (typeof depth !== 'number') return call.fail('its indices must have a last axis of known length');
  const lengths = x.shape.slice(0, depth).map((dim) => fixedLength(call, dim));
  const at = lengths
    .map((length, i) => {
      const place = without(select(indices, indices.shape.length - 1, [i]), [indices.shape.length - 1]);
      return { length, place: fromZero(place, length) };
    })
    .reduce<Tensor>((flat, { length, place }) => add(scale(flat, length), place), constant(0));
  const rest = x.shape.slice(depth);
  return take(reshape(x, [lengths.reduce((product, length) => product * length, 1), ...rest]), at);
}

function sliced(call: Call): Tensor {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const old = call.opset < 10;
  const bounds = (name: string, i: number) =>
    old ? (call.ints(name) ?? []).map((fixed) => ({ fixed, samples: 0 })) : entriesOfKnown(call.known(i));
  const [starts, ends] = [bounds('starts', 1), bounds('ends', 2)];
  const axes = (old ? call.ints('axes') : call.has(3) ? call.numbers(3) : undefined) ?? starts.map((_, i) => i);
  const steps = !old && call.has(4) ? call.numbers(4) : starts.map(() => 1);
  return axes.reduce((y, at, i) => {
    const axis = call.axis(at, rank);
    const [start, end, step, length] = [starts[i]!, ends[i]!, steps[i]!, y.shape[axis]!];
    if (isCounted(length)) {
      const whole = lengthOf(length, 1);
      const reaches = end.samples === whole ? end.fixed === 0 : end.samples === 0 && end.fixed >= 2 ** 31 - 1;
      if (start.fixed === 0 && start.samples === 0 && step === 1 && reaches) return y;
      return call.fail('it takes a part of the axis of samples; samples must not depend on one another');
    }
    if (start.samples !== 0 || end.samples !== 0) return call.fail('its bounds depend on the number of samples');
    if (step === 0) return call.fail('a step of 0 is not legal');
    return select(y, axis, placesOf(start.fixed, end.fixed, step, length));
  }, x);
}

/** The places from `start` to before `end`, bounds counted from the end where they are negative, and clamped. */
function placesOf(start: number, end: number, step: number, length: number): number[] {
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamped = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + length : bound, low), high);
  const [from, to] = [clamped(start), clamped(end)];
  const count = Math.max(0, Math.ceil((to - from) / step));
  return Array.from({ length: count }, (_, i) => from + i * step);
}

function split(call: Call): Tensor[] {
  const x = call.tensor(0);
  const axis = call.axis(call.int('axis', 0), x.shape.length);
  const length = fixedLength(call, x.shape[axis]!);
  const parts = call.node.outputs.length;
  const given = call.has(1) ? call.numbers(1) : call.ints('split');
  const each = Math.ceil(length / parts);
  const lengths = given ?? Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(each, length - i * each)));
  if (lengths.reduce((total, part) => total + part, 0) !== length || lengths.some((part) => !(part >= 0))) {
    call.fail(`the parts [${lengths.join(', ')}] do not make up an axis of length ${length}`);
  }
  let at = 0;
  return lengths.map((part) => {
    const from = at;
    at += part;
    return select(
      x,
      axis,
      Array.from({ length: part }, (_, i) => from + i),
    );
  });
}

/** One after the other; what is the same for every sample is repeated for each beside what is not. */
function concatenated(call: Call): Tensor {
  const parts = Array.from({ length: call.count }, (_, i) => call.tensor(i));
  const rank = parts[0]!.shape.length;
  const axis = call.axis(call.int('axis', call.opset < 4 ? 1 : undefined), rank);
  const filled = parts.filter(({ shape }) => shape[axis] !== 0);
  if (filled.length === 0) return parts[0]!;
  const perSample = filled.find(({ shape }) => shape.some((dim, i) => i !== axis && isCounted(dim)));
  const place = perSample?.shape.findIndex((dim, i) => i !== axis && isCounted(dim)) ?? -1;
  const stretched = filled.map((x) => {
    const isShared = place >= 0 && x.shape[place] === 1 && x.shape.length === rank && call.batch === 1;
    return isShared
      ? broadcast(
          x,
          x.shape.map((dim, i) => (i === place ? perSample!.shape[place]! : dim)),
        )
      : x;
  });
  return concat(stretched, axis);
}

/** Numbers before and after the entries of axes: a value, or entries of the axis itself. */
function padded(call: Call): Tensor {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const old = call.opset < 11;
  const pads = old ? (call.ints('pads') ?? call.ints('paddings') ?? []) : call.numbers(1);
  const value = old ? call.float('value', 0) : call.has(2) ? call.number(2) : 0;
  const axes = (call.has(3) ? call.numbers(3) : x.shape.map((_, i) => i)).map((axis) => call.axis(axis, rank));
  const mode = call.text('mode', 'constant');
  return axes.reduce((y, axis, i) => {
    const [before, after, length] = [pads[i] ?? 0, pads[i + axes.length] ?? 0, y.shape[axis]!];
    if (before === 0 && after === 0) return y;
    const known = fixedLength(call, length);
    checkSize(
      call,
      y.shape.map((dim, k) => (k === axis ? Math.max(0, before + known + after) : dim)),
    );
    const places = Array.from({ length: before + known + after }, (_, k) => placeIn(mode, k - before, known, call));
    const moved = picked(call, y, axis, places);
    if (value === 0 || mode !== 'constant') return moved;
    const inside = call.constant(
      y.shape.map((_, k) => (k === axis ? places.length : 1)),
      Float64Array.from(places, (place) => Number(place >= 0)),
    );
    return where(inside, moved, constant(value));
  }, x);
}

function placeIn(mode: string, at: number, length: number, call: Call): number {
  if (at >= 0 && at < length) return at;
  switch (mode) {
    case 'constant':
      return -1;
    case 'edge':
      return at < 0 ? 0 : length - 1;
    case 'wrap':
      return ((at % length) + length) % length;
    case 'reflect': {
      const period = 2 * (length - 1);
      const place = period === 0 ? 0 : ((at % period) + period) % period;
      return place < length ? place : period - place;
    }
    default:
      return call.fail(`its mode '${mode}' is not known; legal are constant, reflect, edge and wrap`);
  }
}

function unitVectors(call: Call): Tensor {
  const indices = call.tensor(0);
  const count = call.number(1);
  if (!Number.isInteger(count) || count < 1) call.fail(`its depth is ${count}; legal are integers from 1`);
  checkSize(call, [...indices.shape, count]);
  const units = oneHot(fromZero(indices, count), count);
  const [off, on] = call.known(2).data as unknown as readonly [number, number];
  const values = add(scale(units, on - off), constant(off));
  const rank = indices.shape.length;
  return moved(values, rank, call.axis(call.int('axis', -1), rank + 1));
}

/** One triangle of the last two axes; the rest is 0. */
function triangle(call: Call): Tensor {
  const x = call.tensor(0);
  const [rows, columns] = x.shape.slice(-2).map((dim) => fixedLength(call, dim)) as [number, number];
  const shift = call.has(1) ? call.number(1) : 0;
  const isUpper = call.int('upper', 1) === 1;
  checkSize(call, [rows, columns]);
  const mask = Float64Array.from({ length: rows * columns }, (_, i) => {
    const distance = (i % columns) - Math.floor(i / columns) - shift;
    return Number(isUpper ? distance >= 0 : distance <= 0);
  });
  return where(call.constant([rows, columns], mask), x, constant(0));
}

export const indexingOperators: readonly Operator[] = [
  {
    name: 'Gather',
    help: 'slices along an axis by their numbers',
    limits: 'the axis of samples',
    linear: [0],
    apply: gather,
  },
  {
    name: 'GatherElements',
    help: 'one entry along an axis for each index',
    limits: 'the axis of samples',
    apply: gatherElements,
  },
  {
    name: 'GatherND',
    help: 'entries or slices by their positions',
    limits: 'the axis of samples, batch_dims',
    apply: gatherND,
  },
  { name: 'Slice', help: 'a part of axes', limits: 'parts of the axis of samples', linear: [0], apply: sliced },
  { name: 'Split', help: 'an axis in parts', limits: 'the axis of samples', linear: [0], apply: split },
  {
    name: 'Concat',
    help: 'one after the other along an axis',
    limits: 'the axis of samples',
    linear: 'all',
    apply: concatenated,
  },
  { name: 'Pad', help: 'numbers or entries put around', limits: 'the axis of samples', apply: padded },
  { name: 'OneHot', help: 'a unit vector for each index, between two values', apply: unitVectors },
  { name: 'Trilu', help: 'a triangle of the last two axes', apply: triangle },
];

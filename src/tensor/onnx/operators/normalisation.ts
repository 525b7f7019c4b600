import {
  absolute,
  add,
  constant,
  divide,
  groupNormalise,
  isCounted,
  layerNormalise,
  mean,
  multiply,
  normalise,
  power,
  reciprocal,
  reshape,
  scale,
  select,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
} from '../../autodiff/index.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';
import { isUniform } from '../operand.js';

/** A value for each channel, to be stretched over [n, C, …]. */
const perChannel = (values: Tensor, rank: number): Tensor =>
  reshape(values, [values.shape[0]!, ...Array.from({ length: rank - 2 }, () => 1)]);

const scaled = (y: Tensor, gain: Tensor, offset: Tensor | undefined): Tensor => {
  const grown = multiply(y, gain);
  return offset === undefined ? grown : add(grown, offset);
};

/** By the averages that the file holds, whatever its mode: samples do not depend on one another. */
function batchNormalisation(call: Call): Tensor {
  const x = call.tensor(0);
  if (call.int('training_mode', 0) === 1) {
    call.note(
      `${call.node.name || call.node.outputs[0]!}: batch normalisation by the running averages of the file, as in evaluation`,
    );
  }
  const rank = x.shape.length;
  const [gain, offset] = [call.tensor(1), call.tensor(2)].map((values) => perChannel(values, rank)) as [Tensor, Tensor];
  const [average, variance] = [call.fixed(3), call.fixed(4)].map((values) => perChannel(values, rank)) as [
    Tensor,
    Tensor,
  ];
  return scaled(normalise(x, average, variance, call.float('epsilon', 1e-5)), gain, offset);
}

function layerNormalisation(call: Call): Tensor[] {
  const x = call.tensor(0);
  const axis = call.axis(call.int('axis', -1), x.shape.length);
  const axes = x.shape.flatMap((_, i) => (i >= axis ? [i] : []));
  const epsilon = call.float('epsilon', 1e-5);
  const y = scaled(layerNormalise(x, axes, epsilon), call.tensor(1), call.has(2) ? call.tensor(2) : undefined);
  const average = mean(x, axes);
  const variance = mean(square(subtract(x, average)), axes);
  return [y, average, reciprocal(sqrt(add(variance, constant(epsilon))))];
}

function groupNormalisation(call: Call): Tensor {
  const x = call.tensor(0);
  const groups = call.int('num_groups');
  const [samples, channels, ...rest] = x.shape as readonly [number, number, ...number[]];
  const y = groupNormalise(x, groups, call.float('epsilon', 1e-5));
  if (call.opset >= 21)
    return scaled(y, perChannel(call.tensor(1), x.shape.length), perChannel(call.tensor(2), x.shape.length));
  const inGroups = reshape(y, [samples, groups, channels / groups, ...rest]);
  const [gain, offset] = [call.tensor(1), call.tensor(2)].map((values) => perChannel(values, x.shape.length + 1)) as [
    Tensor,
    Tensor,
  ];
  return reshape(scaled(inGroups, gain, offset), x.shape);
}

function instanceNormalisation(call: Call): Tensor {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const axes = x.shape.flatMap((_, axis) => (axis >= 2 ? [axis] : []));
  const y = layerNormalise(x, axes, call.float('epsilon', 1e-5));
  // What exporters write for a layer without gain and offset is no parameter.
  const own = (i: number): Tensor => (isOpen(call, i) ? call.fixed(i) : call.tensor(i));
  return scaled(y, perChannel(own(1), rank), perChannel(own(2), rank));
}

/** A known array, not an initialiser. */
const isOpen = (call: Call, i: number): boolean => call.value(i).kind === 'known' && isUniform(call.known(i).data);

function lpNormalisation(call: Call): Tensor {
  const x = call.tensor(0);
  const axes = [call.axis(call.int('axis', -1), x.shape.length)];
  const p = call.int('p', 2);
  return divide(x, p === 1 ? sum(absolute(x), axes) : sqrt(sum(square(x), axes)));
}

function meanVariance(call: Call): Tensor {
  const x = call.tensor(0);
  const axes = call.ints('axes') ?? [0, 2, 3];
  if (axes.some((axis) => isCounted(x.shape[axis]!))) {
    call.fail('it normalises over the axis of samples; samples must not depend on one another');
  }
  const centred = subtract(x, mean(x, axes));
  return divide(centred, add(sqrt(mean(square(centred), axes)), constant(1e-9)));
}

/** x/(k + α/s Σ x²)^β, the sum over s neighbouring channels. */
function localResponse(call: Call): Tensor {
  const x = call.tensor(0);
  const [size, channels] = [call.int('size'), x.shape[1] as number];
  const squares = square(x);
  if (!(size >= 1 && size <= 2 * channels)) call.fail(`it runs over ${size} neighbours of ${channels} channels`);
  const before = Math.floor((size - 1) / 2);
  const neighbour = (shift: number): Tensor =>
    select(
      squares,
      1,
      Array.from({ length: channels }, (_, c) => (c + shift >= 0 && c + shift < channels ? c + shift : -1)),
    );
  const shifts = Array.from({ length: size }, (_, i) => i - before).filter((shift) => Math.abs(shift) < channels);
  const local = scale(shifts.map(neighbour).reduce(add), call.float('alpha', 1e-4) / size);
  return multiply(x, power(add(local, constant(call.float('bias', 1))), -call.float('beta', 0.75)));
}

export const normalisationOperators: readonly Operator[] = [
  {
    name: 'BatchNormalization',
    help: 'γ(x − m)/√(v + ε) + β by the running averages of the file',
    limits: 'the averages of the batch',
    apply: batchNormalisation,
  },
  {
    name: 'LayerNormalization',
    help: 'γ(x − mean)/√(variance + ε) + β over the last axes',
    since: 17,
    apply: layerNormalisation,
  },
  {
    name: 'GroupNormalization',
    help: 'layer normalisation of groups of channels',
    since: 18,
    apply: groupNormalisation,
  },
  { name: 'InstanceNormalization', help: 'layer normalisation of each channel', apply: instanceNormalisation },
  { name: 'LpNormalization', help: 'x over its 1- or 2-norm along an axis', apply: lpNormalisation },
  {
    name: 'MeanVarianceNormalization',
    help: '(x − mean)/deviation over axes',
    limits: 'the axis of samples',
    apply: meanVariance,
  },
  { name: 'LRN', help: 'x over a power of the squares of neighbouring channels', apply: localResponse },
];

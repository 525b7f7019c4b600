import { UsageError } from '../errors.js';
import { randomStream } from '../numeric/random.js';
import type { SampledDataSet } from './data-set.js';
import type { Dataset, Targets } from './dataset.js';
import { refuseTooMany } from './too-many.js';

/** Exclusive or of two signs, with or without noise on the inputs. */
export interface XorSource {
  readonly kind: 'xor';
  readonly samples: number;
  /** The standard deviation of what is added to each input. */
  readonly noise: number;
  readonly targets: 'values' | 'classes';
}

/** Samples of the test split, where there is one. */
const testSamples = 1000;

/**
 * Inputs x = s + NOISE ξ, s one of the corners (−1, −1), (−1, 1), (1, −1), (1, 1), which take turns, and ξ standard normal in each of the two
 * coordinates; the target is that of the corner, whatever the noise: one number, 1 where the two signs differ and −1 where they do not, so that
 * `mlp:H` with squared-error is a 2-H-1 network of 4H + 1 parameters; or, with `classes`, class 1 and class 0. Keyed by the seed: sample i is the same however
 * many there are. Without noise there is nothing to draw, and no test split: four samples are all there are.
 */
export const xor: SampledDataSet<XorSource> = {
  name: 'xor',
  pattern: 'xor[:N[,NOISE[,classes]]]',
  where: 'samples (4), the standard deviation of the noise on each input (0), two classes in place of the number ±1',
  help: 'exclusive or: the corners (±1, ±1), 1 where the signs differ and −1 where not; with noise, 1000 others are the test split',
  source: 'XOR, as in arXiv:2604.04655; corners, noise and targets are ours',
  isSampled: true,
  parse(argument = '4') {
    const match = /^(\d+)(?:,(\d*\.?\d+(?:e-?\d+)?)(,classes)?)?$/.exec(argument);
    if (!match) return undefined;
    const [, samples, noise = '0', classes] = match;
    const targets = classes === undefined ? 'values' : 'classes';
    return { kind: 'xor', samples: Number(samples), noise: Number(noise), targets };
  },
  extent: ({ samples, targets }) =>
    targets === 'classes'
      ? { samples, inputShape: [2], outputs: 2 }
      : { samples, inputShape: [2], outputs: 1, targets: { kind: 'values', shape: [1] } },
  sample: (source, seed) => sampleXor(source, seed, 'train'),
  sampleTest: (source, seed) =>
    source.noise === 0 ? null : sampleXor({ ...source, samples: testSamples }, seed, 'test'),
};

/** Throws UsageError for illegal numbers. Cost: O(samples). */
function sampleXor(source: XorSource, seed: number, split: 'train' | 'test'): Dataset<Float64Array> {
  const { samples, noise } = source;
  if (!Number.isInteger(samples) || samples < 1) {
    throw new UsageError(`samples must be a positive integer, received ${samples}`);
  }
  if (!(noise >= 0 && Number.isFinite(noise))) throw new UsageError(`noise must be a number ≥ 0, received ${noise}`);
  refuseTooMany(2 * samples);
  const stream = randomStream(seed, 'xor', split);
  const inputs = new Float64Array(2 * samples);
  const isDifferent = new Uint16Array(samples);
  for (let i = 0; i < samples; i++) {
    const signs = [(i & 2) - 1, 2 * (i & 1) - 1] as const;
    signs.forEach((sign, f) => (inputs[2 * i + f] = sign + noise * stream.normal()));
    isDifferent[i] = signs[0] === signs[1] ? 0 : 1;
  }
  const targets: Targets =
    source.targets === 'classes'
      ? { kind: 'classes', classes: 2, labels: isDifferent }
      : { kind: 'values', width: 1, values: Float64Array.from(isDifferent, (one) => 2 * one - 1) };
  const about = `exclusive or of the signs of corners (±1, ±1)${split === 'train' ? '' : ', other samples'}`;
  return {
    name: 'xor',
    samples,
    inputShape: [2],
    inputs,
    targets,
    record: {
      origin: { kind: 'xor', source: about, noise, targets: source.targets, samples, seed },
      transformations: [],
    },
  };
}

import { UsageError } from '../errors.js';
import { randomStream } from '../numeric/random.js';
import type { SampledDataSet } from './data-set.js';
import type { Dataset } from './dataset.js';

/** Addition modulo p, of which a fraction of all sums is learnt. */
export interface ModularSource {
  readonly kind: 'modular';
  readonly modulus: number;
  readonly fraction: number;
}

export const modular: SampledDataSet<ModularSource> = {
  name: 'modular',
  pattern: 'modular:P,FRACTION',
  where: 'the modulus, the share of all sums that is trained on',
  help: 'modular addition: the tokens a, b, = with the class (a + b) mod P; all other sums are the test split',
  source: 'Power et al. 2022, arXiv:2201.02177',
  isSampled: true,
  parse(argument = '') {
    const match = /^(\d+),(\d*\.?\d+)$/.exec(argument);
    return match ? { kind: 'modular', modulus: Number(match[1]), fraction: Number(match[2]) } : undefined;
  },
  extent: (source) => ({
    samples: trainCount(source),
    inputShape: [3],
    outputs: source.modulus,
    vocabulary: source.modulus + 1,
  }),
  sample: (source, seed) => sums(source, seed, 'train'),
  sampleTest: (source, seed) => (trainCount(source) === source.modulus ** 2 ? null : sums(source, seed, 'test')),
};

/** Sums for training: at least one. Throws UsageError for illegal numbers. */
function trainCount({ modulus, fraction }: ModularSource): number {
  if (!Number.isInteger(modulus) || modulus < 2 || modulus > 10_000) {
    throw new UsageError(`the modulus must be an integer from 2 to 10000, received ${modulus}`);
  }
  if (!(fraction > 0 && fraction <= 1)) {
    throw new UsageError(`the share of the sums that is trained on must lie in (0, 1], received ${fraction}`);
  }
  return Math.max(1, Math.round(fraction * modulus ** 2));
}

/** A split of all p² sums, drawn by the seed without replacement: Fisher–Yates. Cost: O(p²). */
function sums(source: ModularSource, seed: number, split: 'train' | 'test'): Dataset<Float64Array> {
  const { modulus, fraction } = source;
  const [all, trained] = [modulus ** 2, trainCount(source)];
  const stream = randomStream(seed, 'modular', modulus);
  const order = Uint32Array.from({ length: all }, (_, i) => i);
  for (let i = 0; i < trained; i++) {
    const j = i + stream.integer(all - i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const pairs = split === 'train' ? order.subarray(0, trained) : order.subarray(trained).sort();
  const inputs = new Float64Array(3 * pairs.length);
  const labels = new Uint16Array(pairs.length);
  pairs.forEach((pair, i) => {
    const [a, b] = [Math.floor(pair / modulus), pair % modulus];
    inputs.set([a, b, modulus], 3 * i);
    labels[i] = (a + b) % modulus;
  });
  return {
    name: 'modular',
    samples: pairs.length,
    inputShape: [3],
    inputs,
    vocabulary: modulus + 1,
    targets: { kind: 'classes', classes: modulus, labels },
    record: {
      origin: {
        kind: 'modular',
        source: `addition modulo p, ${split === 'train' ? 'sums drawn at random' : 'the other sums'}`,
        modulus,
        fraction,
        samples: pairs.length,
        seed,
      },
      transformations: [],
    },
  };
}

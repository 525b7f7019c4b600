import { UsageError } from '../errors.js';
import { randomStream } from '../numeric/random.js';
import { refuseTooMany } from './too-many.js';
import type { SampledDataSet } from './data-set.js';
import type { Dataset } from './dataset.js';

export interface SineSource {
  readonly kind: 'sine';
  readonly samples: number;
}

export const sine: SampledDataSet<SineSource> = {
  name: 'sine',
  pattern: 'sine[:N]',
  help: 'regression: one period of the sine with noise, 1000 or N samples',
  source: 'GRD18, Table 1',
  isSampled: true,
  parse: (argument = '1000') => (/^\d+$/.test(argument) ? { kind: 'sine', samples: Number(argument) } : undefined),
  extent: ({ samples }) => ({ samples, inputShape: [1], outputs: 1 }),
  sample: ({ samples }, seed) => sampleSine(samples, seed),
};

/** The noise of GRD18's regression problem. */
export const SINE_NOISE = 0.1;

/**
 * One period of the sine with noise, to be regressed: y = sin x + N(0, σ²), x uniform on [−π, π) (GRD18, Table 1, which does not
 * say where x begins or how many samples there are). Keyed by the seed: sample i is the same whatever their number is.
 *
 * Throws UsageError for illegal numbers. Cost: O(samples).
 */
export function sampleSine(samples: number, seed: number, noise = SINE_NOISE): Dataset<Float64Array> {
  if (!Number.isInteger(samples) || samples < 1) {
    throw new UsageError(`samples must be a positive integer, received ${samples}`);
  }
  if (!(noise >= 0 && Number.isFinite(noise))) throw new UsageError(`noise must be a number ≥ 0, received ${noise}`);
  refuseTooMany(samples);
  const stream = randomStream(seed, 'sine');
  const inputs = new Float64Array(samples);
  const values = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    const x = Math.PI * (2 * stream.uniform() - 1);
    inputs[i] = x;
    values[i] = Math.sin(x) + noise * stream.normal();
  }
  const source = 'sin x + noise, x uniform on [−π, π)';
  return {
    name: 'sine',
    samples,
    inputShape: [1],
    inputs,
    targets: { kind: 'values', width: 1, values },
    record: { origin: { kind: 'sine', source, noise, samples, seed }, transformations: [] },
  };
}

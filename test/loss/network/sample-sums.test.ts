import { describe, expect, it } from 'vitest';
import type { Program, Reals } from '../../../src/tensor/engine/index.js';
import { chunkValues, sampleSums } from '../../../src/loss/network/sample-sums.js';

/** Σ over the samples of a chunk of what each holds. */
const summing = (precision: 'f32' | 'f64'): Program => ({
  precision,
  run: ({ x, offset }, samples) => {
    const sum = Array.from(x!).reduce((total, value) => total + value, (offset?.[0] ?? 0) * samples);
    return Promise.resolve({ sum: precision === 'f64' ? Float64Array.of(sum) : Float32Array.of(sum) });
  },
  release: () => Promise.resolve(),
});

const samplesOf = (values: Reals) => ({ count: values.length, inputs: values, targets: values.slice() });

describe('sampleSums', () => {
  it('loses nothing between chunks: float64 sums are compensated', async () => {
    const samples = samplesOf(Float64Array.of(1e16, 1, 1, 1, -1e16));
    expect((await sampleSums(summing('f64'), samples, 1, {})).sum![0]).toBe(3);
  });

  it('carries float32 outputs in float64', async () => {
    const samples = samplesOf(Float32Array.from({ length: 3 }, (_, i) => (i === 0 ? 2 ** 25 : 1)));
    expect((await sampleSums(summing('f32'), samples, 1, {})).sum![0]).toBe(2 ** 25 + 2);
  });

  it('covers every sample once, the last chunk smaller, and hands over what is given', async () => {
    const samples = samplesOf(Float64Array.of(1, 2, 3, 4, 5));
    for (const chunk of [1, 2, 3, 5, 9]) {
      const sums = await sampleSums(summing('f64'), samples, chunk, { offset: Float64Array.of(10) });
      expect(sums.sum![0]).toBe(65);
    }
    const early = [{ offset: Float64Array.of(100) }, { offset: Float64Array.of(0) }];
    expect((await sampleSums(summing('f64'), samples, 3, {}, early)).sum![0]).toBe(315);
    expect((await chunkValues(summing('f64'), samples, 3, {})).map(({ sum }) => sum![0])).toEqual([6, 9]);
  });
});

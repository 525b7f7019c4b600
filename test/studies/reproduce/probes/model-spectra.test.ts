import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { modelSpectra, type ModelSpectraArguments } from '../../../../src/studies/reproduce/probes/model-spectra.js';

const spectra = (args: Partial<ModelSpectraArguments>) =>
  modelSpectra.run({ classes: 4, dim: 6, noise: 0.5, margin: 2, samples: 500, draws: 2, seed: 1, ...args }, {
    scratch: tmpdir(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  } as never);

describe('modelSpectra', () => {
  it('of many samples is that of the population, multiplicities and the mean gradient included', async () => {
    for (const margin of [0, 2]) {
      const { measured, population } = await spectra({ samples: 40_000, draws: 0, margin });
      expect(measured.length).toBe(3 * 6);
      measured.forEach((value, i) => {
        expect(Math.abs(value / population[i]! - 1), String(i)).toBeLessThan(0.03);
      });
    }
  });

  it('predicts n samples with Gaussian ones of the same sectors: wider than the population, with its trace', async () => {
    const { predicted, population, levels } = await spectra({ draws: 20 });
    const trace = (values: readonly number[]): number => values.reduce((sum, value) => sum + value ** 2, 0);
    expect(Math.abs(trace(predicted) / trace(population) - 1)).toBeLessThan(0.03);
    expect(trace(population)).toBeCloseTo(
      levels.reduce((sum, { value, multiplicity }) => sum + value * multiplicity, 0),
      12,
    );
    expect(predicted[0]).toBeGreaterThan(population[0]! * 1.02);
    expect(predicted.at(-1)).toBeLessThan(population.at(-1)! * 0.98);
  });

  it('stretches Gaussian gradients to the lengths of the sampled ones: their trace is that of the samples', async () => {
    const { measured, predicted, stretched, lengths } = await spectra({ draws: 1, margin: 12 });
    const trace = (values: readonly number[]): number => values.reduce((sum, value) => sum + value ** 2, 0);
    expect(trace(stretched) / trace(measured)).toBeCloseTo(1, 10);
    expect(lengths).toBeLessThan(250); // of 500: most samples are classified well
    expect((await spectra({ samples: 1, draws: 0 })).lengths).toBeCloseTo(1, 12);
    const off = (values: readonly number[]): number =>
      Math.max(...values.map((value, i) => Math.abs(Math.log(value / measured[i]!))));
    expect(off(stretched)).toBeLessThan(off(predicted));
  });
});

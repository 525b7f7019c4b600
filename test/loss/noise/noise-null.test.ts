import { describe, expect, it } from 'vitest';
import { gradientNoise } from '../../../src/loss/noise/gradient-noise.js';
import { noiseNull } from '../../../src/loss/noise/noise-null.js';
import type { DrawnSteps } from '../../../src/loss/noise/drawn-laws.js';
import { measuredSpectrum } from '../../../src/observe/measured-spectrum.js';
import { gaussianFraction, gaussianOverlap } from '../../../src/sgd-noise/index.js';
import { denseNoise } from './dense-noise.js';

const { objective, weights, dimension, pairs, first, covariance, gradient, samples } = await denseNoise();
const steps: DrawnSteps = { learningRate: 1.5, batch: 4, replacement: true };
const m = 3;
const all = [...pairs.values.keys()];
const sum = (from: number, to: number, of: (i: number) => number): number =>
  all.slice(from, to).reduce((part, i) => part + of(i), 0);
const stationary = (i: number): number => {
  const lambda = Math.max(0, pairs.values[i]!);
  return ((1.5 / 4) * covariance(i, i) * lambda) / (2 - 1.5 * lambda);
};
/** Over an epoch of 10 batches, by sums over all pairs of steps: Cov(ζ_i, ζ_j) = −s²/9, s² = (c/4)(36/39). */
const shuffled = (lambda: number, c: number): number => {
  const [count, r] = [10, 1 - 1.5 * lambda];
  const size = 1.5 ** 2 * (c / 4) * (36 / 39);
  const added = Array.from({ length: count + 1 }, (_, j) => {
    let part = 0;
    for (let a = 0; a < j; a++) for (let b = 0; b < j; b++) part += r ** (a + b) * (a === b ? 1 : -1 / (count - 1));
    return size * part;
  });
  const start = lambda < 1e-9 ? 0 : added[count]! / (1 - r ** (2 * count));
  const variances = added.slice(0, count).map((part, j) => r ** (2 * j) * start + part);
  return (lambda ** 2 * variances.reduce((part, x) => part + x, 0)) / count;
};
const squaredComponent = (i: number): number =>
  pairs.vectors.subarray(i * dimension, (i + 1) * dimension).reduce((part, v, j) => part + v * gradient[j]!, 0) ** 2;
const near = (value: number | undefined, exact: number, tolerance = 1e-9): void => {
  expect(Math.abs(value! / exact - 1)).toBeLessThan(tolerance);
};
const known = { spectrum: measuredSpectrum(pairs), gradient };
const law = async (subspace: number, given: Partial<DrawnSteps> = {}, spectrum = known.spectrum) =>
  noiseNull(
    await gradientNoise(objective, weights, pairs),
    { spectrum, gradient },
    { subspace, steps: { ...steps, ...given } },
  );

describe('noiseNull', () => {
  it('has the shares of both laws where all of the spectrum is known', async () => {
    const found = await law(m);
    near(
      found.spectrumOnly.lower,
      sum(0, m, (i) => pairs.values[i]! ** 2) / sum(0, dimension, (i) => pairs.values[i]! ** 2),
    );
    near(found.stationary?.lower, sum(0, m, stationary) / sum(0, dimension, stationary));
    expect(found.spectrumOnly.upper).toBe(found.spectrumOnly.lower);
    const levels = (of: (i: number) => number) =>
      all.map((i) => ({ eigenvalue: pairs.values[i]!, multiplicity: 1, variance: of(i) }));
    const exact = levels(stationary);
    near(found.fraction.stationary?.lower.mean, gaussianFraction(exact, m).lower.mean);
    near(found.fraction.stationary?.upper.spread, gaussianFraction(exact, m).lower.spread);
    near(found.overlap.stationary?.mean, gaussianOverlap(exact).mean);
    near(found.overlap.spectrumOnly.spread, gaussianOverlap(levels((i) => pairs.values[i]! ** 2)).spread);
    found.energies!.top.slice(0, 5).forEach(({ stationary: predicted, measured }, i) => {
      near(predicted, stationary(i));
      near(measured, squaredComponent(i));
    });
    const whole = sum(0, dimension, squaredComponent);
    near(found.flowShare!, sum(m, dimension, (i) => squaredComponent(i) - stationary(i)) / whole);
    expect(found.standardErrors).toEqual({
      spectrumOnly: 0,
      stationary: 0,
      shuffled: null,
      overlap: { spectrumOnly: 0, stationary: 0, shuffled: null },
      flowShare: 0,
    });
  });

  it('agrees with that, within its errors, where only the top is known', async () => {
    const few = first(m + 2);
    const noise = await gradientNoise(objective, weights, few, { probes: 40 });
    const found = noiseNull(noise, { spectrum: measuredSpectrum(few), gradient }, { subspace: m, steps });
    const exact = await law(m);
    const within = (value: number, truth: number, error: number): void => {
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.02);
      expect(Math.abs(value - truth)).toBeLessThan(4 * error);
    };
    const { standardErrors: errors } = found;
    within(found.spectrumOnly.lower, exact.spectrumOnly.lower, errors.spectrumOnly);
    within(found.stationary!.lower, exact.stationary!.lower, errors.stationary!);
    within(found.overlap.spectrumOnly.mean, exact.overlap.spectrumOnly.mean, errors.overlap.spectrumOnly);
    // the rest of stationary noise is spread ∝ λ², which moves the overlap a little
    expect(Math.abs(found.overlap.stationary!.mean - exact.overlap.stationary!.mean)).toBeLessThan(0.005);
    within(found.flowShare!, exact.flowShare!, errors.flowShare!);
    const { measured, stationary: predicted } = found.energies!.rest;
    near(measured, sum(m + 2, dimension, squaredComponent));
    expect(Math.abs(predicted / sum(m + 2, dimension, stationary) - 1)).toBeLessThan(0.2);
  });

  it('knows momentum, and that draws without replacement have less noise, none in full batches', async () => {
    const [plain, shuffled, full] = [
      await law(m),
      await law(m, { replacement: false }),
      await law(m, { replacement: false, batch: samples - 1 }),
    ];
    const ratio = (of: typeof plain): number => of.energies!.top[0]!.stationary / plain.energies!.top[0]!.stationary;
    near(ratio(shuffled), (samples - 4) / (samples - 1));
    near(ratio(full), (1 / (samples - 1)) * (4 / (samples - 1)));
    near(shuffled.stationary?.lower, plain.stationary!.lower);
    const heavy = await law(m, { momentum: 0.5, learningRate: 0.1 });
    const lambda = pairs.values[0]!;
    near(heavy.energies!.top[0]!.stationary, (0.1 * 1.5 * covariance(0, 0) * lambda) / (4 * 0.5 * (3 - 0.1 * lambda)));
  });

  it('knows that the noises of an epoch add up to zero, which slow modes notice', async () => {
    const found = await law(m, { replacement: false });
    const energies = all.map((i) => shuffled(Math.max(0, pairs.values[i]!), covariance(i, i)));
    found.energies!.top.slice(0, 6).forEach((of, i) => {
      near(of.shuffled!, energies[i]!, 1e-8);
      expect(of.shuffled! / of.stationary).toBeLessThan(0.9);
    });
    const whole = sum(0, dimension, (i) => energies[i]!);
    near(found.shuffled?.lower, sum(0, m, (i) => energies[i]!) / whole, 1e-8);
    expect(found.shuffled!.lower).toBeGreaterThan(found.stationary!.lower);
    const left = sum(m, dimension, (i) => squaredComponent(i) - energies[i]!);
    near(found.flowShare!, left / sum(0, dimension, squaredComponent), 1e-8);
    expect(found.standardErrors.overlap.shuffled).toBe(0);
    expect((await law(m, { replacement: false, momentum: 0.5 })).shuffled).toBeNull();
  });

  it('has no stationary state where steps are unstable', async () => {
    const found = await law(m, { learningRate: 2.1 / pairs.values[0]! });
    expect([found.stationary, found.energies, found.flowShare]).toEqual([null, null, null]);
    expect([found.fraction.stationary, found.overlap.stationary, found.standardErrors.stationary]).toEqual([
      null,
      null,
      null,
    ]);
    near(found.spectrumOnly.lower, (await law(m)).spectrumOnly.lower);
  });

  it('is an interval where the cut goes through a multiplet', async () => {
    const errors = pairs.errors.map((x, i) => (i === 3 || i === 4 ? 0.51 * (pairs.values[3]! - pairs.values[4]!) : x));
    const found = await law(4, {}, measuredSpectrum({ ...pairs, errors }));
    const square = (i: number): number => pairs.values[i]! ** 2;
    const { lower, upper } = found.spectrumOnly;
    near(lower, sum(0, 3, square) / sum(0, dimension, square));
    near(upper, sum(0, 5, square) / sum(0, dimension, square));
    near(found.stationary?.upper, sum(0, 5, stationary) / sum(0, dimension, stationary));
    near(
      found.flowShare!,
      sum(5, dimension, (i) => squaredComponent(i) - stationary(i)) / sum(0, dimension, squaredComponent),
    );
  });

  it('goes up to 1 where the multiplet may go on below what is known', async () => {
    const few = first(4);
    const errors = few.errors.map((x, i) => (i === 2 ? few.values[2]! - few.values[3]! : x));
    const noise = await gradientNoise(objective, weights, few);
    const found = noiseNull(
      noise,
      { spectrum: measuredSpectrum({ ...few, errors }), gradient },
      { subspace: m, steps },
    );
    near(found.spectrumOnly.upper, 1);
    expect(found.spectrumOnly.lower).toBeLessThan(0.9);
    expect(found.flowShare).toBeNull();
  });
});

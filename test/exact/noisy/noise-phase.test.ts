import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import {
  noiseAlongFlow,
  noisePath,
  noisePhase,
  noiseTakeover,
  type NoiseAtTime,
  type NoisePhaseOptions,
} from '../../../src/exact.js';

const ratio = 0.02;
const asked: NoisePhaseOptions = { classes: 4, dim: 10, noises: [0.4], learningRateOverBatch: ratio };

/** The share of the top k where the cut level gives that of its dimensions in the top. */
function evenShare({ levels, gradientEnergy: { flow, noise } }: NoiseAtTime, k: number): number {
  let [above, energy] = [0, 0];
  for (const { multiplicity, gradientEnergy } of [...levels].sort((x, y) => y.eigenvalue - x.eigenvalue)) {
    energy += (gradientEnergy * Math.min(multiplicity, Math.max(0, k - above))) / multiplicity;
    above += multiplicity;
  }
  return energy / (flow + noise);
}

describe('noisePhase', () => {
  test.each([
    { ...asked, relativeMargins: [0.1, 0.31, 0.35, 0.9], times: [2, 400, 1e7] },
    { ...asked, classes: 3, dim: 5, correlation: 0.3, noises: [0.5], relativeMargins: [0.6], times: [30] },
  ])('is the noise along the flow at every point: %j', (options) => {
    const { classes, dim, correlation = 0, noises } = options as NoisePhaseOptions;
    const model = { classes, dim, noise: noises[0]!, correlation };
    const [row] = [...noisePhase(options)];
    const points = [...row!.points].sort((x, y) => x.logTime - y.logTime);
    const times = points.map(({ logTime }) => Math.exp(logTime));
    expect(points).toHaveLength(options.relativeMargins.length + options.times.length);
    const exact = noiseAlongFlow(model, { learningRateOverBatch: ratio }, times);
    points.forEach(({ relativeMargin, topFraction, noiseShare, secondOrder }, i) => {
      const { margin, topFraction: whole, gradientEnergy, secondOrder: second } = exact[i]!;
      expect(relativeMargin).toBeCloseTo(margin * model.noise ** 2, 6);
      expect(topFraction.lower).toBeCloseTo(whole.lower, 5);
      expect(topFraction.upper).toBeCloseTo(whole.upper, 5);
      expect(topFraction.even).toBeCloseTo(evenShare(exact[i]!, classes), 5);
      expect(noiseShare).toBeCloseTo(gradientEnergy.noise / (gradientEnergy.noise + gradientEnergy.flow), 5);
      expect(Math.abs(secondOrder / second - 1)).toBeLessThan(1e-2);
    });
  });

  test('draws the lines where they are found alone, for every η/b, and f_top on their sides', () => {
    const model = { classes: 4, dim: 10, noise: 0.4 };
    const takeoversAt = [1e-3, 0.1, 3];
    const path = noisePath(model);
    const found = takeoversAt.map((one) => noiseTakeover(model, { learningRateOverBatch: one }, path));
    const { margin } = found[0]!.boundary;
    const sides = [0.99, 1.01].map((factor) => factor * margin * 0.16);
    const [row] = [...noisePhase({ ...asked, relativeMargins: sides, takeoversAt })];
    row!.takeovers.forEach(({ relativeMargin, logTime }, i) => {
      expect(relativeMargin).toBeCloseTo(found[i]!.margin * 0.16, 6);
      expect(logTime).toBeCloseTo(found[i]!.logTime, 5);
    });
    expect(row!.boundary.relativeMargin).toBeCloseTo(margin * 0.16, 12);
    expect(row!.boundary.logTime).toBeCloseTo(found[0]!.boundary.logTime, 6);
    expect(row!.withoutDip / found[0]!.withoutDip).toBeCloseTo(1, 5);
    expect(found[2]!.margin).toBeLessThan(margin);
    expect(found[1]!.margin).toBeGreaterThan(margin);
    const [inside, outside] = row!.points;
    expect(inside!.topFraction.lower).toBeGreaterThan(0.95);
    expect(outside!.topFraction.upper).toBeLessThan(0.05);
  });

  test('refuses what is no place of the flow', () => {
    const ask = (more: Partial<NoisePhaseOptions>) => () => [...noisePhase({ ...asked, ...more })];
    expect(ask({ noises: [] })).toThrow(UsageError);
    expect(ask({ relativeMargins: [0] })).toThrow('between 0 and 1, received 0');
    expect(ask({ relativeMargins: [1] })).toThrow('between 0 and 1, received 1');
    expect(ask({ times: [0] })).toThrow('times must be positive');
    expect(ask({ takeoversAt: [-1] })).toThrow('η/b must be a positive number');
    expect(ask({ tolerance: 1 })).toThrow('tolerance must lie');
  });
});

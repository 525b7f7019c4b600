import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { noiseStudy, standardArms, type NoiseArmResult } from '../../../src/studies/noise/noise-study.js';
import { trainDefaults, type TrainConfig } from '../../../src/train/train-config.js';

/** All of the spectrum is known: no probes. */
const config: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  backend: 'plain',
  data: { ...trainDefaults.data, source: 'mixture:3,4,0.5,64' },
  batch: 8,
  steps: 100,
  top: 14,
  tolerance: 1e-8,
  precision: 'f64',
  schedule: { kind: 'constant', rate: 0.5 },
};
const window = { burnIn: 300, every: 30, measurements: 80, level: 1e-3 };
const [trained, replaced, , , frozenEpochs, frozen] = standardArms(config);

describe('noiseStudy', async () => {
  const study = await noiseStudy(config, { arms: [trained!, replaced!, frozenEpochs!, frozen!], ...window });
  const [asTrained, withReplacement, inEpochs, frozenOnly] = study.arms as [
    NoiseArmResult,
    NoiseArmResult,
    NoiseArmResult,
    NoiseArmResult,
  ];

  it('finds that without replacement the noise of slow modes cancels, and that nothing else is amiss', () => {
    for (const { summary } of [asTrained, inEpochs]) {
      const { stationary, shuffled } = summary.laws;
      expect(stationary!.test.rejected).toBe(3);
      expect(stationary!.test.mean).toBeLessThan(0.4);
      expect(shuffled!.test.rejected).toBe(0);
      expect(Math.abs(shuffled!.test.mean - 1)).toBeLessThan(3 * shuffled!.test.standardError);
      const off = (law: typeof shuffled): number => Math.abs(law!.both - summary.energyShare);
      expect(off(shuffled)).toBeLessThan(0.4 * off(stationary));
    }
    for (const { summary } of [withReplacement, frozenOnly]) {
      const { stationary, shuffled, relaxing } = summary.laws;
      expect(shuffled).toBeNull();
      expect(stationary!.test.rejected).toBe(0);
      expect(Math.abs(stationary!.test.mean - 1)).toBeLessThan(3 * stationary!.test.standardError);
      expect(relaxing!.test.mean).toBeCloseTo(stationary!.test.mean, 3); // relaxed long ago
    }
  });

  it('leaves nothing over for flow where there is none, and knows energies to the last', () => {
    const { rest, share } = frozenOnly.summary.laws.stationary!.flow;
    expect(Math.abs(share)).toBeLessThan(0.05);
    expect(Math.abs(rest.mean)).toBeLessThan(4 * rest.standardError);
    for (const { measured, topFraction, persistent } of frozenOnly.measurements.slice(1)) {
      const whole = measured.top.reduce((sum, x) => sum + x, 0) + measured.rest;
      expect(Math.abs(measured.top.slice(0, 3).reduce((sum, x) => sum + x, 0) / whole - topFraction)).toBeLessThan(
        1e-12,
      );
      expect(persistent).not.toBeNull();
    }
    expect(frozenOnly.measurements.map(({ step }) => step).slice(0, 3)).toEqual([300, 330, 360]);
    expect(new Set(frozenOnly.measurements.map(({ eigenvalues }) => eigenvalues[0])).size).toBe(1);
    expect(new Set(asTrained.measurements.map(({ eigenvalues }) => eigenvalues[0])).size).toBe(window.measurements);
  });

  it('gives the same document twice, and knows momentum and other batches', async () => {
    const short = { burnIn: 40, every: 10, measurements: 4 };
    const [once, again] = [
      await noiseStudy(config, { arms: [frozen!], ...short }),
      await noiseStudy(config, { arms: [frozen!], ...short }),
    ];
    expect(again).toEqual(once);
    const heavy = {
      ...config,
      optimizer: { kind: 'momentum', momentum: 0.6 },
      schedule: { kind: 'constant', rate: 0.2 },
    } as const;
    const larger = { ...frozen!, batch: 16 };
    const { arms } = await noiseStudy(heavy, { arms: [frozen!, larger], ...window, measurements: 150 });
    for (const { summary } of arms) {
      expect(summary.laws.relaxing).toBeNull();
      expect(summary.laws.stationary!.test.rejected).toBe(0);
      expect(Math.abs(summary.laws.stationary!.test.mean - 1)).toBeLessThan(
        3 * summary.laws.stationary!.test.standardError,
      );
    }
    expect(arms[1]!.steps.batch).toBe(16);
    const predicted = arms.map(({ measurements }) => measurements[0]!.laws.stationary!.top[0]!);
    expect(predicted[0]! / predicted[1]!).toBeCloseTo(2, 12);
  });

  it('refuses other noise', async () => {
    await expect(noiseStudy({ ...config, batch: null }, { arms: [], ...window })).rejects.toThrow(UsageError);
  });
});

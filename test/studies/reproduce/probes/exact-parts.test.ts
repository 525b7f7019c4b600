import { describe, expect, it } from 'vitest';
import { marginRate, symmetricPointAtMargin } from '../../../../src/exact/noiseless/index.js';
import { firstCrossing, marginPoint, noisyMarginRate } from '../../../../src/exact/noisy/index.js';
import type { ProbeContext } from '../../../../src/studies/reproduce/engine/probe.js';
import { exactParts, type ExactPartsArguments } from '../../../../src/studies/reproduce/probes/exact-parts.js';

const parts = (args: ExactPartsArguments) =>
  exactParts.run(args, { onProgress: () => undefined } as unknown as ProbeContext);

describe('exactParts', () => {
  it('comes to gradient descent along the noiseless line as σ² → 0: all of it dominant', async () => {
    const [classes, rate, steps] = [4, 2, 10];
    let margin = 1;
    for (let step = 0; step < steps; step++) margin += rate * marginRate(classes, margin);
    const { loss } = symmetricPointAtMargin(classes, margin);
    const distanceAt = async (noise: number): Promise<number> => {
      const { topFraction, before, after } = await parts({ classes, dim: 6, noise, margin: 1, rate, steps });
      expect(topFraction).toBe(1);
      expect(after.dominant).toBe(after.gradient);
      expect(after.bulk).toBe(before);
      return after.gradient - loss;
    };
    const ratio = (await distanceAt(0.02)) / (await distanceAt(0.01));
    expect(Math.abs(Math.log2(ratio) - 2)).toBeLessThan(0.05);
  });

  it('lets the dominant part stop at the edge of the phase diagram, and the bulk part begin there', async () => {
    const [classes, noise, rate, steps] = [4, 0.3, 2, 30];
    const edge = firstCrossing(classes, noise).relativeMargin / noise ** 2;
    const lossAt = (margin: number): number => marginPoint({ classes, noise, margin }).loss;
    const before = await parts({ classes, dim: 6, noise, margin: 0.9 * edge, rate, steps });
    const step = rate * noisyMarginRate({ classes, noise, margin: 0.9 * edge });
    expect(before.after.dominant).toBeLessThan(lossAt(edge));
    expect(before.after.dominant).toBeGreaterThan(lossAt(edge + step));
    expect(before.after.gradient).toBeLessThan(lossAt(edge + step));
    const beyond = await parts({ classes, dim: 6, noise, margin: 1.1 * edge, rate, steps });
    expect(beyond.topFraction).toBe(0);
    expect(beyond.after.dominant).toBe(beyond.before);
    expect(beyond.after.bulk).toBe(beyond.after.gradient);
  });
});

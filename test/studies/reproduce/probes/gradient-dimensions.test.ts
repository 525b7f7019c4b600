import { describe, expect, it } from 'vitest';
import type { ProbeContext } from '../../../../src/studies/reproduce/engine/probe.js';
import { modelDimensions } from '../../../../src/studies/reproduce/probes/model-dimensions.js';
import { xorDimensions } from '../../../../src/studies/reproduce/probes/xor-dimensions.js';
import { xorParameters, xorPoint, xorStart } from '../../../../src/studies/reproduce/probes/xor-network.js';

const context = { onProgress: () => undefined, signal: new AbortController().signal } as unknown as ProbeContext;

describe('the network 2-h-1 on XOR', () => {
  it('has the gradient of its loss, the mean of those of its cases', () => {
    const weights = xorStart(5, 1);
    expect(weights.length).toBe(xorParameters(5));
    const { gradient, cases } = xorPoint(weights);
    const step = 1e-5;
    gradient.forEach((slope, i) => {
      const [up, down] = [step, -step].map((by) => xorPoint(weights.map((w, j) => (i === j ? w + by : w))).loss);
      expect((up! - down!) / (2 * step)).toBeCloseTo(slope, 8);
      expect(cases.reduce((sum, one) => sum + one[i]! / 4, 0)).toBeCloseTo(slope, 14);
    });
    expect(() => xorPoint(new Float64Array(7))).toThrow(/4h \+ 1/);
  });

  it('has log 2 and no sign right without weights, and all four with those that add and carry', () => {
    expect(xorPoint(new Float64Array(9))).toMatchObject({ loss: Math.log(2), accuracy: 0 });
    // tanh(x₁ + x₂ − ½) less tanh(x₁ + x₂ − 3/2), steep: 1 for a single one
    const steep = Float64Array.of(20, 20, 20, 20, -10, -30, 10, -10, -10);
    expect(xorPoint(steep)).toMatchObject({
      accuracy: 1,
      loss: expect.closeTo(Math.log1p(Math.exp(-10)), 8) as number,
    });
  });

  it('learns, and is looked at on the way', async () => {
    const setting = { optimizer: { kind: 'sgd' }, learningRate: 0.1, steps: 400, every: 200 } as const;
    const [small, large] = await xorDimensions.run({ ...setting, hidden: [20, 40], seed: 1 }, context);
    expect([small!.parameters, large!.parameters]).toEqual([81, 161]);
    expect(small!.snapshots.map(({ step }) => step)).toEqual([0, 200, 400]);
    expect(small!.snapshots.map(({ accuracy }) => accuracy)).toEqual([0.75, 1, 1]);
    for (const { coordinates, largest, samples, firstLayer } of small!.snapshots) {
      expect(largest).toBeLessThanOrEqual(coordinates); // Σg⁴ ≤ max g² Σg²
      expect(coordinates).toBeLessThan(81);
      expect(samples).toBeLessThanOrEqual(4);
      expect(firstLayer).toBeGreaterThan(0);
      expect(firstLayer).toBeLessThan(1);
    }
  });
});

it('SGD at rest in the exact model has the predicted dimensions over samples and over time', async () => {
  const found = await modelDimensions.run(
    {
      classes: 3,
      dim: 6,
      noise: 0.4,
      learningRate: 10,
      batch: 320,
      samples: 2000,
      window: 5,
      windows: 25,
      between: 10,
      seed: 1,
    },
    context,
  );
  for (const { predicted, measured, standardError } of [found.batches, found.gradients, found.steps]) {
    expect(Math.abs(measured - predicted) / standardError).toBeLessThan(4);
    expect(standardError / predicted).toBeLessThan(0.15);
  }
  expect(found.gradients.predicted).toBeLessThan(found.steps.predicted);
});

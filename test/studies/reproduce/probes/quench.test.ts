import { describe, expect, it } from 'vitest';
import { modelQuench } from '../../../../src/studies/reproduce/probes/model-quench.js';
import { trainedQuench } from '../../../../src/studies/reproduce/probes/trained-quench.js';
import { regressionPoint } from '../../../../src/loss/softmax/softmax-regression.js';
import { densePoint, probedSoftmax, squared } from './softmax-probe.js';

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

describe('trainedQuench', () => {
  it('switches to full batches and back, as dense eigenvectors say', async () => {
    const [m, learningRate] = [4, 0.5];
    const quench = [0, 1, 2, 4];
    const { result, data, weights } = await probedSoftmax(trainedQuench, {
      m,
      tolerance: 1e-10,
      learningRate,
      quench,
      recovery: [1, 20],
      own: [2],
      batches: [2, 20],
      changed: 30,
      repeats: 3,
      probes: 2,
    });
    const { values, vectors, gradient } = densePoint({ data, weights });
    const n = weights.length;
    const along = (g: Float64Array): number[] =>
      Array.from(
        { length: m },
        (_, i) => vectors.subarray(i * n, (i + 1) * n).reduce((dot, v, j) => dot + v * g[j]!, 0) ** 2,
      );
    let at = weights;
    for (let step = 0; step <= 4; step++) {
      const state = result.quench.states.find((one) => one.step === step);
      const { gradient: g } = regressionPoint(data, at);
      if (state !== undefined) {
        const energies = along(g);
        energies.forEach((energy, i) => {
          expect(state.measured.top[i]! / energy, `${step}, ${i}`).toBeCloseTo(1, 5);
          const predicted = along(gradient)[i]! * (1 - learningRate * values[i]!) ** (2 * step);
          expect(state.predicted.top[i]! / predicted, `${step}, ${i}`).toBeCloseTo(1, 5);
        });
        expect(state.measured.rest / (squared(g) - sum(energies)), String(step)).toBeCloseTo(1, 5);
        expect(state.measured.topFraction).toBeCloseTo(sum(energies) / squared(g), 8);
      }
      at = at.map((w, j) => w - learningRate * g[j]!);
    }
    expect(result.quench.states[1]!.predicted.topFraction).toBeCloseTo(
      result.quench.states[1]!.measured.topFraction,
      2,
    );
    expect(result.recoveries.map(({ rule, repeats }) => [rule.batch, repeats])).toEqual([
      [2, 3],
      [20, 3],
    ]);
    const [strong, weak] = result.recoveries.map(({ states }) => states.at(-1)!);
    expect(sum(strong!.predicted.top)).toBeGreaterThan(sum(weak!.predicted.top));
    expect(result.own.map(({ step }) => step)).toEqual([2]);
  });
});

describe('modelQuench', () => {
  it('is at rest as the exact model says, and leaves the top space without noise', async () => {
    const args = { classes: 3, dim: 4, noise: 0.5, learningRate: 4, batch: 200, samples: 2000 };
    const given = { ...args, between: 30, starts: 24, quench: [0, 3, 12], recovery: [1, 12], seed: 1 };
    const found = await modelQuench.run(given, {
      onProgress: () => undefined,
      signal: new AbortController().signal,
    } as never);
    const { predicted, measured, standardError } = found.topFraction;
    expect(Math.abs(measured - predicted)).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.1);
    const [before, , after] = found.quench.states;
    expect(before!.measured.topFraction).toBe(measured);
    expect(after!.measured.topFraction).toBeLessThan(measured / 2);
    for (const { measured: m, predicted: p } of [...found.quench.states, ...found.recovery.states])
      expect(Math.abs(m.topFraction - p.topFraction)).toBeLessThan(4 * m.errors!.topFraction);
  });
});

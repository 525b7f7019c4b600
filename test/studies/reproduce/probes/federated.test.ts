import { describe, expect, it } from 'vitest';
import { clientRows, roundRows } from '../../../../src/studies/reproduce/probes/clients.js';
import { clientCosines } from '../../../../src/studies/reproduce/probes/client-cosines.js';
import { compressedRounds } from '../../../../src/studies/reproduce/probes/compressed-rounds.js';
import { lineCosines } from '../../../../src/studies/reproduce/probes/line-cosines.js';
import { keptGradient, partlyLost } from '../../../../src/studies/reproduce/probes/lost-gradients.js';
import { lostOnLine } from '../../../../src/studies/reproduce/probes/lost-on-line.js';
import { modelCorrelation } from '../../../../src/studies/reproduce/probes/model-correlation.js';
import { sentGradients } from '../../../../src/studies/reproduce/probes/sent-gradients.js';
import { batchGradient, regressionPoint } from '../../../../src/loss/softmax/softmax-regression.js';
import { classes, probedSoftmax, seed, squared, sumOf } from './softmax-probe.js';

const context = { onProgress: () => undefined, signal: new AbortController().signal } as never;
const rate = 0.5;

describe('clientRows', () => {
  const targets = Float64Array.from([0, 1, 1, 0, 0, 1, 1, 0, 0, 1]); // labels 1 0 1 0 1
  it('deals all samples once, by class or at random, and rounds take as many of each client', () => {
    const samples = { count: 5, targets };
    expect(clientRows(samples, 'by class', 2, 1).map((own) => [...own])).toEqual([
      [1, 3],
      [0, 2, 4],
    ]);
    const dealt = clientRows(samples, 'random', 2, 1);
    expect(dealt.map(({ length }) => length)).toEqual([2, 2]);
    expect(new Set(dealt.flatMap((own) => [...own])).size).toBe(4);
    const rows = roundRows(dealt, 3, 1, 7);
    expect([...rows.subarray(0, 3)].every((row) => dealt[0]!.includes(row))).toBe(true);
    expect([...rows.subarray(3)].every((row) => dealt[1]!.includes(row))).toBe(true);
    expect(() => clientRows(samples, 'by class', 3, 1)).toThrow(/received 2 classes/);
  });
});

describe('clientCosines', () => {
  it('predicts the cosine of clients with random samples from ‖g‖² and Tr C', async () => {
    const args = { steps: [30], clients: classes, deals: 40, probes: 200 };
    const { result, data, weights } = await probedSoftmax(clientCosines, args, 'all');
    const [found] = result;
    const { gradient } = regressionPoint(data, weights);
    const n = data.labels.length;
    const single = Array.from({ length: n }, (_, i) => batchGradient(data, weights, [i]));
    const trace = single.reduce((sum, g) => sum + squared(g) / n, 0) - squared(gradient);
    const expected = (squared(gradient) - trace / (n - 1)) / (squared(gradient) + ((classes - 1) * trace) / (n - 1));
    expect(found!.predicted).toBeCloseTo(expected, 1);
    const byClass = Array.from({ length: classes }, (_, c) =>
      batchGradient(
        data,
        weights,
        [...data.labels.keys()].filter((i) => data.labels[i] === c),
      ),
    );
    const units = byClass.map((g) => g.map((x) => x / Math.sqrt(squared(g))));
    expect(found!.byClass).toBeCloseTo((squared(sumOf(units)) - classes) / (classes * (classes - 1)), 8);
    expect(found!.random.length).toBe(40);
    expect(Math.abs(found!.ratio - expected)).toBeLessThan(0.06); // 40 deals, each ± 0.09
    const mean = found!.random.reduce((sum, x) => sum + x / 40, 0);
    expect(Math.abs(mean - found!.ratio)).toBeLessThan(0.1);
    expect(Math.max(...found!.random) - Math.min(...found!.random)).toBeGreaterThan(0.01);
  });
});

describe('sentGradients', () => {
  it('sees all of a gradient in a space of all its dimensions that are not flat, and forgets as the law says without noise', async () => {
    const { result } = await probedSoftmax(
      sentGradients,
      {
        split: 'random',
        clients: 2,
        batch: 4000,
        learningRate: rate,
        m: 18,
        tolerance: 1e-10,
        window: 3,
        lags: [0, 1, 4],
        repeats: 2,
        probes: 2,
      } as const,
      'all',
    );
    for (const { sentTop, fullTop, correlation, predicted, lag } of result) {
      expect(sentTop).toBeCloseTo(1, 6);
      expect(fullTop).toBeCloseTo(1, 6);
      expect(predicted.sentTop).toBeCloseTo(1, 6);
      expect(Math.abs(correlation / predicted.correlation - 1), String(lag)).toBeLessThan(0.1);
    }
    expect(result[0]!.correlation).toBeCloseTo(1, 10);
    expect(result[2]!.correlation).toBeLessThan(0.95);
  });
});

describe('compressedRounds', () => {
  it('are plain rounds before any is compressed, and stand still in a space without gradient', async () => {
    const { result } = await probedSoftmax(
      compressedRounds,
      {
        from: 30,
        split: 'by class',
        clients: classes,
        batch: 5,
        learningRate: rate,
        rounds: 8,
        cycle: 8,
        whole: 3,
        tolerance: 1e-8,
        every: 1,
      } as const,
      'all',
    );
    for (const kind of ['top', 'last', 'random'] as const) {
      expect(result[kind].slice(0, 4)).toEqual(result.none.slice(0, 4));
      expect(result[kind][4]).not.toBe(result.none[4]);
    }
    const moved = (kind: 'none' | 'random'): number => Math.abs(result[kind][8]! - result[kind][3]!);
    expect(moved('random')).toBeLessThan(moved('none'));
  });
});

describe('lostGradients', () => {
  it('loses nothing at q = 0, everything of a part at q = 1', () => {
    const pairs = {
      dimension: 3,
      values: Float64Array.of(2),
      vectors: Float64Array.of(0, 1, 0),
      errors: new Float64Array(1),
    };
    const g = Float64Array.of(3, 4, 5);
    const path = [seed, 1, 2] as const;
    for (const part of ['coordinates', 'top', 'bulk'] as const)
      expect(keptGradient(g, { part, probability: 0 }, pairs, path)).toEqual(g);
    expect([...keptGradient(g, { part: 'coordinates', probability: 1 }, pairs, path)]).toEqual([0, 0, 0]);
    expect([...keptGradient(g, { part: 'top', probability: 1 }, pairs, path)]).toEqual([3, 0, 5]);
    expect([...keptGradient(g, { part: 'bulk', probability: 1 }, pairs, path)]).toEqual([0, 4, 0]);
    const many = keptGradient(new Float64Array(10_000).fill(1), { part: 'coordinates', probability: 0.3 }, pairs, path);
    expect(Math.abs(many.reduce((sum, x) => sum + x, 0) / 10_000 - 0.7)).toBeLessThan(4 * Math.sqrt(0.21 / 10_000));
  });

  it('takes the same batches with and without losses, and renews the top space', async () => {
    const { result } = await probedSoftmax(
      partlyLost,
      {
        from: 30,
        steps: 4,
        learningRate: rate,
        batch: 10,
        losses: [
          { part: 'coordinates', probability: 0 },
          { part: 'bulk', probability: 1 },
          { part: 'top', probability: 1 },
        ],
        m: 20,
        tolerance: 1e-10,
        refresh: 2,
        every: 1,
      } as const,
      'all',
    );
    const [nothing, flat, all] = result.lost;
    expect(nothing!.losses).toEqual(result.none);
    // The top 20 of 24 hold every eigenvalue but the gauge's: outside nothing is lost.
    flat!.losses.forEach((loss, i) => {
      expect(loss / result.none[i]!).toBeCloseTo(1, 6);
    });
    all!.losses.forEach((loss) => {
      expect(loss / result.none[0]!).toBeCloseTo(1, 6);
    });
    expect(result.none[4]).not.toBeCloseTo(result.none[0]!, 6);
  });
});

describe('in the exact model', () => {
  it('gradients at rest are forgotten eigenvector by eigenvector', async () => {
    // A rate at which half of the gradient is forgotten in a step or two: at half the rate the prediction is 4 standard errors off.
    const args = { classes: 3, dim: 4, noise: 0.5, learningRate: 10, batch: 200, samples: 2000 };
    const found = await modelCorrelation.run({ ...args, between: 10, starts: 100, lags: [1, 4], seed: 1 }, context);
    for (const { deviation, deviationTop } of found) {
      expect(deviation).toBeLessThan(3.5);
      expect(deviationTop).toBeLessThan(3.5);
    }
    expect(found[1]!.predicted).toBeLessThan(found[0]!.predicted);
    expect(found[0]!.top).toBeGreaterThan(0.4);
  });

  it('gradients of classes have the cosine of closed form', async () => {
    const args = { classes: 4, dim: 6, noise: 0.4, relativeMargins: [0.1, 0.5, 1], samples: 20_000, seed: 1 };
    const found = await lineCosines.run(args, context);
    for (const { measured, predicted } of found) expect(Math.abs(measured - predicted)).toBeLessThan(0.03);
    expect(found[2]!.measured).toBeLessThan(-0.28);
  });

  it('lost steps slow time by 1 − q before the edge in the top space, and beyond it outside', async () => {
    const args = {
      classes: 3,
      dim: 4,
      noise: 0.3,
      rate: 0.4,
      steps: 20,
      probabilities: [0, 0.6, 1],
      samples: 5000,
      draws: 200,
      seed: 1,
    };
    for (const [margin, inTop] of [
      [1, 1],
      [4, 0],
    ] as const) {
      const { topFraction, found } = await lostOnLine.run({ ...args, margin }, context);
      expect(topFraction).toBe(inTop);
      for (const { part, probability, predicted, measured } of found) {
        expect(Math.abs(measured - predicted), `${margin} ${part} ${probability}`).toBeLessThan(0.05);
        if ((part === 'top') !== (inTop === 1)) expect(measured).toBeCloseTo(0, 12);
        else if (probability === 1) expect(measured).toBeCloseTo(1, 12);
      }
    }
  });
});

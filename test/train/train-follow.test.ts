import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

const runtime = await nativeRuntime();

const config: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  bias: false,
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.1,200' },
  steps: 60,
  measureEvery: 5,
  top: 6,
  batch: 20,
  tolerance: 1e-6,
  precision: 'f64',
};
const follow: TrainConfig['follow'] = {
  direction: 'dominant',
  refresh: 5,
  from: 0,
  switch: { threshold: 0.9, factor: 0.8 },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-follow-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a run that follows a subspace once the gradient is aligned', () => {
  it('switches at the step at which the moving average of χ exceeds the threshold', async () => {
    const plain = await train(config, { runtime });
    let average: number | undefined;
    const expected = plain.records
      .filter(({ step }) => step >= follow.from)
      .find(({ topFraction }) => {
        const chi = Math.sqrt(topFraction.lower);
        average = average === undefined ? chi : 0.8 * average + 0.2 * chi;
        return average > 0.9;
      })!.step;
    expect(expected).toBeGreaterThan(follow.from);
    expect(expected).toBeLessThan(config.steps);
    const { summary, records } = await train({ ...config, follow }, { runtime });
    expect(summary.followed!.since).toBe(expected);
    const same = records.map(({ loss }, i) => loss === plain.records[i]!.loss);
    expect(same).toEqual(records.map(({ step }) => step <= expected));
  });

  it('never does where the average stays below it, and says so', async () => {
    const never = { ...follow, switch: { threshold: 0.99, factor: 0.8 } };
    const { summary, records } = await train({ ...config, follow: never }, { runtime });
    const plain = await train(config, { runtime });
    expect(summary.followed!.since).toBeNull();
    expect(summary.finalLoss).toBe(plain.summary.finalLoss);
    expect(plain.summary.followed).toBeNull();
    const measured = records.reduce((sum, record) => sum + record.hessianVectorProducts, 0);
    expect(summary.followed!.products).toBeGreaterThanOrEqual(3 * 12);
    expect(summary.hessianVectorProducts).toBe(measured + summary.followed!.products);
  });

  it('is not changed by how often it is measured', async () => {
    for (const direction of ['dominant', 'bulk', 'newton'] as const) {
      const followed: TrainConfig = {
        ...config,
        follow: { ...follow, direction, refresh: 7 },
        steps: 40,
        accuracy: 1e-3,
      };
      const [often, seldom] = [
        await train({ ...followed, measureEvery: 1 }, { runtime }),
        await train({ ...followed, measureEvery: 40 }, { runtime }),
      ];
      expect(seldom.summary.followed).toEqual(often.summary.followed);
      expect(seldom.summary.finalLoss).toBe(often.summary.finalLoss);
      expect(seldom.records.at(-1)!.gradientNorm).toBe(often.records.at(-1)!.gradientNorm);
    }
  });

  it('resumes before, at and after the switch, and ends with the same bytes', async () => {
    const long = { ...config, follow, updates: 4, optimizer: { kind: 'momentum', momentum: 0.5 } } as const;
    const whole = await train(long, { runtime, out: folder });
    const bytes = readFileSync(join(folder, 'records.jsonl'), 'utf8');
    const { since } = whole.summary.followed!;
    rmSync(folder, { recursive: true });
    const stop = new Error('stop');
    for (const at of [2, 12, since! - 1, since!, since! + 2, since! + 7]) {
      const controller = new AbortController();
      const stopped = train(long, {
        runtime,
        out: folder,
        signal: controller.signal,
        onProgress: ({ step }) => {
          if (step === at) controller.abort(stop);
        },
      });
      await expect(stopped).rejects.toBe(stop);
    }
    expect(await train(long, { runtime, out: folder })).toEqual(whole);
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).toBe(bytes);
  });
});

describe('what a record tells beside', () => {
  const descent: TrainConfig = { ...config, batch: null, steps: 12, measureEvery: 1, updates: 3 };

  it('predicts the change of the loss along a step of gradient descent, to second order', async () => {
    const { records } = await train(descent, { runtime });
    records.slice(0, -1).forEach(({ loss, gradientNorm, predictedChange }, i) => {
      const { firstOrder, secondOrder } = predictedChange!;
      const actual = records[i + 1]!.loss - loss;
      expect(firstOrder.all).toBeCloseTo(-0.1 * gradientNorm ** 2, 14);
      expect(Math.abs(actual - secondOrder.all)).toBeLessThan(0.02 * Math.abs(actual - firstOrder.all));
    });
  });

  it('knows the last updates: Σσ² = Σ‖δ‖², δ = −ηg, and how aligned the last one is', async () => {
    const { records } = await train(descent, { runtime });
    expect(records.map(({ updates }) => updates?.count ?? 0)).toEqual([0, 0, 2, ...records.slice(3).map(() => 3)]);
    records.slice(3).forEach(({ updates }, i) => {
      const energy = updates!.singularValues.reduce((sum, sigma) => sum + sigma ** 2, 0);
      const norms = records.slice(i, i + 3).map(({ gradientNorm }) => (0.1 * gradientNorm) ** 2);
      expect(energy / norms.reduce((sum, x) => sum + x)).toBeCloseTo(1, 10);
      expect(updates!.dominance.upper).toBeLessThanOrEqual(1);
    });
    expect((await train(config, { runtime })).records.at(-1)!.updates).toBeNull();
  });

  it('knows what the subspace of the record before holds of the gradient', async () => {
    const { records } = await train(config, { runtime });
    const held = records.slice(1).map(({ subspaceOverlap }) => subspaceOverlap!.gradient.lower);
    const now = records.slice(1).map(({ topFraction }) => topFraction.lower);
    expect(held[0]).toBeLessThan(0.2 * now[0]!); // before the subspace has formed
    expect(held.at(-1)).toBeCloseTo(now.at(-1)!, 3);
  });

  it('knows dimensions of spectrum and gradient', async () => {
    const { records } = await train({ ...descent, model: 'mlp:6' }, { runtime });
    const { dimensions, gradientMatrices, eigenvalues } = records.at(-1)!;
    const { participationRatio, effectiveRank, effectiveDimension } = dimensions!;
    expect(participationRatio).toBeGreaterThan(1);
    expect(effectiveRank).toBeGreaterThan(participationRatio);
    const t = records.at(-1)!.time;
    const settled = eigenvalues.filter((value) => value > 0).reduce((sum, x) => sum + (x * t) / (1 + x * t), 0);
    expect(effectiveDimension).toBeGreaterThanOrEqual(settled - 1e-12); // one pair more is known than is shown
    expect(effectiveDimension).toBeLessThan(settled + 1);
    expect(records[0]!.dimensions!.effectiveDimension).toBe(0);
    expect(gradientMatrices.map(({ parameter }) => parameter)).toEqual(['dense1.weight', 'dense2.weight']);
    for (const { stableRank, participationRatio: ratio } of gradientMatrices) {
      expect(stableRank).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeGreaterThanOrEqual(stableRank - 1e-12);
      expect(ratio).toBeLessThan(6);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { batchSchedule } from '../../src/data/batch-schedule.js';
import { sampleMixture } from '../../src/data/gaussian-mixture.js';
import { NumericalError } from '../../src/errors.js';
import { batchPoint, regressionPoint } from '../../src/loss/softmax/softmax-regression.js';
import { denseEigen } from '../../src/numeric/kernels/dense-eigen.js';
import { randomStream } from '../../src/numeric/random.js';
import { atStart, descent, type DescentRule, type DescentState } from '../../src/train/descent.js';
import type { Direction } from '../../src/train/follow.js';
import { firstPairs } from '../../src/train/top-pairs.js';

type Rule = DescentRule<Float64Array>;

const data = sampleMixture({ classes: 3, dim: 4, noise: 0.3 }, 20, 1);
const stream = randomStream(1, 'weights');
const weights = new Float64Array(12).map(() => stream.normal());
const all = batchSchedule(20, 20, 1);

const rule = (change: Partial<Rule> = {}): Rule => ({
  rate: () => 0.5,
  gradient: (state) => Promise.resolve({ ...batchPoint(data, state.weights, all(state.step)), statistics: {} }),
  ...change,
});

/** The states up to a step. */
async function upTo(
  steps: number,
  first: DescentState<Float64Array>,
  given: Rule,
): Promise<DescentState<Float64Array>[]> {
  const states: DescentState<Float64Array>[] = [];
  for await (const state of descent(first, given)) {
    states.push(state);
    if (state.step === steps) break;
  }
  return states;
}

describe('descent', () => {
  it('is gradient descent where the batch is everything', async () => {
    const [first, second] = await upTo(1, atStart(weights), rule());
    expect(first).toMatchObject({ step: 0, time: 0, weights });
    const { gradient } = regressionPoint(data, weights);
    expect(second).toMatchObject({ step: 1, time: 0.5 });
    second!.weights.forEach((w, i) => {
      expect(w).toBeCloseTo(weights[i]! - 0.5 * gradient[i]!, 14);
    });
  });

  it('goes on from any of its states as if it had not stopped', async () => {
    const momentum = rule({ optimizer: { kind: 'momentum', momentum: 0.9 }, rate: (step) => 0.1 / (1 + step) });
    const whole = await upTo(9, atStart(weights, { optimizer: momentum.optimizer! }), momentum);
    for (const from of [1, 4, 8]) expect(await upTo(9, whole[from]!, momentum)).toEqual(whole.slice(from));
  });

  it('hands the optimizer what it remembers', async () => {
    const optimizer = { kind: 'momentum', momentum: 0.9 } as const;
    const [first, second, third] = await upTo(2, atStart(weights, { optimizer }), rule({ optimizer }));
    const [before, now] = [first!, second!].map((state) => regressionPoint(data, state.weights).gradient);
    third!.weights.forEach((w, i) => {
      expect(w).toBeCloseTo(second!.weights[i]! - 0.5 * (0.9 * before![i]! + now![i]!), 13);
    });
  });

  it('moves nothing that was handed out', async () => {
    const states = await upTo(3, atStart(weights), rule());
    const before = states.map(({ weights: w }) => w.slice());
    await upTo(3, states[0]!, rule());
    expect(states.map(({ weights: w }) => w)).toEqual(before);
    expect(new Set(states.map(({ weights: w }) => w)).size).toBe(4);
  });

  it.each(['dominant', 'bulk', 'newton'] as const)(
    'follows the %s part from the step on that the subspace says',
    async (direction: Direction) => {
      const { hessian, gradient } = regressionPoint(data, weights);
      const { values, vectors } = denseEigen(hessian);
      const pairs = firstPairs({ dimension: 12, values, vectors, errors: values.map(() => 0) }, 2);
      const along = [0, 1].map((i) =>
        vectors.subarray(12 * i, 12 * i + 12).reduce((s, x, j) => s + x * gradient[j]!, 0),
      );
      const part = gradient.map((g, j) => {
        const inside = along.reduce(
          (s, a, i) => s + (direction === 'newton' ? a / values[i]! : a) * vectors[12 * i + j]!,
          0,
        );
        return direction === 'bulk' ? g - inside : inside;
      });
      const refreshed: number[] = [];
      const following = (since: number | null): Rule =>
        rule({
          follow: {
            direction,
            refreshed: ({ step, follow }) => {
              refreshed.push(step);
              return Promise.resolve({ ...follow, pairs, since });
            },
          },
        });
      const [, moved] = await upTo(1, atStart(weights), following(0));
      moved!.weights.forEach((w, i) => {
        expect(w).toBeCloseTo(weights[i]! - 0.5 * part[i]!, 13);
      });
      const waiting = await upTo(2, atStart(weights), following(null));
      expect(waiting.map((state) => state.weights)).toEqual(
        (await upTo(2, atStart(weights), rule())).map((state) => state.weights),
      );
      expect(refreshed).toEqual([0, 0, 1]);
    },
  );

  it('stops where the loss of a batch or the weights are no numbers', async () => {
    const lost = rule({ gradient: () => Promise.resolve({ loss: NaN, gradient: weights, statistics: {} }) });
    await expect(upTo(1, atStart(weights), lost)).rejects.toThrow(/the loss of the batch of step 0 is NaN/);
    await expect(upTo(1, atStart(weights), rule({ rate: () => Infinity }))).rejects.toBeInstanceOf(NumericalError);
  });
});

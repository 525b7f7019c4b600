import { describe, expect, it } from 'vitest';
import { objective } from '../../../src/loss/network/objective.js';
import { batchOf } from '../../../src/loss/network/samples.js';
import { trainer } from '../../../src/loss/network/trainer.js';
import { randomProblem, relativeDistance, runtime } from './problems.js';

describe('trainer', () => {
  it('has the gradient of the objective where nothing is dropped or normalised', async () => {
    const { network, training, samples, weights } = randomProblem('mlp:5,4', [6]);
    const rows = Uint32Array.of(4, 0, 6);
    const batch = batchOf(samples, rows);
    const steps = await trainer(training, { runtime, precision: 'f64', seed: 1 });
    const { loss, gradient } = await steps.gradient(weights, {}, batch, 0);
    const point = await objective(network, batch, { runtime, precision: 'f64' }).evaluate(weights);
    expect(Math.abs(loss - point.loss)).toBeLessThan(1e-14);
    expect(relativeDistance(gradient, point.gradient)).toBeLessThan(1e-13);
  });

  it('normalises by the batch, and moves the running statistics a tenth of the way', async () => {
    const { network, training, samples, weights } = randomProblem('resnet18:1', [1, 8, 8], { samples: 4 });
    const steps = await trainer(training, { runtime, precision: 'f64', seed: 1 });
    const first = steps.initialStatistics;
    expect(new Set(first['norm.mean'])).toEqual(new Set([0]));
    const { loss, statistics } = await steps.gradient(weights, first, samples, 0);
    // Mean and variance of the first convolution over the batch, by the interpreter of the graph in evaluation: where the running
    // statistics are those of the batch, evaluation gives the loss of training.
    const ofBatch = Object.fromEntries(
      Object.entries(statistics).map(([name, value]) => [
        name,
        value.map((x, i) => first[name]![i]! + (x - first[name]![i]!) / 0.1) as Float64Array,
      ]),
    );
    const measured = objective(network, samples, { runtime, precision: 'f64' });
    expect(Math.abs((await measured.evaluate(weights, ofBatch)).loss - loss)).toBeLessThan(1e-10);
    expect(Math.abs((await measured.evaluate(weights, first)).loss - loss)).toBeGreaterThan(1e-3);
  });

  it('drops units by masks keyed by seed and step', async () => {
    const { training, samples, weights } = randomProblem('convnet-regularised', [1, 10, 10], { samples: 4 });
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => trainer(training, { runtime, precision: 'f64', seed })),
    );
    const lossOf = async (steps: typeof one, step: number): Promise<number> =>
      (await steps!.gradient(weights, steps!.initialStatistics, samples, step)).loss;
    const reference = await lossOf(one, 3);
    expect(await lossOf(again, 3)).toBe(reference);
    expect(await lossOf(one, 4)).not.toBe(reference);
    expect(await lossOf(other, 3)).not.toBe(reference);
  });
});

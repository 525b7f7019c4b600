import { beforeAll, describe, expect, it } from 'vitest';
import { regressionPoint } from '../../../../src/loss/softmax/softmax-regression.js';
import { decreaseAlong, type DecreaseAlong } from '../../../../src/studies/reproduce/probes/decrease-along.js';
import { densePoint, probedSoftmax, squared, sumOf, type Softmax } from './softmax-probe.js';

const m = 4;
const rates = [0.01, 1];
const descent = { rate: 1, steps: 4, refresh: 2 };

let found: DecreaseAlong;
let at: Softmax;
beforeAll(async () => {
  const { result, ...rest } = await probedSoftmax(decreaseAlong, { m, tolerance: 1e-10, rates, descent });
  [found, at] = [result, rest];
});

/** g, the sum of its parts in the first m dense eigenvectors, and the sum of the others. */
function denseParts(softmax: Softmax) {
  const { components, gradient } = densePoint(softmax);
  return { all: gradient, top: sumOf(components.slice(0, m)), bulk: sumOf(components.slice(m)) };
}

const moved = (weights: Float64Array, direction: Float64Array, rate: number): Float64Array =>
  weights.map((w, i) => w - rate * direction[i]!);

const lossAt = ({ data }: Softmax, weights: Float64Array): number => regressionPoint(data, weights).loss;

describe('decreaseAlong', () => {
  it('gives the change of the loss along the parts in dense eigenvectors', () => {
    const parts = denseParts(at);
    for (const { rate, actual } of found.steps) {
      for (const part of ['top', 'bulk', 'all'] as const) {
        const change = lossAt(at, moved(at.weights, parts[part], rate)) - lossAt(at, at.weights);
        expect(Math.abs(actual[part] - change), `${part}, ${rate}`).toBeLessThan(1e-8 * Math.abs(change));
      }
    }
  });

  it('predicts it with an error of second and third order', () => {
    const [small, large] = found.steps as [DecreaseAlong['steps'][0], DecreaseAlong['steps'][0]];
    const { all, top } = denseParts(at);
    expect(small.firstOrder.all / (-small.rate * squared(all))).toBeCloseTo(1, 10);
    expect(small.firstOrder.top / (-small.rate * squared(top))).toBeCloseTo(1, 8);
    for (const part of ['top', 'bulk', 'all'] as const) {
      const error = ({ actual, secondOrder }: DecreaseAlong['steps'][0]): number =>
        Math.abs(actual[part] - secondOrder[part]);
      const order = Math.log10(error(large) / error(small)) / Math.log10(large.rate / small.rate);
      expect(Math.abs(order - 3), part).toBeLessThan(0.3);
    }
  });

  it('follows a part for many steps, with eigenvectors renewed as often as asked', () => {
    expect(found.descents.all[1]! - found.descents.all[0]!).toBeCloseTo(found.steps[1]!.actual.all, 12);
    let weights = at.weights;
    let vectors: Float64Array[] = [];
    for (let step = 0; step <= descent.steps; step++) {
      expect(found.descents.bulk[step]! / lossAt(at, weights), String(step)).toBeCloseTo(1, 8);
      const { gradient, vectors: all } = densePoint({ ...at, weights });
      const n = weights.length;
      if (step % descent.refresh === 0) {
        vectors = Array.from({ length: m }, (_, i) => all.slice(i * n, (i + 1) * n));
      }
      const along = vectors.map((v) => v.reduce((sum, x, j) => sum + x * gradient[j]!, 0));
      const bulk = gradient.map((x, j) => x - vectors.reduce((sum, v, i) => sum + along[i]! * v[j]!, 0));
      weights = moved(weights, bulk, descent.rate);
    }
  });
});

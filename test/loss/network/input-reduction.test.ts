import { describe, expect, it } from 'vitest';
import { inputReduction } from '../../../src/loss/network/input-reduction.js';
import { objective } from '../../../src/loss/network/objective.js';
import { randomProblem, randomVectors, relativeDistance, runtime } from './problems.js';

const active = Uint32Array.of(0, 2, 3, 7);
const full = randomProblem('mlp:5,4', [9], { samples: 12 });
const reduced = randomProblem('mlp:5,4', [4], { samples: 12 });
const inputs = full.samples.inputs.map((x, i) => (active.includes(i % 9) ? x : 0));
const kept = Float64Array.from({ length: 48 }, (_, i) => inputs[Math.floor(i / 4) * 9 + active[i % 4]!]!);

describe('inputReduction', () => {
  const { reduce, expand, reduced: layout } = inputReduction(full.network.layout, 'dense1.weight', active);

  it('changes neither loss nor gradient nor products', async () => {
    expect(layout).toEqual(reduced.network.layout);
    const options = { runtime, precision: 'f64' } as const;
    const whole = objective(full.network, { ...full.samples, inputs: inputs }, options);
    const part = objective(reduced.network, { ...full.samples, inputs: kept }, options);
    const [wholePoint, partPoint] = [await whole.evaluate(full.weights), await part.evaluate(reduce(full.weights))];
    expect(Math.abs(wholePoint.loss - partPoint.loss)).toBeLessThan(1e-14);
    expect(
      relativeDistance(expand(partPoint.gradient, new Float64Array(full.weights.length)), wholePoint.gradient),
    ).toBeLessThan(1e-13);
    const v = randomVectors(full.weights.length, 1, 1);
    const Hv = await whole.curvature('hessian', full.weights).apply(v, 1);
    const reducedHv = await part.curvature('hessian', reduce(full.weights)).apply(reduce(v), 1);
    expect(relativeDistance(expand(reducedHv, new Float64Array(v.length)), Hv)).toBeLessThan(1e-13);
  });

  it('gives back the frozen weights', () => {
    expect(expand(reduce(full.weights), full.weights)).toEqual(full.weights);
    const moved = expand(
      reduce(full.weights).map((x) => x + 1),
      full.weights,
    );
    expect(moved.filter((x, i) => x === full.weights[i])).toHaveLength(5 * 5);
    expect(() => inputReduction(full.network.layout, 'conv1.weight', active)).toThrow(
      /no dense weights 'conv1.weight'/,
    );
  });
});

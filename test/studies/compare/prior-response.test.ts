import { describe, expect, it } from 'vitest';
import { priorResponse } from '../../../src/studies/compare/prior-response.js';
import { solveFlow } from '../../../src/exact/flow/index.js';
import { mixtureFromGram, populationPoint, tensorHermite } from '../../../src/exact/population/index.js';

/** W on the means at a time, by quadrature over the whole mixture. */
function weightsAt(k: number, noise: number, r: number, time: number): Float64Array {
  const gram = Float64Array.from({ length: k * k }, (_, i) => (Math.floor(i / k) === i % k ? 1 : 0));
  const priors = Array.from({ length: k }, (_, a) => (a === 0 ? (1 + r) / k : (1 - r / (k - 1)) / k));
  const model = mixtureFromGram({ gram, dim: k, noises: priors.map(() => noise), priors });
  const field = (_: number, W: Float64Array, rate: Float64Array): void => {
    populationPoint(model, W, tensorHermite(12)).gradient.forEach((g, i) => (rate[i] = -g));
  };
  const options = { relativeTolerance: 1e-9, absoluteTolerance: 1e-10 };
  return solveFlow(field, new Float64Array(k * k), [0, time], options).states[1]!;
}

describe('priorResponse', () => {
  it.each([
    [2, 0.3, 12],
    [3, 0.1, 4],
    [3, 0.4, 20],
  ])('is the derivative of the population flow by a prior: k = %i, σ = %f, t = %i', (k, noise, time) => {
    const h = 0.01;
    const [more, less] = [weightsAt(k, noise, h, time), weightsAt(k, noise, -h, time)];
    const [{ own, other }] = priorResponse({ classes: k, noise }, [time]) as [{ own: number; other: number }];
    // Central differences: relative error of order h², and the tolerance of the response, 1e-5.
    expect(Math.abs(own / ((more[0]! - less[0]!) / (2 * h)) - 1)).toBeLessThan(1e-3);
    expect(Math.abs(other / ((more[k]! - less[k]!) / (2 * h)) - 1)).toBeLessThan(1e-3);
  });
});

import { describe, expect, it } from 'vitest';
import { softmaxHessian } from './noiseless-hessian.js';
import { smallSymmetricEigen } from '../../../../src/numeric/kernels/small-symmetric-eigen.js';
import { exactFlow, randomWeights } from '../../../../src/exact/noiseless/index.js';
import {
  exactRecurrence,
  trainedRecurrence,
  type GradientRecurrence,
} from '../../../../src/studies/reproduce/probes/gradient-recurrence.js';
import { densePoint, probedSoftmax, squared } from './softmax-probe.js';

/** Energies e_i in eigenvectors of λ_i: after t iterations they are e_i (1 − ηλ_i)^{2t}. */
function closedForm(
  { rate, insideRayleigh }: GradientRecurrence,
  values: Float64Array,
  energies: readonly number[],
  m: number,
) {
  return insideRayleigh.map((_, t) => {
    const now = energies.map((e, i) => e * (1 - rate * values[i]!) ** (2 * t));
    const total = now.reduce((a, b) => a + b);
    const inside = now.slice(0, m).reduce((a, b) => a + b);
    const weighted = now.map((e, i) => e * values[i]!);
    return {
      inside: weighted.slice(0, m).reduce((a, b) => a + b) / inside,
      whole: weighted.reduce((a, b) => a + b) / total,
      share: inside / total,
    };
  });
}

function agrees(found: GradientRecurrence, expected: ReturnType<typeof closedForm>, tolerance: number): void {
  expected.forEach(({ inside, whole, share }, t) => {
    expect(Math.abs(found.insideRayleigh[t]! / inside - 1), `inside, ${t}`).toBeLessThan(tolerance);
    expect(Math.abs(found.wholeRayleigh[t]! / whole - 1), `whole, ${t}`).toBeLessThan(tolerance);
    expect(Math.abs(found.wholeTopFraction[t]! / share - 1), `share, ${t}`).toBeLessThan(tolerance);
  });
}

describe('trainedRecurrence', () => {
  it('is (1 − ηλ_i)^t in each dense eigenvector', async () => {
    const [m, iterations] = [4, 30];
    const args = { m, rate: 2, iterations, tolerance: 1e-11 };
    const { result, ...softmax } = await probedSoftmax(trainedRecurrence, args);
    const { values, components } = densePoint(softmax);
    expect(result.insideRayleigh).toHaveLength(iterations + 1);
    result.eigenvalues.forEach((value, i) => {
      expect(Math.abs(value / values[i]! - 1)).toBeLessThan(1e-9);
    });
    agrees(result, closedForm(result, values, components.map(squared), m), 1e-7);
  });
});

describe('exactRecurrence', () => {
  it('is (1 − ηλ_i)^t in each eigenvector of the dense Hessian of the model', async () => {
    const [k, scale, seed, time] = [3, 1, 5, 8];
    const args = { classes: k, scale, seed, time, relativeRate: 0.5, iterations: 60 };
    const result = await exactRecurrence.run(args, {
      onProgress: () => undefined,
    } as unknown as Parameters<typeof exactRecurrence.run>[1]);
    const { gradient, hessian } = softmaxHessian(k, exactFlow(k, randomWeights(k, scale, seed)).at(time).weights);
    const { values, vectors } = smallSymmetricEigen(hessian, k * k);
    const energies = Array.from(
      values,
      (_, i) => gradient.reduce((sum, x, j) => sum + x * vectors[i * k * k + j]!, 0) ** 2,
    );
    expect(result.rate * values[0]!).toBeCloseTo(0.5, 10);
    agrees(result, closedForm(result, values, energies, k), 1e-9);
    // In the end, the smallest eigenvalue of the top space from within; smaller ones from all of g.
    expect(result.insideRayleigh.at(-1)! / values[k - 1]!).toBeLessThan(1.05);
    expect(result.wholeRayleigh.at(-1)!).toBeLessThan(values[k - 1]!);
  });
});

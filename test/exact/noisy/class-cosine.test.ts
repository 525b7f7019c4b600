import { expect, it } from 'vitest';
import { classCosine } from '../../../src/exact/noisy/class-cosine.js';
import { marginPoint } from '../../../src/exact/noisy/index.js';
import { gaussHermite } from '../../../src/numeric/quadrature/gauss-hermite.js';

/** G_c from the definition on a lattice: E[(p − e_c) xᵀ | y = c] on the means. */
function definedGradient(k: number, noise: number, margin: number, c: number): number[] {
  const { nodes, weights } = gaussHermite(24);
  const gradient = new Array<number>(k * k).fill(0);
  for (let place = 0; place < nodes.length ** k; place++) {
    const digits = Array.from({ length: k }, (_, i) => Math.floor(place / nodes.length ** i) % nodes.length);
    const weight = digits.reduce((product, i) => product * weights[i]!, 1);
    const x = digits.map((i, f) => (f === c ? 1 : 0) + noise * nodes[i]!);
    const odds = x.map((value) => Math.exp(margin * value));
    const total = odds.reduce((sum, value) => sum + value, 0);
    for (let a = 0; a < k; a++)
      for (let f = 0; f < k; f++) gradient[a * k + f]! += weight * (odds[a]! / total - (a === c ? 1 : 0)) * x[f]!;
  }
  return gradient;
}

const inner = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, i) => sum + value * y[i]!, 0);

it.each([
  [2, 0.5, 1],
  [3, 0.5, 1.5],
  [3, 0.3, 4],
])(
  'is that of the gradients of two classes from their definition, k = %i, σ = %d, α = %d',
  (classes, noise, margin) => {
    const [a, b] = [0, 1].map((c) => definedGradient(classes, noise, margin, c)) as [number[], number[]];
    const found = classCosine({ classes, noise, margin });
    expect(found.squaredNorm / inner(a, a)).toBeCloseTo(1, 8);
    expect(found.product / inner(a, b)).toBeCloseTo(1, 8);
  },
);

it.each([4, 10, 100])('has the gradient of the loss as its mean, and cancels at the optimum, k = %i', (classes) => {
  const [noise, k] = [0.3, classes];
  for (const margin of [0.5, 2, 5]) {
    const { squaredNorm, product } = classCosine({ classes, noise, margin });
    const { gradientNorm } = marginPoint({ classes, noise, margin });
    expect((squaredNorm + (k - 1) * product) / k / gradientNorm ** 2).toBeCloseTo(1, 8);
  }
  expect(classCosine({ classes, noise, margin: 1 / noise ** 2 }).cosine).toBeCloseTo(-1 / (k - 1), 12);
  expect(classCosine({ classes, noise, margin: 0 }).cosine).toBe(0);
  expect(classCosine({ classes, noise: 0.01, margin: 1e4 }).cosine).toBeCloseTo(-1 / (k - 1), 12); // where squares underflow
});

import { describe, expect, it } from 'vitest';
import { smallSymmetricEigen } from '../../src/numeric/kernels/small-symmetric-eigen.js';
import { quadratureBounds } from '../../src/numeric/lanczos/quadrature-bounds.js';
import type { JacobiMatrix } from '../../src/numeric/lanczos/spectral-ceiling.js';
import { randomStream } from '../../src/numeric/random.js';
import { operatorWithSpectrum } from './spectra.js';

const n = 40;
const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, entry, i) => sum + entry * y[i]!, 0);
const scaled = (x: Float64Array, factor: number): Float64Array => x.map((entry) => factor * entry);
const unit = (x: Float64Array): Float64Array => scaled(x, 1 / Math.sqrt(dot(x, x)));
const sum = (x: Float64Array, y: Float64Array): Float64Array => x.map((entry, i) => entry + y[i]!);

/** Lanczos with every vector made orthogonal to all others, twice. */
function lanczos(apply: (x: Float64Array) => Float64Array, g: Float64Array, steps: number): JacobiMatrix {
  const [basis, alpha, beta]: [Float64Array[], number[], number[]] = [[unit(g)], [], []];
  for (let k = 0; k < steps; k++) {
    let next = apply(basis[k]!);
    alpha.push(dot(basis[k]!, next));
    for (let pass = 0; pass < 2; pass++) for (const u of basis) next = sum(next, scaled(u, -dot(u, next)));
    beta.push(Math.sqrt(dot(next, next)));
    basis.push(unit(next));
  }
  return { alpha, beta };
}

/** Descending: outliers, ties and multiplets at the cut, a bulk below it or around it. */
function randomSpectrum(seed: number, m: number): number[] {
  const stream = randomStream(seed, 'spectrum');
  const tie = seed % 5 === 0 ? 0 : 10 ** (-5 * stream.uniform());
  const bulk = seed % 3 === 0 ? 1.2 : 10 ** (-2 * stream.uniform());
  return Array.from({ length: n }, (_, i) =>
    i < m ? 1 + (m - 1 - i) * 10 ** -stream.uniform() : i < m + 2 ? 1 - tie * (i - m + 1) : bulk * stream.uniform(),
  ).sort((a, b) => b - a);
}

describe('quadratureBounds', () => {
  it('enclose the share of g in the top eigenspace of A, from Lanczos of A + E with ĝ, and say something', () => {
    let [informative, narrow, multiple] = [0, 0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const stream = randomStream(seed, 'quadrature');
      const m = 1 + (seed % 5);
      const values = randomSpectrum(seed, m);
      const normal = () => Float64Array.from({ length: n }, () => stream.normal());
      const inside = 10 ** (2 - 4 * stream.uniform());
      const g = normal().map((x, i) => (i < m ? inside * x : x));
      // ‖E‖ = ε in all directions at random, or in the plane of an eigenvector above the cut and what g has below it, where it turns most.
      const rounding = 10 ** (-1 - 11 * stream.uniform());
      const signs = operatorWithSpectrum(
        Array.from({ length: n }, (_, i) => (i % 2 ? -1 : 1)),
        seed,
      );
      const below = unit(g.map((x, i) => (i < m ? 0 : x)));
      const turned = (x: Float64Array): Float64Array => {
        const [along, beside] = [dot(below, x), x[m - 1]!];
        return below.map((entry, i) => beside * entry + (i === m - 1 ? along : 0));
      };
      const error = (x: Float64Array) => scaled(seed % 2 ? turned(x) : signs.apply(x, 1), rounding);
      const apply = (x: Float64Array): Float64Array =>
        sum(
          x.map((entry, i) => entry * values[i]!),
          error(x),
        );
      const gradientError = seed % 4 === 0 ? 0 : 10 ** (-1 - 8 * stream.uniform());
      const there = sum(
        g,
        scaled(unit(seed % 8 < 4 ? normal() : scaled(below, -1)), gradientError * Math.sqrt(dot(g, g))),
      );
      // Relative to the vector that Lanczos begins with.
      const relative = (gradientError * Math.sqrt(dot(g, g))) / Math.sqrt(dot(there, there));
      const jacobi = lanczos(apply, there, m + 1 + stream.integer(n - m - 8));
      const k = jacobi.alpha.length;
      const t = new Float64Array(k * k);
      jacobi.alpha.forEach((alpha, i) => {
        t[i * k + i] = alpha;
        if (i > 0) t[i * k + i - 1] = t[(i - 1) * k + i] = jacobi.beta[i - 1]!;
      });
      const floor = smallSymmetricEigen(t, k).values[m - 1]!;
      const slack = seed % 3 === 1 ? 0 : 10 ** (-8 * stream.uniform());
      const { lower, upper } = quadratureBounds(jacobi, {
        floor,
        ceiling: values[m]! + slack,
        rounding,
        gradientError: relative,
      });
      // All eigenvectors of a multiplet at the cut may be among the first m, or none.
      const isTied = values[m - 1] === values[m];
      if (isTied) multiple++;
      const share = (isIn: (value: number) => boolean): number =>
        g.reduce((part, x, i) => (isIn(values[i]!) ? part + x * x : part), 0) / dot(g, g);
      const least = share((value) => (isTied ? value > values[m]! : value >= values[m - 1]!));
      const most = share((value) => value >= values[m - 1]!);
      const sums = 2 * n * Number.EPSILON;
      expect(lower, `seed ${seed}`).toBeLessThanOrEqual(least + sums);
      expect(upper, `seed ${seed}`).toBeGreaterThanOrEqual(most - sums);
      if (upper - lower < 0.5) informative++;
      if (upper - lower < 1e-3 + 4 * relative) narrow++;
    }
    expect(informative).toBeGreaterThan(300);
    expect(narrow).toBeGreaterThan(100);
    expect(multiple).toBeGreaterThan(40);
  });

  it('say nothing from below where nothing bounds what lies behind the cut', () => {
    const cut = { floor: 1, ceiling: Infinity, rounding: 0, gradientError: 0 };
    expect(quadratureBounds({ alpha: [2, 1, 0], beta: [1, 1, 1] }, cut).lower).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { denseFeatures } from '../../../src/data/features.js';
import { marginPoint, noisyLevels } from '../../../src/exact/noisy/index.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { randomStream, type RandomStream } from '../../../src/numeric/random.js';
import {
  mixtureFromGram,
  populationPoint,
  shiftedLattices,
  tensorHermite,
  type MixtureModel,
} from '../../../src/exact/population/index.js';
import { norm } from '../../../src/numeric/kernels/norm.js';
import { regressionPoint } from '../../../src/loss/softmax/softmax-regression.js';
import { preciseSoftmax, relativeError } from '../../loss/network/precise-softmax.js';

function randomModel(stream: RandomStream): { model: MixtureModel; weights: Float64Array } {
  const k = 2 + stream.integer(2);
  const dim = k + stream.integer(3);
  const roots = Float64Array.from({ length: k * k }, () => stream.normal());
  const gram = Float64Array.from({ length: k * k }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += roots[Math.floor(i / k) * k + j]! * roots[(i % k) * k + j]!;
    return sum / k;
  });
  const raw = Array.from({ length: k }, () => 0.2 + stream.uniform());
  const total = raw.reduce((sum, x) => sum + x, 0);
  const noises = Array.from({ length: k }, () => 0.6 * stream.uniform());
  const isotropic = mixtureFromGram({ gram, dim, noises, priors: raw.map((x) => x / total) });
  // Every other model has a noise of some shape, with a feature that has none.
  const shape = Float64Array.from({ length: dim }, (_, f) => (f === dim - 1 ? 0 : 1.5 * stream.uniform()));
  const model = stream.uniform() < 0.5 ? isotropic : { ...isotropic, shape };
  return { model, weights: Float64Array.from({ length: k * dim }, () => stream.normal()) };
}

describe('populationPoint, far along', () => {
  it('has loss, ‖g‖ and λ to relative accuracy where a class takes all but e^{−margin}', () => {
    const unit = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const model = mixtureFromGram({ gram: unit, dim: 3, noises: [0, 0, 0], priors: [1 / 3, 1 / 3, 1 / 3] });
    for (const margin of [5, 40, 300]) {
      const weights = unit.map((x, i) => margin * x + 0.25 * ((5 * i) % 7));
      const exact = preciseSoftmax({ classes: 3, features: 3, labels: Uint16Array.of(0, 1, 2), x: unit, weights });
      const { loss, gradient, hessian } = populationPoint(model, weights, tensorHermite(2));
      const tolerance = 64 * Number.EPSILON * margin;
      expect(relativeError(loss, exact.loss)).toBeLessThan(tolerance);
      expect(relativeError(norm(gradient), exact.gradientNorm)).toBeLessThan(tolerance);
      const { values } = denseEigen(hessian);
      for (const i of [0, 1, 2]) expect(relativeError(values[i]!, exact.eigenvalues[i]!)).toBeLessThan(4 * tolerance);
    }
  });

  it('has noise across the means that no class sees: rows of E[S] that add up to 0', () => {
    const gram = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const model = mixtureFromGram({ gram, dim: 4, noises: [0.1, 0.1, 0.1] });
    const weights = Float64Array.from({ length: 12 }, (_, i) => (i % 5 === 0 ? 40 : 0));
    const { hessian } = populationPoint(model, weights, tensorHermite(8));
    const out = hessian.apply(
      weights.map((_, i) => (i === 3 ? 1 : 0)),
      1,
    );
    const column = [out[3]!, out[7]!, out[11]!];
    expect(column[0]).toBeGreaterThan(0);
    expect(Math.abs(column[0]! + column[1]! + column[2]!)).toBeLessThan(8 * Number.EPSILON * column[0]!);
  });
});

describe('populationPoint', () => {
  it('has Hessian products equal to differences of its gradient to 1e-6, on 100 random models', () => {
    const stream = randomStream(5, 'population');
    const rules = [tensorHermite(140), tensorHermite(72)];
    for (let i = 0; i < 100; i++) {
      const { model, weights } = randomModel(stream);
      const rule = rules[model.classes - 2]!;
      const V = weights.map(() => stream.normal());
      const { gradient, hessian } = populationPoint(model, weights, rule);
      const product = hessian.apply(V, 1);
      const h = 2e-3;
      const shifted = (s: number) =>
        populationPoint(
          model,
          weights.map((w, j) => w + s * h * V[j]!),
          rule,
        );
      const [plus, minus, plus2, minus2] = [shifted(1), shifted(-1), shifted(2), shifted(-2)];
      const fourthOrder = (near: number, far: number): number => (8 * near - far) / (12 * h);
      const difference = plus.gradient.map((g, j) =>
        fourthOrder(g - minus.gradient[j]!, plus2.gradient[j]! - minus2.gradient[j]!),
      );
      const error = Math.hypot(...difference.map((x, j) => x - product[j]!)) / Math.hypot(...product);
      expect(error).toBeLessThan(1e-6);
      const slope = fourthOrder(plus.loss - minus.loss, plus2.loss - minus2.loss);
      const along = gradient.reduce((sum, g, j) => sum + g * V[j]!, 0);
      expect(Math.abs(slope - along)).toBeLessThan(1e-6 * Math.hypot(...V));
    }
  }, 120_000);

  it('equals the symmetric closed form to 1e-9, eigenvalue by eigenvalue, on 100 random symmetric models', () => {
    const stream = randomStream(6, 'symmetric');
    const rules = { 2: tensorHermite(60), 3: tensorHermite(36) };
    for (let i = 0; i < 100; i++) {
      const k = (2 + (i % 2)) as 2 | 3;
      const dim = k + stream.integer(3);
      const noise = 0.2 + 0.4 * stream.uniform();
      const correlation = -1 / (k - 1) + 1.3 * stream.uniform();
      const margin = (0.7 * stream.uniform()) / noise / Math.sqrt(1 - Math.min(correlation, 0.9));
      const rho = Math.min(correlation, 0.9);
      const gram = Array.from({ length: k * k }, (_, j) => (Math.floor(j / k) === j % k ? 1 : rho));
      const model = mixtureFromGram({ gram, dim, noises: new Array<number>(k).fill(noise) });
      const weights = model.means.map((x, j) => {
        let mean = 0;
        for (let b = 0; b < k; b++) mean += model.means[b * dim + (j % dim)]! / k;
        return margin * (x - mean);
      });
      const { hessian, loss, error } = populationPoint(model, weights, rules[k]);
      const point = { classes: k, dim, noise, margin, correlation: rho };
      const exact = noisyLevels(point).levels.flatMap(({ value, multiplicity }) =>
        new Array<number>(multiplicity).fill(value),
      );
      const measured = denseEigen(hessian).values;
      exact.forEach((value, j) => {
        expect(Math.abs(measured[j]! - value)).toBeLessThan(1e-9 * exact[0]!);
      });
      const scalars = marginPoint(point);
      expect(Math.abs(loss / scalars.loss - 1)).toBeLessThan(1e-9);
      expect(Math.abs(error / scalars.error - 1)).toBeLessThan(1e-9);
    }
  }, 120_000);

  it('is what samples average to, within their error bars', () => {
    const stream = randomStream(7, 'samples');
    const { model: isotropic, weights } = randomModel(stream);
    const model = { ...isotropic, shape: Float64Array.from({ length: isotropic.dim }, (_, f) => 0.4 + 0.5 * f) };
    const { classes: k, dim, means, priors, noises, shape } = model;
    const exact = populationPoint(model, weights, tensorHermite(30));
    const V = weights.map(() => stream.normal());
    const exactProduct = exact.hessian.apply(V, 1);
    const groups = Array.from({ length: 20 }, () => {
      const n = 4000;
      const labels = new Uint16Array(n);
      const x = new Float64Array(n * dim);
      for (let i = 0; i < n; i++) {
        let u = stream.uniform();
        let a = 0;
        while (a < k - 1 && u > priors[a]!) u -= priors[a++]!;
        labels[i] = a;
        for (let f = 0; f < dim; f++)
          x[i * dim + f] = means[a * dim + f]! + noises[a]! * (shape[f] ?? 1) * stream.normal();
      }
      const point = regressionPoint({ features: denseFeatures(n, dim, x), labels, classes: k }, weights);
      return [point.loss, ...point.gradient, ...point.hessian.apply(V, 1)];
    });
    const expected = [exact.loss, ...exact.gradient, ...exactProduct];
    expected.forEach((value, j) => {
      const values = groups.map((group) => group[j]!);
      const mean = values.reduce((sum, y) => sum + y, 0) / values.length;
      const error = Math.sqrt(
        values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (values.length * (values.length - 1)),
      );
      expect(Math.abs(mean - value) / error).toBeLessThan(5);
    });
  });

  it('takes randomised lattices for more classes, with an honest spread', () => {
    const k = 7;
    const gram = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
    const model = mixtureFromGram({ gram, dim: k, noises: new Array<number>(k).fill(0.5) });
    const weights = gram.map((x) => 2 * (x - 1 / k));
    const losses = shiftedLattices(1021, 12, randomStream(1, 'shifts')).map(
      (rule) => populationPoint(model, weights, rule).loss,
    );
    const mean = losses.reduce((sum, x) => sum + x, 0) / 12;
    const error = Math.sqrt(losses.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (12 * 11));
    const { loss } = marginPoint({ classes: k, noise: 0.5, margin: 2 });
    expect(error / loss).toBeLessThan(0.005);
    expect(Math.abs(mean - loss) / error).toBeLessThan(5);
  });

  it('needs no quadrature where W is zero or noise is absent', () => {
    const model = mixtureFromGram({ gram: [1, 0, 0, 1], dim: 2, noises: [0.5, 0.5] });
    const { loss, gradient, error } = populationPoint(model, new Float64Array(4), tensorHermite(3));
    expect(loss).toBeCloseTo(Math.LN2, 14);
    expect(error).toBeCloseTo(0.5, 14);
    expect(Array.from(gradient, (g) => Math.round(1e12 * g) / 1e12)).toEqual([-0.25, 0.25, 0.25, -0.25]);
  });

  it('refuses models that are none', () => {
    expect(() => mixtureFromGram({ gram: [1, 2, 2, 1], dim: 2, noises: [1, 1] })).toThrow(/positive semidefinite/);
    expect(() => mixtureFromGram({ gram: [1, 0, 0, 1], dim: 2, noises: [1, 1], priors: [0.5, 0.6] })).toThrow(
      UsageError,
    );
    expect(() => mixtureFromGram({ gram: [1, 0, 0, 1], dim: 1, noises: [1, 1] })).toThrow(/dim/);
    const model = mixtureFromGram({ gram: [1, 0, 0, 1], dim: 2, noises: [1, 1] });
    expect(() => populationPoint(model, new Float64Array(3), tensorHermite(3))).toThrow(/weights must hold/);
  });
});

import { describe, expect, it } from 'vitest';
import { architecture } from '../../../src/loss/network/architectures.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { buildNetwork } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import type { Objective } from '../../../src/loss/objective.js';
import { papyanSplit } from '../../../src/loss/papyan-split.js';
import { blockLanczosAsync } from '../../../src/numeric/lanczos/block-lanczos.js';
import type { FloatArray, Precision } from '../../../src/numeric/kernels/float-array.js';
import { energyFraction } from '../../../src/observe/energy-fraction.js';
import { measuredSpectrum } from '../../../src/observe/measured-spectrum.js';
import { norm } from '../../../src/numeric/kernels/norm.js';
import { nearMargin, preciseSoftmax, relativeError, type SmallProblem } from './precise-softmax.js';
import { inner, randomProblem, randomVectors, relativeDistance, runtime } from './problems.js';

const epsilon = { f32: 2 ** -23, f64: 2 ** -52 };
const inPrecision = (precision: Precision, x: FloatArray): FloatArray =>
  precision === 'f32' ? Float32Array.from(x) : Float64Array.from(x);

function softmaxObjective({ classes, features, labels, x }: SmallProblem, precision: Precision): Objective {
  const options = { outputs: classes, activation: 'relu', bias: false } as const;
  const layers = architecture('softmax', [features], options);
  const spec = { inputShape: [features], outputs: classes, layers, loss: crossEntropy };
  const targets = Float64Array.from({ length: labels.length * classes }, (_, at) =>
    at % classes === labels[Math.floor(at / classes)] ? 1 : 0,
  );
  const samples = {
    count: labels.length,
    inputs: inPrecision(precision, x),
    targets: inPrecision(precision, targets),
  };
  return objective(buildNetwork(spec, 'evaluate'), samples, { runtime, precision, chunk: 4 });
}

describe('a saturated softmax', () => {
  const cases = [
    ...[5, 20, 50, 80].map((margin) => ['f32', margin] as const),
    ...[5, 40, 300, 700].map((margin) => ['f64', margin] as const),
  ];

  it.each(cases)('has loss, ‖g‖, λ and f_top to relative accuracy, in %s at margin %i', async (precision, margin) => {
    // Scores near m carry the rounding of a few operations of size m, and 1 − p_y as much relative to it; eigenvectors turn by
    // that times λ₁ over the gap, here 5.
    const tolerance = 64 * epsilon[precision] * (margin + 8);
    expect(tolerance).toBeLessThan(precision === 'f32' ? 1e-3 : 1e-9);
    const problem = nearMargin(margin);
    const exact = preciseSoftmax(problem);
    const measured = softmaxObjective(problem, precision);
    const weights = inPrecision(precision, problem.weights);
    const { loss, gradient } = await measured.evaluate(weights);
    expect(relativeError(loss, exact.loss)).toBeLessThan(tolerance);
    expect(relativeError(norm(gradient), exact.gradientNorm)).toBeLessThan(tolerance);
    for (const kind of ['hessian', 'gauss-newton'] as const) {
      const until = { topFraction: { gradient, m: 3, accuracy: 1e-12 } };
      const pairs = await blockLanczosAsync(measured.curvature(kind, weights), { count: 4, until });
      for (const i of [0, 1, 2, 3]) {
        expect(relativeError(pairs.values[i]!, exact.eigenvalues[i]!), `λ_${i + 1}`).toBeLessThan(tolerance);
      }
      const fraction = energyFraction(measuredSpectrum(pairs), gradient, 3, 'the gradient');
      for (const found of [fraction.lower, fraction.upper, pairs.topFraction!.estimate]) {
        expect(Math.abs(found / exact.topFractions[2]! - 1)).toBeLessThan(tolerance);
      }
    }
    await measured.release();
  });

  it('of twelve images of one pixel each, at margin 20 in f32, has f_top(3) = 0.998392', async () => {
    const labels = Uint16Array.from({ length: 12 }, (_, i) => i % 3);
    const x = Float64Array.from({ length: 48 }, (_, at) => {
      const [i, f] = [Math.floor(at / 4), at % 4];
      return f < 3 ? Number(f === labels[i]) : (5 + 20 * i) / 255;
    });
    const weights = Float64Array.of(20, 0, 0, 0.1, 0, 20, 0, -0.2, 0, 0, 20, 0);
    const problem = { classes: 3, features: 4, labels, x, weights };
    const exact = preciseSoftmax(problem);
    const shown = [exact.loss, exact.gradientNorm, exact.eigenvalues[0]!].map((value) =>
      value.toNumber().toPrecision(4),
    );
    expect(shown).toEqual(['4.164e-9', '2.979e-9', '3.096e-9']);
    expect(exact.topFractions[2]!.toFixed(6)).toBe('0.998392');
    const measured = softmaxObjective(problem, 'f32');
    const theta = Float32Array.from(weights);
    const { loss, gradient } = await measured.evaluate(theta);
    const pairs = await blockLanczosAsync(measured.curvature('hessian', theta), { count: 4, tolerance: 1e-6 });
    const fraction = energyFraction(measuredSpectrum(pairs), gradient, 3, 'the gradient');
    const errors = [
      relativeError(loss, exact.loss),
      relativeError(norm(gradient), exact.gradientNorm),
      relativeError(pairs.values[0]!, exact.eigenvalues[0]!),
      Math.abs(fraction.lower / exact.topFractions[2]! - 1),
    ];
    for (const error of errors) expect(error).toBeLessThan(64 * epsilon.f32 * 28);
    await measured.release();
  });

  it('has products with the gradient, which are as small as its square', async () => {
    const problem = nearMargin(80);
    const measured = softmaxObjective(problem, 'f32');
    const weights = Float32Array.from(problem.weights);
    const { gradient } = await measured.evaluate(weights);
    const H = measured.curvature('hessian', weights);
    const size = norm(gradient);
    const along = await H.apply(gradient, 1);
    const ofUnit = await H.apply(
      gradient.map((x) => x / size),
      1,
    );
    expect(norm(along)).toBeGreaterThan(0);
    expect(
      relativeDistance(
        along.map((x) => x / size),
        ofUnit,
      ),
    ).toBeLessThan(8 * epsilon.f32);
    await measured.release();
  });

  it("has Papyan's parts to relative accuracy: they add up to the trace of G", async () => {
    // One sample of each class, so that nothing varies within pairs and G is between, cross, and each class's own.
    const [k, margin] = [3, 60];
    const unit = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
    const weights = unit.map((x, i) => margin * x + 0.25 * (i % 5));
    const problem = { classes: k, features: k, labels: Uint16Array.of(0, 1, 2), x: unit, weights };
    const measured = softmaxObjective(problem, 'f64');
    const gradients = await measured.classGradients(weights);
    const { between, cross } = papyanSplit(gradients);
    const own = [0, 1, 2].map((c) => inner(gradients.sums[4 * c]!, gradients.sums[4 * c]!) / gradients.weights[4 * c]!);
    const { eigenvalues } = preciseSoftmax(problem);
    const trace = eigenvalues.reduce((sum, value) => sum + value.toNumber(), 0);
    const sum = [...between, ...cross, ...own].reduce((a, b) => a + b, 0);
    expect(Math.abs(sum / trace - 1)).toBeLessThan(64 * epsilon.f64 * margin);
    // A class's own part is of second order: p_y ‖e_y − p‖²/n, whose entry y is 1 − p_y, here Σ p_c to 26 digits.
    own.forEach((value, c) => {
      const p = [0, 1, 2].filter((b) => b !== c).map((b) => Math.exp(weights[b * k + c]! - weights[c * k + c]!));
      const expected = (p.reduce((a, b) => a + b) ** 2 + p.reduce((a, b) => a + b ** 2, 0)) / k;
      expect(Math.abs(value / expected - 1)).toBeLessThan(64 * epsilon.f64 * margin);
    });
    await measured.release();
  });
});

describe('a saturated network with a hidden layer', () => {
  // All samples are of class 0, whose bias is raised by Δ: loss, gradient and H v are e^{−Δ} (1 + O(e^{−margin})) of what they were.
  const { network, samples, weights } = randomProblem('mlp:5', [6], { activation: 'tanh' });
  const targets = samples.targets.map((_, at) => (at % 3 === 0 ? 1 : 0));
  const raised = (shift: number): Float64Array => {
    const bias = network.layout.offsets[network.layout.specs.findIndex(({ name }) => name === 'dense2.bias')]!;
    return weights.map((x, i) => (i === bias ? x + shift : x));
  };
  const vectors = randomVectors(weights.length, 2, 3);
  const at = async (shift: number, precision: Precision) => {
    const given = {
      ...samples,
      inputs: inPrecision(precision, samples.inputs),
      targets: inPrecision(precision, targets),
    };
    const measured = objective(network, given, { runtime, precision });
    const theta = inPrecision(precision, raised(shift));
    const { loss, gradient } = await measured.evaluate(theta);
    const products = await measured.curvature('hessian', theta).apply(vectors, 2);
    await measured.release();
    return { loss, gradient, products };
  };
  const expectScaled = (
    found: Awaited<ReturnType<typeof at>>,
    reference: Awaited<ReturnType<typeof at>>,
    factor: number,
    tolerance: number,
  ): void => {
    expect(Math.abs(found.loss / (factor * reference.loss) - 1)).toBeLessThan(tolerance);
    for (const part of ['gradient', 'products'] as const) {
      const grown = found[part].map((x) => x / factor);
      expect(relativeDistance(grown, reference[part]), part).toBeLessThan(tolerance);
    }
  };

  it('keeps e^{−Δ} in f64 up to 680', async () => {
    const reference = await at(40, 'f64');
    for (const shift of [80, 300, 680]) {
      expectScaled(await at(shift, 'f64'), reference, Math.exp(40 - shift), 64 * epsilon.f64 * shift);
    }
  });

  it('is in f32 what it is in f64, at 5 to 80', async () => {
    for (const shift of [5, 20, 50, 80]) {
      expectScaled(await at(shift, 'f32'), await at(shift, 'f64'), 1, 64 * epsilon.f32 * (shift + 8));
    }
  });

  it('has a symmetric H', async () => {
    const { products } = await at(60, 'f64');
    const n = weights.length;
    const [u, v] = [vectors.subarray(0, n), vectors.subarray(n)];
    const [Hu, Hv] = [products.subarray(0, n), products.subarray(n)];
    expect(Math.abs(inner(u, Hv) - inner(v, Hu))).toBeLessThan(1e-14 * Math.sqrt(inner(u, u) * inner(Hv, Hv)));
  });
});

import { describe, expect, it } from 'vitest';
import { smallSymmetricEigen } from '../../../../src/numeric/kernels/small-symmetric-eigen.js';
import { classStructure } from '../../../../src/studies/reproduce/probes/class-structure.js';
import { classes as k, densePoint, dim as d, probedSoftmax, samples, type Softmax } from './softmax-probe.js';

/**
 * Papyan's split from its definition: the gradients g_{i,c} of every sample for every class c as label, with weight p_{i,c}/n, and the weighted
 * means of the pairs (y, c), c ≠ y.
 */
function denseSplit({ data, weights }: Softmax) {
  const { features, labels } = data;
  const rows = Float64Array.from({ length: samples * d }, (_, at) => features.value[at]!);
  const pairs = new Map<string, { mass: number; sum: Float64Array }>();
  for (let i = 0; i < samples; i++) {
    const x = rows.subarray(i * d, (i + 1) * d);
    const powers = Array.from({ length: k }, (_, c) =>
      Math.exp(x.reduce((sum, value, f) => sum + value * weights[c * d + f]!, 0)),
    );
    const p = powers.map((y) => y / powers.reduce((a, b) => a + b));
    for (let c = 0; c < k; c++) {
      const key = `${labels[i]!} ${c}`;
      const pair = pairs.get(key) ?? { mass: 0, sum: new Float64Array(k * d) };
      pair.mass += p[c]! / samples;
      for (let b = 0; b < k; b++) {
        for (let f = 0; f < d; f++) pair.sum[b * d + f]! += (p[c]! / samples) * (p[b]! - (b === c ? 1 : 0)) * x[f]!;
      }
      pairs.set(key, pair);
    }
  }
  const [between, cross, own] = Array.from({ length: 3 }, () => new Float64Array((k * d) ** 2)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let y = 0; y < k; y++) {
    const others = [0, 1, 2, 3].filter((c) => c !== y).map((c) => pairs.get(`${y} ${c}`)!);
    const mass = others.reduce((sum, pair) => sum + pair.mass, 0);
    const mean = others[0]!.sum.map((_, j) => others.reduce((sum, pair) => sum + pair.sum[j]!, 0) / mass);
    addOuter(between, mean, mass);
    const itself = pairs.get(`${y} ${y}`)!;
    addOuter(
      own,
      itself.sum.map((x) => x / itself.mass),
      itself.mass,
    );
    for (const pair of others)
      addOuter(
        cross,
        pair.sum.map((x, j) => x / pair.mass - mean[j]!),
        pair.mass,
      );
  }
  return { between, cross, own };
}

function addOuter(matrix: Float64Array, x: Float64Array, weight: number): void {
  const n = x.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j]! += weight * x[i]! * x[j]!;
}

describe('classStructure', () => {
  it('agrees with the dense split from its definition', async () => {
    const top = 8;
    const { result, ...softmax } = await probedSoftmax(classStructure, { top, tolerance: 1e-10 });
    const { values, hessian } = densePoint(softmax);
    const near = (measured: readonly number[], expected: Float64Array, count: number): void => {
      for (let i = 0; i < count; i++) {
        expect(Math.abs(measured[i]! - expected[i]!), String(i)).toBeLessThan(1e-9 * expected[0]!);
      }
    };
    near(result.eigenvalues, values, top);
    const n = k * d;
    const { between, cross, own } = denseSplit(softmax);
    near(result.between, smallSymmetricEigen(between, n).values, k);
    near(result.cross, smallSymmetricEigen(cross, n).values, k * (k - 2));
    near([result.own], smallSymmetricEigen(own, n).values, 1);
    // In softmax regression the Hessian is its Gauss–Newton part.
    const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const rest = hessian.apply(identity, n).map((x, i) => x - between[i]! - cross[i]! - own[i]!);
    const [within] = smallSymmetricEigen(rest, n).values;
    expect(Math.abs(result.within / within! - 1)).toBeLessThan(1e-7);
  });
});

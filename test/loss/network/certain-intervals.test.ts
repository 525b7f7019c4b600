import { describe, expect, it } from 'vitest';
import { networkSnapshot } from '../../../src/loss/network-snapshot.js';
import { objective } from '../../../src/loss/network/objective.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { norm } from '../../../src/numeric/kernels/norm.js';
import { randomStream } from '../../../src/numeric/random.js';
import { inner, randomProblem, runtime } from './problems.js';

const cases = Number(process.env.CASES ?? 60);

/** Small networks full of multiplets: squared error, deep linear nets, few samples, tied rows, zeros; in both precisions. */
function measuredNetwork(seed: number) {
  const stream = randomStream(seed, 'measured-network');
  const pick = <T>(list: readonly T[]): T => list[stream.integer(list.length)]!;
  const kind = seed % 6;
  const activation = kind === 1 ? 'relu' : pick(['relu', 'tanh'] as const);
  const model = kind === 0 ? pick(['linear:6', 'linear:5,4', 'softmax']) : pick(['mlp:6', 'mlp:5,4', 'softmax']);
  const { network, samples, weights } = randomProblem(model, [3 + stream.integer(4)], {
    samples: kind === 2 ? 2 + stream.integer(3) : 12,
    outputs: 2 + stream.integer(3),
    activation,
    loss: kind === 3 ? 'squared-error' : 'cross-entropy',
    bias: stream.uniform() < 0.5,
    seed,
  });
  // Tied units: all of them are the first; and starts that break no symmetry.
  if (kind === 4) {
    network.layout.specs.forEach(({ shape }, i) => {
      const [rows, width] = [shape[0]!, shape.slice(1).reduce((product, dim) => product * dim, 1)];
      const from = network.layout.offsets[i]!;
      for (let row = 1; row < rows; row++) weights.copyWithin(from + row * width, from, from + width);
    });
  }
  if (kind === 5) weights.fill(0);
  const precision = seed % 2 === 0 ? 'f64' : 'f32';
  const single = (x: Float64Array): Float32Array => Float32Array.from(x);
  return {
    network,
    precision,
    samples:
      precision === 'f64'
        ? samples
        : {
            ...samples,
            inputs: single(Float64Array.from(samples.inputs)),
            targets: single(Float64Array.from(samples.targets)),
          },
    weights: precision === 'f64' ? weights : single(weights),
    m: 1 + stream.integer(Math.min(6, network.layout.size - 2)),
    more: stream.integer(5),
    accuracy: stream.uniform() < 0.5 ? undefined : 10 ** (-1 - 3 * stream.uniform()),
    tolerance: pick([1e-3, 1e-6, 1e-9]),
  } as const;
}

describe('measurements of small networks, against dense float64 Hessians', () => {
  it(`find every eigenvalue with its copies and bound f_top rightly, in ${cases} random cases`, async () => {
    let [decided, narrow, multiple] = [0, 0, 0];
    for (let seed = 0; seed < cases; seed++) {
      const { network, precision, samples, weights, m, more, accuracy, tolerance } = measuredNetwork(seed);
      const measured = objective(network, samples, { runtime, precision });
      const exact = measured.precise();
      const n = network.layout.size;
      const { gradient } = await exact.evaluate(weights);
      if (norm(gradient) < 1e-12) continue;
      const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
      const matrix = await exact.curvature('hessian', weights).apply(identity, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const mean = (matrix[i * n + j]! + matrix[j * n + i]!) / 2;
          matrix[i * n + j] = matrix[j * n + i] = mean;
        }
      }
      const dense = denseEigen({
        dimension: n,
        apply: (block, columns) =>
          Float64Array.from({ length: n * columns }, (_, at) =>
            inner(matrix.subarray((at % n) * n, ((at % n) + 1) * n), block.subarray(at - (at % n), at - (at % n) + n)),
          ),
      });
      const top = Math.min(n, m + 1 + more);
      const { snapshot, pairs } = await networkSnapshot(measured, weights, {
        top,
        time: 0,
        tolerance,
        seed,
        verify: false,
        blockSize: 1,
        subspace: m,
        ...(accuracy === undefined ? {} : { accuracy }),
      });
      const name = `seed ${seed}`;
      const scale = Math.max(Math.abs(dense.values[0]!), Math.abs(dense.values[n - 1]!));
      pairs.values.forEach((value, j) => {
        const slack = pairs.rounding + 1e-13 * scale;
        expect(dense.values[j]!, name).toBeGreaterThanOrEqual(value - slack);
        expect(dense.values[j]!, name).toBeLessThanOrEqual(pairs.outer[j]! + slack);
        if (pairs.stop === 'residual' && pairs.outer[j]! - value <= 10 * tolerance * scale) decided++;
      });
      // The fraction over all choices within what float64 cannot tell apart.
      const energy = (to: number): number => {
        let sum = 0;
        for (let j = 0; j < to; j++) sum += inner(dense.vectors.subarray(j * n, (j + 1) * n), gradient) ** 2;
        return sum / inner(gradient, gradient);
      };
      const tied = (i: number): boolean => dense.values[i]! - dense.values[i + 1]! <= 1e-12 * scale;
      let [first, last] = [m, m];
      if (tied(m - 1)) {
        while (first > 0 && tied(first - 1)) first--;
        while (last < n && tied(last - 1)) last++;
        if (last > m) multiple++;
      }
      const bounds = pairs.topFraction;
      expect(snapshot.gradient.length, name).toBe(n);
      if (bounds === undefined) continue;
      expect(bounds.lower, name).toBeLessThanOrEqual(energy(first) + 1e-9);
      expect(bounds.upper, name).toBeGreaterThanOrEqual(energy(last) - 1e-9);
      if (bounds.upper - bounds.lower < 0.1) narrow++;
      await measured.release();
    }
    expect(decided).toBeGreaterThan(cases);
    expect(narrow).toBeGreaterThan(cases / 4);
    expect(multiple).toBeGreaterThan(cases / 20);
  });
});

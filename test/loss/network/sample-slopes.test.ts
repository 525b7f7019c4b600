import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { objective } from '../../../src/loss/network/objective.js';
import { releasePrograms, type ProgramCache } from '../../../src/loss/network/program-cache.js';
import { batchOf } from '../../../src/loss/network/samples.js';
import { inner, randomProblem, randomVectors, relativeDistance, runtime } from './problems.js';

const cases = [
  ['softmax', [6], {}],
  ['mlp:5,4', [6], { activation: 'tanh' }],
  ['mlp:5', [6], { activation: 'softplus', bias: false }],
  ['mlp:5,4', [6], { activation: 'gelu', loss: 'squared-error' }],
  ['mlp:5,4', [6], { activation: 'sigmoid' }],
  ['mlp:6,5', [6], { activation: 'relu' }],
  ['linear:4,4', [6], { loss: 'squared-error' }],
  ['convnet', [1, 10, 10], { samples: 3 }],
  ['convnet-regularised', [1, 10, 10], { samples: 3 }],
  ['resnet18:2', [2, 8, 8], { samples: 3 }],
  ['transformer:1,4,2', [4], { vocabulary: 5, outputs: 5, perToken: true, loss: 'next-token', samples: 3 }],
  ['encoder:1,4,2', [3], { vocabulary: 5, perToken: true, samples: 3 }],
] as const;

describe('sampleSlopes', () => {
  it.each(cases)('%s %j %j: are the products with the gradients of single samples', async (model, shape, options) => {
    const { network, samples, weights, statistics } = randomProblem(model, shape, options);
    const [n, size, columns] = [samples.count, weights.length, 3];
    const V = randomVectors(size, columns, 5).map((x, i) => (i < size ? 1e-30 * x : x)); // also tiny ones
    const expected = new Float64Array(n * columns);
    const programs: ProgramCache = new Map();
    for (let i = 0; i < n; i++) {
      const alone = objective(network, batchOf(samples, Uint32Array.of(i)), { runtime, precision: 'f64', programs });
      const { gradient } = await alone.evaluate(weights, statistics);
      for (let j = 0; j < columns; j++) expected[j * n + i] = inner(gradient, V.subarray(j * size, (j + 1) * size));
    }
    await releasePrograms(programs);
    for (const [precision, tolerance] of [
      ['f64', 1e-12],
      ['f32', 1e-5],
    ] as const) {
      const given =
        precision === 'f64'
          ? samples
          : { ...samples, inputs: Float32Array.from(samples.inputs), targets: Float32Array.from(samples.targets) };
      const measured = objective(network, given, { runtime, precision, chunk: 2, block: 2 });
      const slopes = await measured.sampleSlopes(weights, V, columns, statistics);
      const { gradient } = await measured.evaluate(weights, statistics);
      for (let j = 0; j < columns; j++) {
        const of = slopes.subarray(j * n, (j + 1) * n);
        expect(relativeDistance(of, expected.subarray(j * n, (j + 1) * n))).toBeLessThan(tolerance);
        const v = V.subarray(j * size, (j + 1) * size);
        const scale = Math.sqrt(inner(gradient, gradient) * inner(v, v));
        expect(Math.abs(of.reduce((sum, x) => sum + x, 0) / n - inner(gradient, v))).toBeLessThan(tolerance * scale);
      }
      await measured.release();
    }
  });

  it('refuses directions of another length', async () => {
    const { network, samples, weights } = randomProblem('softmax', [6]);
    const measured = objective(network, samples, { runtime, precision: 'f64' });
    await expect(measured.sampleSlopes(weights, new Float64Array(weights.length), 2)).rejects.toThrow(UsageError);
    await measured.release();
  });
});

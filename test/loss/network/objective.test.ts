import { describe, expect, it } from 'vitest';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { denseFeatures } from '../../../src/data/features.js';
import { UsageError } from '../../../src/errors.js';
import {
  directionInputs,
  gradientGraph,
  productGraph,
  productName,
  gradientName,
  directionName,
} from '../../../src/loss/network/curvature-graphs.js';
import { objective } from '../../../src/loss/network/objective.js';
import { parts } from '../../../src/loss/parameters.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { regressionPoint } from '../../../src/loss/softmax/softmax-regression.js';
import { inner, randomProblem, randomVectors, relativeDistance, runtime } from './problems.js';

const cases = [
  ['softmax', [6], {}],
  ['mlp:5,4', [6], { activation: 'tanh' }],
  ['mlp:5', [6], { activation: 'softplus', bias: false }],
  ['mlp:5,4', [6], { activation: 'gelu', loss: 'squared-error' }],
  ['mlp:5,4', [6], { activation: 'sigmoid' }],
  ['mlp:6,5', [6], { activation: 'relu' }],
  ['linear:4,4', [6], {}],
  ['convnet', [1, 10, 10], { samples: 3 }],
  ['convnet-regularised', [1, 10, 10], { samples: 3 }],
  ['resnet18:2', [2, 8, 8], { samples: 3 }],
] as const;

const tokens = { vocabulary: 5, samples: 4, activation: 'gelu' } as const;
const sequences = [
  ['normed-mlp:5,5', [6], { activation: 'gelu-erf' }],
  ['transformer:2,4,2', [4], { ...tokens, outputs: 5, perToken: true, loss: 'next-token' }],
  ['transformer:1,4,2', [3], { ...tokens, activation: 'silu' }],
  ['encoder:1,4,1', [3], { ...tokens, outputs: 2, perToken: true, bias: false }],
  ['encoder:1,4,2', [3], tokens],
  ['vit:2,1,4,2', [2, 4, 4], { samples: 3 }],
] as const;

describe('objective', () => {
  it.each([...cases.slice(0, 7), ...sequences])(
    '%s %j %j: loss, gradient and products are those of the interpreter',
    async (model, shape, options) => {
      const { network, samples, weights, statistics } = randomProblem(model, shape, options);
      const names = network.layout.specs.map(({ name }) => name);
      const parameters = { names, tensors: network.parameters };
      const V = randomVectors(weights.length, 2, 3);
      const graphs = {
        loss: network.loss,
        ...gradientGraph(network, parameters),
        ...productGraph(network, parameters, 'hessian', directionInputs(parameters, 2)),
      };
      const bindings = {
        x: samples.inputs,
        y: samples.targets,
        ...parts(network.layout, weights),
        ...statistics,
        ...Object.fromEntries([...network.constants].map(([name, { values }]) => [name, values])),
        ...[0, 1].reduce(
          (all, j) => ({
            ...all,
            ...parts(network.layout, V.subarray(j * weights.length), (name) => directionName(j, name)),
          }),
          {},
        ),
      };
      const values = interpret(Object.values(graphs), bindings, samples.count);
      const reference = Object.fromEntries(Object.keys(graphs).map((name, i) => [name, values[i]!.data]));
      const vector = (nameOf: (name: string) => string): number[] =>
        names.flatMap((name) => [...reference[nameOf(name)]!].map((x) => x / samples.count));
      for (const [precision, tolerance] of [
        ['f64', 1e-12],
        ['f32', 1e-5],
      ] as const) {
        const given =
          precision === 'f64'
            ? samples
            : { ...samples, inputs: Float32Array.from(samples.inputs), targets: Float32Array.from(samples.targets) };
        for (const memory of [0, 2 ** 20]) {
          const measured = objective(network, given, { runtime, precision, chunk: 3, memory });
          const point = await measured.evaluate(weights, statistics);
          const products = await measured.curvature('hessian', weights, { statistics }).apply(V, 2);
          expect(Math.abs(point.loss * samples.count - reference.loss![0]!)).toBeLessThan(10 * tolerance);
          expect(relativeDistance(point.gradient, vector(gradientName))).toBeLessThan(tolerance);
          for (const j of [0, 1]) {
            const product = products.subarray(j * weights.length, (j + 1) * weights.length);
            expect(
              relativeDistance(
                product,
                vector((name) => productName(j, name)),
              ),
            ).toBeLessThan(tolerance);
          }
          await measured.release();
        }
      }
    },
  );

  it.each([...cases, ...sequences])(
    '%s %j %j: gradient and products are derivatives, and H is symmetric',
    async (model, shape, options) => {
      const { network, samples, weights, statistics } = randomProblem(model, shape, options);
      const measured = objective(network, samples, { runtime, precision: 'f64', chunk: 2 });
      const n = weights.length;
      const vectors = randomVectors(n, 2, 5);
      const [u, v] = [vectors.subarray(0, n), vectors.subarray(n)];
      const h = 1e-5 / Math.sqrt(inner(v, v) / n);
      const at = (factor: number) =>
        measured.evaluate(
          weights.map((x, i) => x + factor * h * v[i]!),
          statistics,
        );
      // Fourth-order differences: the error of the fifth derivative is far below the rounding, about 1e-16/1e-5.
      const [p1, m1, p2, m2] = [await at(1), await at(-1), await at(2), await at(-2)];
      const difference = (f: (point: typeof p1) => number): number =>
        (8 * (f(p1) - f(m1)) - (f(p2) - f(m2))) / (12 * h);
      const { gradient, loss } = await measured.evaluate(weights, statistics);
      const [slope, size] = [inner(gradient, v), Math.sqrt(inner(gradient, gradient) * inner(v, v))];
      expect(Math.abs(difference((point) => point.loss) - slope)).toBeLessThan(
        1e-8 * size + (1e-15 * Math.abs(loss)) / h,
      );
      const products = await measured.curvature('hessian', weights, { statistics }).apply(vectors, 2);
      const [Hu, Hv] = [products.subarray(0, n), products.subarray(n)];
      const differences = Array.from(gradient, (_, i) => difference((point) => point.gradient[i]!));
      // Of relu no kink lies within 2h here; the rounding of gradients over h is 1e-16 ‖g‖ / h ~ 1e-11.
      expect(relativeDistance(Hv, differences)).toBeLessThan(1e-8);
      expect(Math.abs(inner(u, Hv) - inner(v, Hu))).toBeLessThan(1e-12 * Math.sqrt(inner(u, u) * inner(Hv, Hv)));
      await measured.release();
    },
  );

  it('of softmax regression has the loss, gradient, Hessian and accuracy of the closed finite-sample route', async () => {
    const { network, samples, weights } = randomProblem('softmax', [6], { samples: 40, bias: false });
    const labels = Uint16Array.from({ length: 40 }, (_, i) => i % 3);
    const data = { features: denseFeatures(40, 6, samples.inputs), labels, classes: 3 };
    const closed = regressionPoint(data, weights);
    const measured = objective(network, samples, { runtime, precision: 'f64', chunk: 7 });
    const point = await measured.evaluate(weights);
    expect(Math.abs(point.loss - closed.loss)).toBeLessThan(1e-14);
    expect(point.accuracy).toBe(closed.accuracy);
    expect(relativeDistance(point.gradient, closed.gradient)).toBeLessThan(1e-13);
    const V = randomVectors(18, 3, 2);
    const H = measured.curvature('hessian', weights);
    expect(relativeDistance(await H.apply(V, 3), closed.hessian.apply(V, 3))).toBeLessThan(1e-13);
    // Its scores are linear in the weights, so that the Gauss–Newton part is all of it.
    const G = measured.curvature('gauss-newton', weights);
    expect(relativeDistance(await G.apply(V, 3), closed.hessian.apply(V, 3))).toBeLessThan(1e-13);
  });

  it('has a Gauss–Newton part that is positive, and differs from H where the scores are curved', async () => {
    const { network, samples, weights } = randomProblem('mlp:4', [3]);
    const measured = objective(network, samples, { runtime, precision: 'f64' });
    const dense = async (kind: 'hessian' | 'gauss-newton') => {
      const n = weights.length;
      const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
      const matrix = await measured.curvature(kind, weights).apply(identity, n);
      return denseEigen({ dimension: n, apply: (block, columns) => product(matrix, block, n, columns) }).values;
    };
    const [H, G] = [await dense('hessian'), await dense('gauss-newton')];
    expect(G.at(-1)!).toBeGreaterThan(-1e-14);
    expect(H.at(-1)!).toBeLessThan(-1e-4);
    // rank ≤ n (k − 1)
    expect(G.filter((x) => x > 1e-12).length).toBeLessThanOrEqual(7 * 2);
  });

  it('gives the block of a layer as the corner of the whole', async () => {
    const { network, samples, weights } = randomProblem('mlp:5,4', [6]);
    const measured = objective(network, samples, { runtime, precision: 'f64' });
    const { specs, offsets } = network.layout;
    const first = specs.findIndex(({ name }) => name === 'dense2.weight');
    const [from, to] = [offsets[first]!, offsets[first + 2]!];
    const block = measured.curvature('hessian', weights, { layers: ['dense2'] });
    expect(block.dimension).toBe(to - from);
    const v = randomVectors(block.dimension, 1, 4);
    const embedded = new Float64Array(weights.length);
    embedded.set(v, from);
    const whole = await measured.curvature('hessian', weights).apply(embedded, 1);
    expect(relativeDistance(await block.apply(v, 1), whole.subarray(from, to))).toBeLessThan(1e-13);
    expect(() => measured.curvature('hessian', weights, { layers: ['dense'] })).toThrow(
      /the layers are dense1, dense2, dense3/,
    );
  });

  it('does not depend on chunks, blocks or what is kept, up to rounding, and gives the same bytes twice', async () => {
    const { network, samples, weights } = randomProblem('mlp:5,4', [6], { samples: 23 });
    const V = randomVectors(weights.length, 5, 6);
    const run = async (chunk: number, block: number, memory: number): Promise<Float64Array> =>
      objective(network, samples, { runtime, precision: 'f64', chunk, block, memory })
        .curvature('hessian', weights)
        .apply(V, 5);
    const reference = await run(23, 5, 0);
    for (const [chunk, block, memory] of [
      [4, 5, 0],
      [23, 2, 0],
      [23, 5, 2 ** 20],
      [5, 1, 2 ** 20],
    ] as const) {
      expect(relativeDistance(await run(chunk, block, memory), reference)).toBeLessThan(1e-14);
    }
    expect(await run(5, 1, 2 ** 20)).toEqual(await run(5, 1, 2 ** 20));
  });

  it('refuses data and weights that do not fit, in words', async () => {
    const { network, samples, weights } = randomProblem('mlp:5', [6]);
    const options = { runtime, precision: 'f64' } as const;
    expect(() => objective(network, { ...samples, count: 6 }, options)).toThrow(
      /inputs must hold 36 numbers, received 42/,
    );
    expect(() => objective(network, samples, { runtime, precision: 'f32' })).toThrow(UsageError);
    const measured = objective(network, samples, options);
    await expect(measured.evaluate(weights.subarray(1))).rejects.toThrow(/weights must hold 53 numbers, received 52/);
  });
});

function product(matrix: Float64Array, block: Float64Array, n: number, columns: number): Float64Array {
  return Float64Array.from({ length: n * columns }, (_, at) => {
    const [i, start] = [at % n, at - (at % n)];
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[j * n + i]! * block[start + j]!;
    return sum;
  });
}

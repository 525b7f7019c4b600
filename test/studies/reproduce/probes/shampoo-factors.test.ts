import { expect, it } from 'vitest';
import { regressionPoint } from '../../../../src/loss/softmax/softmax-regression.js';
import { denseEigen } from '../../../../src/numeric/kernels/dense-eigen.js';
import { blockFactors } from '../../../../src/studies/reproduce/probes/block-factors.js';
import { classSpaces } from '../../../../src/studies/reproduce/probes/class-spaces.js';
import { modelFactors } from '../../../../src/studies/reproduce/probes/model-factors.js';
import { atLastWeights, type TrainedArguments } from '../../../../src/studies/reproduce/probes/at-weights.js';
import type { Probe } from '../../../../src/studies/reproduce/engine/probe.js';
import { classes as k, dim as d, probedSoftmax } from './softmax-probe.js';

interface Search extends TrainedArguments {
  readonly pairs: number;
  readonly tolerance: number;
  readonly probes: number;
}

/** The parts of the probe at one network. */
const partsAt: Probe<Search, readonly unknown[]> = {
  name: 'parts',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async (network) => [
      await blockFactors(network, { ...args, seed: 1 }),
      classSpaces(network),
    ]),
};

it("partial traces of a Hessian's block are those of the dense matrix, and class spaces those of the data", async () => {
  const { result, data, weights } = await probedSoftmax(partsAt, { pairs: k * d - 2, tolerance: 1e-10, probes: 2 });
  const [blocks, spaces] = result as [Awaited<ReturnType<typeof blockFactors>>, ReturnType<typeof classSpaces>];
  const { hessian } = regressionPoint(data, weights);
  const unit = new Float64Array((k * d) ** 2).map((_, i) => (i % (k * d + 1) === 0 ? 1 : 0));
  const H = hessian.apply(unit, k * d);
  const entry = (i: number, j: number): number => H[i * k * d + j]!;
  const { traces, eigenvalues, restTrace } = blocks[0]!;
  // the Hessian has rank (k − 1) d: all of it is in the pairs found
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let f = 0; f < d; f++) sum += entry(i * d + f, ((i + 1) % k) * d + f);
    expect(traces.left[i * k + ((i + 1) % k)]).toBeCloseTo(sum, 8);
  }
  for (let f = 0; f < d; f++) {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += entry(i * d + f, i * d + ((f + 2) % d));
    expect(traces.right[f * d + ((f + 2) % d)]).toBeCloseTo(sum, 8);
  }
  const { values } = denseEigen(hessian);
  expect(eigenvalues[0]).toBeCloseTo(values[0]!, 8);
  expect(restTrace).toBeCloseTo(0, 8);
  const [{ spaces: found, rows, columns }] = spaces as [(typeof spaces)[number]];
  expect([rows, columns, found.left.count, found.right.count]).toEqual([k, d, k - 1, k]);
  for (let l = 0; l < k - 1; l++) {
    expect(found.left.data.subarray(l * k, (l + 1) * k).reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
  }
});

it('random probes alone find the partial traces on average', async () => {
  const { result, data, weights } = await probedSoftmax(partsAt, { pairs: 1, tolerance: 1e-10, probes: 800 });
  const [[{ traces, eigenvalues, restTrace, restSquares }]] = result as [
    readonly [Awaited<ReturnType<typeof blockFactors>>[number]],
  ];
  const { values } = denseEigen(regressionPoint(data, weights).hessian);
  const rest = values.subarray(1);
  const total = rest.reduce((sum, x) => sum + x, 0);
  expect(restTrace / total).toBeCloseTo(1, 1);
  expect(restSquares / rest.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 1);
  const trace = (matrix: Float64Array, n: number): number =>
    matrix.reduce((sum, x, i) => sum + (i % (n + 1) === 0 ? x : 0), 0);
  expect(trace(traces.left, k) / (total + eigenvalues[0]!)).toBeCloseTo(1, 1);
  expect(trace(traces.right, d)).toBeCloseTo(trace(traces.left, k), 10);
});

it('factors of sampled batches in the exact model have its levels, and KL-Shampoo’s their ratios', async () => {
  const args = { classes: 3, dim: 6, noise: 0.3, relativeMargins: [0.3], batch: 4, batches: 600, beta: 0.01, seed: 5 };
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const [found] = await modelFactors.run(args, context as never);
  const { predicted, measured, errors, kl, classes } = found!;
  for (const name of ['mean', 'differences', 'bulk'] as const)
    expect(Math.abs(measured[name] - predicted[name]) / errors[name], name).toBeLessThan(4);
  expect(errors.differences / measured.differences).toBeLessThan(0.1);
  expect(kl.differences / kl.bulk / (predicted.differences / predicted.bulk)).toBeGreaterThan(0.7);
  expect(kl.differences / kl.bulk / (predicted.differences / predicted.bulk)).toBeLessThan(1.4);
  expect(classes[2]! / classes[0]!).toBeLessThan(1e-10);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { expect, it } from 'vitest';
import { networkScores } from '../../../../src/loss/network/network-scores.js';
import { samplesOf } from '../../../../src/loss/network/samples.js';
import { modular } from '../../../../src/data/modular.js';
import { embedded, parametersOf, restricted } from '../../../../src/loss/parameters.js';
import { edgeLifecycle } from '../../../../src/studies/reproduce/probes/edge-lifecycle.js';
import { nativeRuntime } from '../../../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../../../src/train/train-config.js';
import { trainProblem } from '../../../../src/train/train-problem.js';
import { train } from '../../../../src/train/train.js';
import { readWeights, weightsFile } from '../../../../src/train/weights-file.js';

const config: TrainConfig = {
  ...trainDefaults,
  model: 'transformer:1,4,1',
  activation: 'gelu',
  initialisation: 'lecun-normal',
  data: { ...trainDefaults.data, source: 'modular:5,0.6' },
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 1 },
  schedule: { kind: 'constant', rate: 1e-3 },
  batch: null,
  steps: 20,
  measureEvery: 5,
  subspace: 1,
  top: 2,
  tolerance: 0.1,
  effort: 0,
  precision: 'f64',
  keepWeights: 'all',
  seed: 2,
};

it('edgeLifecycle: the directions of the last window in a network of which everything is known twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'));
  try {
    const runtime = await nativeRuntime();
    await train(config, { runtime, out: folder });
    const patterns = ['*attn*.weight'];
    const args = { config, run: 'run', steps: [0, 5, 10, 15, 20], window: 3, parameters: patterns, directions: 2 };
    const context = {
      runtime,
      weightsOf: (_: unknown, name: string) => join(folder, name),
      scratch: mkdtempSync(join(folder, 'scratch-')),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    const more = { samples: 512, effectsAt: [20], hessianAt: [20], m: 2, tolerance: 1e-8 };
    const { entries, parameters, states } = await edgeLifecycle.run({ ...args, ...more }, context);

    const problem = await trainProblem(config, runtime);
    const { layout } = problem.objective;
    const weights = args.steps.map((step) =>
      Float64Array.from(readWeights(join(folder, weightsFile(step)), problem.shape, 'f64').parameters),
    );
    const places = parametersOf(layout, patterns);
    expect(entries).toBe(4 * 4 * 4); // 3·4 × 4 and 4 × 4
    expect(parameters).toBe(layout.size);
    expect(states.map(({ step }) => step)).toEqual([15, 20]);
    const last = states[1]!;
    expect([states[0]!.effects, states[0]!.hessian]).toEqual([null, null]);

    // Σσ² = Σ‖δ‖² of the last three updates of these parameters
    const path = weights.slice(1).map((theta) => restricted(layout, places, theta));
    const squares = path.slice(1).flatMap((theta, i) => [...theta].map((x, j) => (x - path[i]![j]!) ** 2));
    const energy = last.singularValues.reduce((sum, sigma) => sum + sigma ** 2, 0);
    expect(energy / squares.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 10);
    expect(last.secondGap).toBeCloseTo(last.singularValues[1]! ** 2 - last.singularValues[2]! ** 2, 12);
    // v₁ by a singular value decomposition, and along it what 5 steps of ηλ = 0.001 take of θ, halfway between its ends
    const updates = path.slice(1).map((theta, i) => Array.from(theta, (x, j) => x - path[i]![j]!));
    const svd = new SingularValueDecomposition(new Matrix(updates), { autoTranspose: true });
    const v = svd.rightSingularVectors.getColumn(0);
    const along = (x: ArrayLike<number>): number => v.reduce((sum, y, j) => sum + y * x[j]!, 0);
    const decays = updates.map((_, i) => (-0.005 * (along(path[i]!) + along(path[i + 1]!))) / 2);
    const gradients = updates.map((update, i) => along(update) - decays[i]!);
    const squared = (x: readonly number[]): number => x.reduce((sum, y) => sum + y ** 2, 0);
    expect(last.shares[0]!.gradientShare).toBeCloseTo(squared(gradients) / (squared(gradients) + squared(decays)), 9);
    expect(last.shares[0]!.alignment).toBe(1);

    // vᵀHv of the products, and from losses at two θ
    const { effects, hessian } = last;
    effects!.curvatures.forEach((curvature, j) => {
      expect(Math.abs(curvature - hessian!.curvatures[j]!)).toBeLessThan(1e-2 * hessian!.eigenvalues[0]!);
    });
    expect(Math.abs(hessian!.randomCurvature)).toBeLessThan(hessian!.eigenvalues[0]!);
    for (const { lower, estimate, upper } of [hessian!.topFraction, ...hessian!.overlaps]) {
      expect(lower).toBeLessThanOrEqual(estimate + 1e-9);
      expect(upper).toBeGreaterThanOrEqual(estimate - 1e-9);
      expect(upper - lower).toBeLessThan(1e-3);
    }
    const { loss } = await problem.objective.score(weights[4]!);
    expect(effects!.whole.loss).toBeCloseTo(loss, 12);
    expect(effects!.ablated.loss).not.toBe(loss);
    // What is kept is not computed again: the same, at once
    expect((await edgeLifecycle.run({ ...args, ...more }, context)).states).toEqual(states);
    await problem.release();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('networkScores: their cross-entropy is the loss', async () => {
  const runtime = await nativeRuntime();
  const problem = await trainProblem(config, runtime);
  const samples = samplesOf(modular.sample({ kind: 'modular', modulus: 5, fraction: 0.6 }, config.seed));
  const scores = networkScores(problem.network, samples, { runtime, precision: 'f64' });
  const found = await scores.at(problem.initial);
  const { count: n, targets } = samples;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const own = found.subarray(5 * i, 5 * (i + 1));
    const correct = own.reduce((sum, h, c) => sum + h * targets[5 * i + c]!, 0);
    loss += Math.log(own.reduce((sum, h) => sum + Math.exp(h), 0)) - correct;
  }
  expect(found).toHaveLength(5 * n);
  expect(loss / n).toBeCloseTo((await problem.objective.score(problem.initial)).loss, 12);
  await scores.release();
  await problem.release();
});

it('embedded: what restricted takes, in its place, and 0 elsewhere', () => {
  const specs = ['a.w', 'b.w', 'c.w'].map((name) => ({ name, shape: [2], role: 'weight' as const }));
  const layout = { specs, offsets: [0, 2, 4], size: 6 };
  const theta = Float64Array.of(1, 2, 3, 4, 5, 6);
  expect([...embedded(layout, [0, 2], restricted(layout, [0, 2], theta))]).toEqual([1, 2, 0, 0, 5, 6]);
  expect(() => embedded(layout, [1], Float64Array.of(1, 2, 3))).toThrow('must hold 2 numbers');
});

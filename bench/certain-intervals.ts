import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { networkSnapshot } from '../src/loss/network-snapshot.js';
import { dot } from '../src/numeric/kernels/orthonormalise.js';
import { squaredNorm } from '../src/observe/squared-norm.js';
import { trainDefaults, type TrainConfig } from '../src/train/train-config.js';
import { trainProblem } from '../src/train/train-problem.js';
import { train } from '../src/train/train.js';
import { readWeights } from '../src/train/weights-file.js';
import { line } from './ratio.js';

/**
 * Are the intervals of f_top(10) that `train --accuracy` shows on MNIST right? Each against the value of a search with larger blocks that ends by
 * residuals of 1e-7, in float64, at the same weights. Labels true and random, both precisions; 31 measurements a run.
 */
const runs = Number(process.argv[2] ?? 10);
const m = 10;
const runtime = await nativeRuntime();
let [all, wrong, certified] = [0, 0, 0];
line('run', 'measurements', 'within accuracy', 'wrong', 'worst miss', 'products each');
for (let seed = 1; seed <= runs; seed++) {
  const accuracy = seed % 3 === 0 ? 1e-2 : 1e-3;
  const config: TrainConfig = {
    ...trainDefaults,
    model: seed % 2 === 0 ? 'mlp:30' : 'mlp:20,20',
    data: { ...trainDefaults.data, samples: 300, randomLabels: seed % 2 === 1 },
    batch: 30,
    steps: 300,
    measureEvery: 10,
    subspace: m,
    top: 11,
    accuracy,
    precision: seed % 4 < 2 ? 'f32' : 'f64',
    seed,
  };
  const out = mkdtempSync(join(tmpdir(), 'certain-'));
  try {
    const { records } = await train(config, { runtime, out });
    const problem = await trainProblem({ ...config, precision: 'f64' }, runtime);
    let [miss, count] = [0, 0];
    for (const { weights, step, topFractionBounds } of records) {
      const { parameters } = readWeights(join(out, weights!), problem.shape, 'f64');
      const theta = problem.reduce(parameters);
      const options = { top: m + 2, time: step, tolerance: 1e-7, seed: 1000 + seed, blockSize: 4, effort: 4 };
      const { snapshot, pairs } = await networkSnapshot(problem.objective, theta, options);
      const { gradient } = snapshot;
      let truth = 0;
      for (let j = 0; j < m; j++) truth += dot(pairs.vectors, j * theta.length, gradient, 0, theta.length) ** 2;
      truth /= squaredNorm(gradient);
      const { lower, upper } = topFractionBounds!;
      // The reference is itself as good as its residuals over the gap.
      const known = (4 * Math.max(...pairs.residuals)) / (pairs.values[m - 1]! - pairs.values[m]!);
      const off = Math.max(lower - truth, truth - upper) - known;
      if (off > 0) count++;
      miss = Math.max(miss, off);
      if (upper - lower <= 2 * accuracy) certified++;
      all++;
    }
    wrong += count;
    const products = records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) / records.length;
    line(seed, all, certified, wrong, miss, products);
    await problem.release();
  } finally {
    rmSync(out, { recursive: true });
  }
}
console.log(`${wrong} wrong of ${all} measurements, ${certified} of them known to their accuracy`);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleMixture } from '../../../../src/data/gaussian-mixture.js';
import type { LabelledData } from '../../../../src/data/features.js';
import { nativeRuntime } from '../../../../src/tensor/engine/index.js';
import { denseEigen } from '../../../../src/numeric/kernels/dense-eigen.js';
import { regressionPoint } from '../../../../src/loss/softmax/softmax-regression.js';
import type { Probe } from '../../../../src/studies/reproduce/engine/probe.js';
import type { TrainedArguments } from '../../../../src/studies/reproduce/probes/at-weights.js';
import { lastWeights } from '../../../../src/train/kept-weights.js';
import { readWeights, weightsFile } from '../../../../src/train/weights-file.js';
import { trainDefaults, type TrainConfig } from '../../../../src/train/train-config.js';
import { trainProblem } from '../../../../src/train/train-problem.js';
import { train } from '../../../../src/train/train.js';

export const [classes, dim, noise, samples, seed] = [4, 6, 0.3, 60, 3];

/** Softmax regression, small enough for dense matrices, after 30 steps of SGD. */
const config: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  bias: false,
  data: { ...trainDefaults.data, source: `mixture:${classes},${dim},${noise},${samples}` },
  steps: 30,
  schedule: { kind: 'constant', rate: 1 },
  batch: 10,
  measureEvery: 30,
  top: classes + 1,
  precision: 'f64',
  keepWeights: 'last',
  seed,
};

const runtime = await nativeRuntime();

/** The same data and weights for the second path, which shares no code with networks. */
export interface Softmax {
  readonly data: LabelledData;
  readonly weights: Float64Array;
}

/** What a probe says of that network; at any measured step where all weights are kept. */
export async function probedSoftmax<A extends TrainedArguments, R>(
  probe: Probe<A, R>,
  args: Omit<A, keyof TrainedArguments>,
  keepWeights: TrainConfig['keepWeights'] = 'last',
): Promise<{ readonly result: R } & Softmax> {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'));
  try {
    await train({ ...config, keepWeights }, { runtime, out: folder });
    const problem = await trainProblem(config, runtime);
    const file = join(folder, keepWeights === 'last' ? lastWeights : weightsFile(config.steps));
    const weights = Float64Array.from(readWeights(file, problem.shape, 'f64').parameters);
    await problem.release();
    const result = await probe.run({ ...args, config, run: 'run' } as unknown as A, {
      runtime,
      weightsOf: (_, name) => join(folder, name),
      scratch: folder,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    return { result, weights, data: sampleMixture({ classes, dim, noise }, samples, seed) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Loss, gradient, and its parts v_i (v_iᵀg) in the dense eigenvectors, eigenvalues descending. */
export function densePoint({ data, weights }: Softmax) {
  const { loss, gradient, hessian } = regressionPoint(data, weights);
  const { values, vectors, dimension: n } = denseEigen(hessian);
  const components = Array.from(values, (_, i) => {
    const v = vectors.subarray(i * n, (i + 1) * n);
    const along = v.reduce((sum, x, j) => sum + x * gradient[j]!, 0);
    return v.map((x) => along * x);
  });
  return { loss, gradient, hessian, values, vectors, components };
}

export function sumOf(vectors: readonly Float64Array[]): Float64Array {
  return vectors[0]!.map((_, j) => vectors.reduce((sum, v) => sum + v[j]!, 0));
}

export function squared(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value ** 2, 0);
}

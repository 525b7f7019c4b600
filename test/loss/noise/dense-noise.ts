import { toLabelledData } from '../../../src/data/labelled-data.js';
import { mixtureDataset } from '../../../src/data/mixture.js';
import { softmaxObjective, softmaxTrainer } from '../../../src/loss/softmax/softmax-objective.js';
import type { Objective } from '../../../src/loss/objective.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import type { EigenPairs } from '../../../src/numeric/lanczos/eigen-pairs.js';
import { randomStream } from '../../../src/numeric/random.js';

/** Softmax regression on a few samples, with C and H as matrices: C from gradients of single samples. */
export interface DenseNoise {
  readonly objective: Objective;
  readonly weights: Float64Array;
  readonly dimension: number;
  readonly samples: number;
  readonly gradient: Float64Array;
  /** All eigenpairs of H. */
  readonly pairs: EigenPairs;
  /** The first `count` of them. */
  readonly first: (count: number) => EigenPairs;
  /** v_iᵀ C v_j of the eigenvectors. */
  readonly covariance: (i: number, j: number) => number;
}

const samples = 40;

export async function denseNoise(): Promise<DenseNoise> {
  const data = toLabelledData(mixtureDataset({ classes: 3, dim: 6, noise: 0.5 }, samples, 3));
  const objective = softmaxObjective(data, { bias: true });
  const { size: n } = objective.layout;
  const stream = randomStream(2, 'dense noise');
  const weights = new Float64Array(n).map(() => stream.normal());
  const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const matrix = await objective.curvature('hessian', weights).apply(identity, n);
  const product = (x: Float64Array): number[] =>
    Array.from({ length: n }, (_, i) => x.reduce((sum, value, j) => sum + matrix[i * n + j]! * value, 0));
  const apply = (block: Float64Array, columns: number): Float64Array =>
    Float64Array.from(Array.from({ length: columns }, (_, j) => product(block.subarray(j * n, (j + 1) * n))).flat());
  const pairs = denseEigen({ dimension: n, apply });
  const { gradient } = await objective.evaluate(weights);
  const steps = softmaxTrainer(data, { bias: true });
  const slopes: number[][] = [];
  for (let i = 0; i < samples; i++) {
    const { gradient: of } = await steps.gradient(weights, {}, Uint32Array.of(i), 0);
    const off = gradient.map((mean, at) => of[at]! - mean);
    slopes.push(
      Array.from({ length: n }, (_, j) => off.reduce((sum, x, at) => sum + x * pairs.vectors[j * n + at]!, 0)),
    );
  }
  return {
    objective,
    weights,
    dimension: n,
    samples,
    gradient,
    pairs,
    first: (count) => ({
      ...pairs,
      values: pairs.values.slice(0, count),
      vectors: pairs.vectors.slice(0, count * n),
      residuals: pairs.residuals.slice(0, count),
      errors: pairs.errors.slice(0, count),
    }),
    covariance: (i, j) => slopes.reduce((sum, of) => sum + of[i]! * of[j]!, 0) / samples,
  };
}

import { heldInputs } from '../../../data/rows.js';
import { followedPairs } from '../../../train/follow.js';
import { noPairs } from '../../../train/top-pairs.js';
import type { Samples } from '../../../loss/network/sample-sums.js';
import { dot, orthonormalise, type Columns } from '../../../numeric/kernels/orthonormalise.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';

export interface ClassMeanAlignmentArguments extends TrainedArguments {
  /** How many eigenvectors are top; as many again are looked at for comparison. */
  readonly m: number;
  readonly tolerance: number;
}

/** Shares of squared length in the span of the class means, of rows of first-layer weights [units, inputs]. */
export interface ClassMeanAlignment {
  /** Of the first-layer part of eigenvectors 1 … m, and of m + 1 … 2m. */
  readonly top: readonly number[];
  readonly next: readonly number[];
  /** How much of each top eigenvector is in the first layer at all. */
  readonly firstLayer: readonly number[];
  readonly gradient: number;
  /** Of single inputs, Σ‖Px‖²/Σ‖x‖²: what any row made of inputs has without knowing classes. */
  readonly inputs: number;
  /** Of a random row: classes/inputs. */
  readonly random: number;
}

/**
 * Do Hessian outliers and gradient align with the span of the class means (Ben Arous, Gheissari, Huang & Jagannath, arXiv:2310.03010)? Means
 * are of the inputs as the network gets them, not centred. Cost: 2m eigenpairs and a gradient.
 */
export const classMeanAlignment: Probe<ClassMeanAlignmentArguments, ClassMeanAlignment> = {
  name: 'class-mean-alignment',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ problem, objective, weights, statistics }) => {
      const { m, tolerance, config } = args;
      const hessian = objective.curvature('hessian', weights, { statistics });
      const { vectors } = await followedPairs(hessian, noPairs(weights.length), {
        count: 2 * m,
        tolerance,
        seed: config.seed,
      });
      const { gradient } = await objective.evaluate(weights, statistics);
      const given = problem.inputs();
      const samples = { ...given, inputs: heldInputs(given.inputs) };
      const means = classMeans(samples);
      const span = orthonormalise(means, { ...means, data: new Float64Array(0), count: 0 }, 1e-9);
      const { specs, offsets } = objective.layout;
      const first = specs.findIndex(({ name }) => name === 'dense1.weight');
      const [units, inputs] = specs[first]!.shape as [number, number];
      const rowsOf = (v: Float64Array): Float64Array => v.slice(offsets[first], offsets[first]! + units * inputs);
      const share = (v: Float64Array): number => shareIn(span, rowsOf(v));
      const found = Array.from({ length: 2 * m }, (_, i) =>
        vectors.subarray(i * weights.length, (i + 1) * weights.length),
      );
      return {
        top: found.slice(0, m).map(share),
        next: found.slice(m).map(share),
        firstLayer: found.slice(0, m).map((v) => squaredNorm(rowsOf(v))),
        gradient: share(gradient),
        inputs: shareIn(span, Float64Array.from(samples.inputs)),
        random: span.count / inputs,
      };
    }),
};

/** The mean input of each class, one after the other. */
function classMeans({ count, inputs, targets }: Samples): Columns {
  const [dimension, classes] = [inputs.length / count, targets.length / count];
  const data = new Float64Array(classes * dimension);
  const sizes = new Float64Array(classes);
  for (let i = 0; i < count; i++) {
    const label = targets.subarray(i * classes, (i + 1) * classes).indexOf(1);
    sizes[label]!++;
    for (let j = 0; j < dimension; j++) data[label * dimension + j]! += inputs[i * dimension + j]!;
  }
  return { dimension, count: classes, data: data.map((x, at) => x / sizes[Math.floor(at / dimension)]!) };
}

/** Σ‖P row‖²/Σ‖row‖² over rows of the length of an orthonormal basis. */
function shareIn({ dimension: n, data, count }: Columns, rows: Float64Array): number {
  let inside = 0;
  for (let row = 0; row < rows.length; row += n) {
    for (let i = 0; i < count; i++) inside += dot(data, i * n, rows, row, n) ** 2;
  }
  return inside / squaredNorm(rows);
}

function squaredNorm(v: Float64Array): number {
  return dot(v, 0, v, 0, v.length);
}

import { networkSnapshot } from '../../../loss/network-snapshot.js';
import { gramEigenvalues, papyanParts } from '../../../loss/papyan-split.js';
import { blockLanczosAsync } from '../../../numeric/lanczos/block-lanczos.js';
import { addScaled, dot } from '../../../numeric/kernels/orthonormalise.js';
import type { AsyncSymmetricOperator } from '../../../numeric/kernels/symmetric-operator.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';

export interface ClassStructureArguments extends TrainedArguments {
  /** How many of the largest eigenvalues of the Hessian. */
  readonly top: number;
  readonly tolerance: number;
}

export interface ClassStructure {
  readonly classes: number;
  /** Of the Hessian. */
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  /** Of Papyan's G_class, at most k that are not zero, and G_cross, at most k(k − 2). */
  readonly between: readonly number[];
  readonly cross: readonly number[];
  /** The largest of G_{c=c}, the gradients of classes for themselves, which in the exact model lie where those of G_class do. */
  readonly own: number;
  /** The largest eigenvalue of what the Gauss–Newton matrix has besides these three: of what varies within pairs of classes. */
  readonly within: number;
}

/**
 * The Hessian's largest eigenvalues at the weights of a run, with those of the class parts of the Gauss–Newton matrix and the edge of the rest
 * (Papyan, arXiv:1901.08244, arXiv:2008.11865). Cost: k² gradients and the products of two searches.
 */
export const classStructure: Probe<ClassStructureArguments, ClassStructure> = {
  name: 'class-structure',
  revision: 2,
  run: (args, context) =>
    atLastWeights(args, context, async ({ objective, weights, statistics }) => {
      const { top, tolerance, config } = args;
      // Copies of an eigenvalue are looked for where weights begin without breaking symmetries.
      const single = { blockSize: 1 };
      const search = { tolerance, seed: config.seed, verify: false, ...single };
      const { pairs } = await networkSnapshot(objective, weights, { top, time: 0, statistics, ...search });
      context.onProgress(0.5);
      context.signal.throwIfAborted();
      const gradients = await objective.classGradients(weights, statistics);
      context.onProgress(0.8);
      const parts = papyanParts(gradients);
      const [own] = gramEigenvalues(parts.own);
      const gaussNewton = objective.curvature('gauss-newton', weights, { statistics });
      const rest = without(gaussNewton, [...parts.between, ...parts.cross, ...parts.own]);
      const { values } = await blockLanczosAsync(rest, { count: 1, ...search });
      return {
        classes: gradients.classes,
        eigenvalues: [...pairs.values],
        residuals: [...pairs.residuals],
        between: [...gramEigenvalues(parts.between)],
        cross: [...gramEigenvalues(parts.cross)],
        own: own!,
        within: values[0]!,
      };
    }),
};

/** A − Σ x xᵀ. */
function without(operator: AsyncSymmetricOperator, vectors: readonly Float64Array[]): AsyncSymmetricOperator {
  const n = operator.dimension;
  return {
    dimension: n,
    async apply(block, columns) {
      const product = await operator.apply(block, columns);
      for (let j = 0; j < columns; j++) {
        for (const x of vectors) addScaled(-dot(x, 0, block, j * n, n), x, 0, product, j * n, n);
      }
      return product;
    },
  };
}

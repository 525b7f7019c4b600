import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { JointOperators } from '../numeric/kernels/joint-operators.js';
import type { AsyncSymmetricOperator } from '../numeric/kernels/symmetric-operator.js';
import type { ClassGradients } from './papyan-split.js';
import type { ParameterLayout } from './parameters.js';

/** Running means and variances of batch normalisation, by name; none elsewhere. */
export type Statistics = Readonly<Record<string, FloatArray>>;

/** Which second-order operator: the Hessian of the loss, or its Gauss–Newton part Σ_i Jᵀ (∂²loss/∂z²) J, z the scores. */
export type Curvature = 'hessian' | 'gauss-newton';

/** Loss and accuracy over all samples at one θ. */
export interface Score {
  readonly loss: number;
  /** Share of samples whose largest score is that of their class (the first of equal ones). */
  readonly accuracy: number;
}

/** The same with the gradient of the mean loss. */
export interface LossPoint extends Score {
  readonly gradient: Float64Array;
}

/**
 * A training loss L(θ) = (1/n) Σ_i ℓ_i(θ) over a data set, with its derivatives by θ: of a network through its graph, or of softmax regression
 * in plain TypeScript. Statistics of batch normalisation are constants.
 */
export interface Objective {
  readonly layout: ParameterLayout;
  /** L(θ), its gradient and what else comes with one pass over the samples. */
  readonly evaluate: (weights: FloatArray, statistics?: Statistics) => Promise<LossPoint>;
  /** L(θ) and the accuracy alone, the same numbers as with the gradient. Cost: a forward pass. */
  readonly score: (weights: FloatArray, statistics?: Statistics) => Promise<Score>;
  /** v ↦ H v or G v at θ. `layers`: the block of the parameters whose names begin with one of these, and a dot; all if left out. */
  readonly curvature: (
    kind: Curvature,
    weights: FloatArray,
    options?: { readonly statistics?: Statistics; readonly layers?: readonly string[] },
  ) => AsyncSymmetricOperator;
  /** Diagonal blocks of H or G at θ, each of the parameters that its patterns name. Products with several of them share one pass over the samples. */
  readonly blocks: (
    kind: Curvature,
    weights: FloatArray,
    blocks: readonly (readonly string[])[],
    statistics?: Statistics,
  ) => JointOperators;
  /**
   * The slope ∇ℓ_i·v_j of the loss of every sample i along every direction v_j, at `j * n + i`; their mean over i is gᵀv_j. `directions`: one
   * vector after the other. Throws UsageError where these are not `columns`. Cost: a forward pass of values and tangents for each direction.
   */
  readonly sampleSlopes: (
    weights: FloatArray,
    directions: Float64Array,
    columns: number,
    statistics?: Statistics,
  ) => Promise<Float64Array>;
  /** The sums behind Papyan's split of the Gauss–Newton matrix, k² gradients. Cross-entropy only. */
  readonly classGradients: (weights: FloatArray, statistics?: Statistics) => Promise<ClassGradients>;
  /** The same loss, of the same samples and weights, in float64: what the rounding of float32 is measured by. Itself in float64. */
  readonly precise: () => Objective;
  /** Frees what was loaded; nothing can be computed afterwards. */
  readonly release: () => Promise<void>;
}

/** Loss and gradient of a batch in training mode, and the running statistics after it. */
export interface BatchGradient {
  readonly loss: number;
  readonly gradient: FloatArray;
  readonly statistics: Statistics;
}

/** Gradients of batches in training mode; a batch is given as samples, or as rows of a data set. */
export interface Trainer<Batch> {
  readonly initialStatistics: Statistics;
  /** `step` keys the dropout masks. */
  readonly gradient: (
    weights: FloatArray,
    statistics: Statistics,
    batch: Batch,
    step: number,
  ) => Promise<BatchGradient>;
  /** Frees what was loaded. */
  readonly release: () => Promise<void>;
}

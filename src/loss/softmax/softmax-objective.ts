import type { LabelledData } from '../../data/features.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { withPauses, type Pausing } from '../../numeric/kernels/pausing.js';
import { paddedBlocks } from '../padded-blocks.js';
import type { Objective, Trainer } from '../objective.js';
import { checkLength, parametersOf } from '../parameters.js';
import { affineModel, type AffineModel } from './affine-model.js';
import { regressionClassGradients } from './class-gradients.js';
import { batchProgram, regressionProgram, type RegressionPoint } from './softmax-regression.js';

/** What softmax regression is, and what a pass over many samples awaits again and again. */
export interface SoftmaxOptions {
  readonly bias: boolean;
  /** Lets others go first, or rejects where the pass is to be given up; it is not interrupted if left out. */
  readonly giveWay?: () => Promise<void>;
}

/**
 * The training loss of softmax regression, with or without biases, in float64 from its definition: the second path beside networks, whose
 * parameters it has, by the same names. Needs no runtime. Scores are linear in θ, so that the Hessian is its own Gauss–Newton part.
 *
 * Throws UsageError where θ has another length, or for layers that are none. Cost: a pass over the data for each new θ, and one for each block
 * of products; memory: n·k probabilities.
 */
export function softmaxObjective(data: LabelledData, { bias, giveWay }: SoftmaxOptions): Objective {
  const model = affineModel(data, bias);
  const { layout, fromMatrix } = model;
  const paused = <R>(program: Pausing<R>): Promise<R> => withPauses(program, giveWay);
  const pointOf = lastPoint(model);
  const pointAt = (weights: FloatArray): Promise<RegressionPoint> => paused(pointOf(matrixOf(model, weights)));
  const self: Objective = {
    layout,
    evaluate: (weights) =>
      pointAt(weights).then(({ loss, accuracy, gradient }) => ({ loss, accuracy, gradient: fromMatrix(gradient) })),
    score: (weights) => pointAt(weights).then(({ loss, accuracy }) => ({ loss, accuracy })),
    curvature(_, weights, { layers } = {}) {
      parametersOf(layout, layers); // there is one layer: its block is the whole
      const matrix = matrixOf(model, weights);
      let point: Promise<RegressionPoint> | undefined;
      return {
        dimension: layout.size,
        ...(giveWay && { giveWay }),
        apply(block: Float64Array, columns) {
          const matrices = eachVector(model, block, columns, model.toMatrix);
          point ??= paused(pointOf(matrix));
          return point
            .then(({ products }) => paused(products(matrices, columns)))
            .then((moved) => eachVector(model, moved, columns, fromMatrix));
        },
      };
    },
    blocks: (kind, weights, blocks) => paddedBlocks(self.curvature(kind, weights), layout, blocks),
    sampleSlopes(weights, directions, columns) {
      const matrices = eachVector(model, directions, columns, model.toMatrix);
      return pointAt(weights).then(({ slopes }) => paused(slopes(matrices, columns)));
    },
    classGradients: (weights) =>
      paused(regressionClassGradients(model.data, matrixOf(model, weights))).then(({ sums, ...masses }) => ({
        ...masses,
        sums: sums.map(fromMatrix),
      })),
    precise: () => self,
    release: () => Promise.resolve(),
  };
  return self;
}

/** Gradients of batches, which are rows of the data. Nothing is drawn or normalised in training. */
export function softmaxTrainer(data: LabelledData, { bias, giveWay }: SoftmaxOptions): Trainer<Uint32Array> {
  const model = affineModel(data, bias);
  return {
    initialStatistics: {},
    async gradient(weights, statistics, rows) {
      const { loss, gradient } = await withPauses(batchProgram(model.data, matrixOf(model, weights), rows), giveWay);
      return { loss, gradient: model.fromMatrix(gradient), statistics };
    },
    release: () => Promise.resolve(),
  };
}

/** A copy of θ as a matrix. */
function matrixOf({ layout, toMatrix }: AffineModel, weights: FloatArray): Float64Array {
  checkLength('weights', weights.length, layout.size);
  return toMatrix(Float64Array.from(weights));
}

/** The point at W, known without another pass where W is that of the call before. */
function lastPoint(model: AffineModel): (matrix: Float64Array) => Pausing<RegressionPoint> {
  let last: { readonly matrix: Float64Array; readonly point: RegressionPoint } | undefined;
  return function* (matrix) {
    const isSame = last !== undefined && matrix.every((value, i) => Object.is(value, last!.matrix[i]));
    if (!isSame) last = { matrix, point: yield* regressionProgram(model.data, matrix) };
    return last!.point;
  };
}

/** A map of every vector of a block. Throws UsageError unless there are so many. */
function eachVector(
  { layout: { size } }: AffineModel,
  block: Float64Array,
  columns: number,
  map: (vector: Float64Array) => Float64Array,
): Float64Array {
  checkLength('vectors', block.length, columns * size);
  const result = new Float64Array(block.length);
  for (let from = 0; from < block.length; from += size) result.set(map(block.subarray(from, from + size)), from);
  return result;
}

import type { LabelledData } from '../../data/features.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { Objective, Trainer } from '../objective.js';
import { checkLength, inPrecision, parametersOf } from '../parameters.js';
import { affineModel, type AffineModel } from './affine-model.js';
import { regressionClassGradients } from './class-gradients.js';
import { batchPoint, regressionPoint, type RegressionPoint } from './softmax-regression.js';

/**
 * The training loss of softmax regression, with or without biases, in float64 from its definition: the second path beside networks, whose
 * parameters it has, by the same names. Needs no runtime. Scores are linear in θ, so that the Hessian is its own Gauss–Newton part.
 *
 * Throws UsageError where θ has another length, or for layers that are none. Cost: a pass over the data for each new θ, and one for each block
 * of products; memory: n·k probabilities.
 */
export function softmaxObjective(data: LabelledData, { bias }: { readonly bias: boolean }): Objective {
  const model = affineModel(data, bias);
  const { layout, fromMatrix } = model;
  const pointAt = lastPoint(model);
  const self: Objective = {
    layout,
    evaluate(weights) {
      const { loss, accuracy, gradient } = pointAt(weights);
      return Promise.resolve({ loss, accuracy, gradient: fromMatrix(gradient) });
    },
    curvature(_, weights, { layers } = {}) {
      parametersOf(layout, layers); // there is one layer: its block is the whole
      const { hessian } = pointAt(weights);
      return {
        dimension: layout.size,
        apply: (block, columns) => Promise.resolve(products(model, hessian, block, columns)),
      };
    },
    sampleSlopes(weights, directions, columns) {
      const matrices = eachVector(model, directions, columns, model.toMatrix);
      return Promise.resolve(pointAt(weights).sampleSlopes(matrices, columns));
    },
    classGradients(weights) {
      const { sums, ...masses } = regressionClassGradients(model.data, matrixOf(model, weights));
      return Promise.resolve({ ...masses, sums: sums.map(fromMatrix) });
    },
    precise: () => self,
    release: () => Promise.resolve(),
  };
  return self;
}

/** Gradients of batches, which are rows of the data. Nothing is drawn or normalised in training. */
export function softmaxTrainer(data: LabelledData, { bias }: { readonly bias: boolean }): Trainer<Uint32Array> {
  const model = affineModel(data, bias);
  return {
    initialStatistics: {},
    gradient(weights, statistics, rows) {
      const { loss, gradient } = batchPoint(model.data, matrixOf(model, weights), rows);
      return Promise.resolve({ loss, gradient: model.fromMatrix(gradient), statistics });
    },
    release: () => Promise.resolve(),
  };
}

function matrixOf({ layout, toMatrix }: AffineModel, weights: FloatArray): Float64Array {
  checkLength('weights', weights.length, layout.size);
  return toMatrix(inPrecision(weights, 'f64') as Float64Array);
}

/** The point at W, known without another pass where W is that of the call before. */
function lastPoint(model: AffineModel): (weights: FloatArray) => RegressionPoint {
  let last: { readonly matrix: Float64Array; readonly point: RegressionPoint } | undefined;
  return (weights) => {
    const matrix = matrixOf(model, weights).slice();
    if (last === undefined || !matrix.every((value, i) => Object.is(value, last!.matrix[i]))) {
      last = { matrix, point: regressionPoint(model.data, matrix) };
    }
    return last.point;
  };
}

function products(model: AffineModel, hessian: SymmetricOperator, block: Float64Array, columns: number): Float64Array {
  return eachVector(
    model,
    hessian.apply(eachVector(model, block, columns, model.toMatrix), columns),
    columns,
    model.fromMatrix,
  );
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

import type { Features, LabelledData } from '../../data/features.js';
import { parameterLayout, type ParameterLayout } from '../parameters.js';

/** Scores W x + b as a matrix k×(d + 1) on features with a constant 1 at the end; without biases k×d on the features as they are. */
export interface AffineModel {
  readonly data: LabelledData;
  /** `dense1.weight` [k, d] and `dense1.bias` [k], as of the network without hidden layers. */
  readonly layout: ParameterLayout;
  /** θ, first all weights, then all biases, as that matrix; and the reverse. */
  readonly toMatrix: (vector: Float64Array) => Float64Array;
  readonly fromMatrix: (matrix: Float64Array) => Float64Array;
}

export function affineModel(data: LabelledData, bias: boolean): AffineModel {
  const { features, classes: k } = data;
  const d = features.columns;
  const weight = { name: 'dense1.weight', shape: [k, d], role: 'weight' } as const;
  if (!bias) {
    const same = (values: Float64Array): Float64Array => values;
    return { data, layout: parameterLayout([weight]), toMatrix: same, fromMatrix: same };
  }
  /** Where entry i of θ lies in the matrix. */
  const place = (i: number): number => (i < k * d ? i + Math.floor(i / d) : (i - k * d) * (d + 1) + d);
  return {
    data: { ...data, features: withConstant(features) },
    layout: parameterLayout([weight, { name: 'dense1.bias', shape: [k], role: 'bias' }]),
    toMatrix(vector) {
      const matrix = new Float64Array(vector.length);
      vector.forEach((value, i) => (matrix[place(i)] = value));
      return matrix;
    },
    fromMatrix: (matrix) => matrix.map((_, i) => matrix[place(i)]!),
  };
}

/** The features and a 1. */
function withConstant(features: Features): Features {
  const { rows, columns, rowStart, column, value, offset } = features;
  const constant = 1 - offset;
  const starts = constant === 0 ? rowStart : rowStart.map((start, row) => start + row);
  const places = new Uint32Array(starts[rows]!).fill(columns);
  const values = new Float64Array(starts[rows]!).fill(constant);
  for (let i = 0; i < rows; i++) {
    places.set(column.subarray(rowStart[i], rowStart[i + 1]), starts[i]);
    values.set(value.subarray(rowStart[i], rowStart[i + 1]), starts[i]);
  }
  return { rows, columns: columns + 1, rowStart: starts, column: places, value: values, offset };
}

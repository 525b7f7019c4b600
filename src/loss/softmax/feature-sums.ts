import type { Features } from '../../data/features.js';
import { addOuterRow, multiplyRow } from './row-kernels.js';

/** M x_i of a row, for M width×d: what the constant of the features adds to all of them is added up once. */
export function rowProducts(x: Features, m: Float64Array, width: number): (i: number, out: Float64Array) => void {
  const byFeature = transposedRows(m, width, x.columns);
  const offsets = new Float64Array(width);
  if (x.offset !== 0) for (let j = 0; j < byFeature.length; j++) offsets[j % width]! += x.offset * byFeature[j]!;
  return (i, out) => {
    multiplyRow(x, i, byFeature, offsets, out);
  };
}

/** Σ y_i x_iᵀ over rows, width×d. */
export interface OuterSum {
  readonly add: (i: number, y: Float64Array) => void;
  /** Over so many samples. */
  readonly mean: (samples: number) => Float64Array;
}

/** What the constant of the features adds to every feature is summed once. */
export function outerSum(x: Features, width: number): OuterSum {
  const { columns: d, offset } = x;
  const byFeature = new Float64Array(d * width);
  const ofConstant = new Float64Array(width);
  return {
    add(i, y) {
      addOuterRow(x, i, y, byFeature);
      for (let q = 0; q < width; q++) ofConstant[q]! += y[q]!;
    },
    mean(samples) {
      const whole = byFeature.map((sum, j) => (sum + offset * ofConstant[j % width]!) / samples);
      return transposedRows(whole, d, width);
    },
  };
}

/** rows×columns → columns×rows. */
function transposedRows(x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = x[r * columns + c]!;
  return result;
}

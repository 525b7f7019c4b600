import type { Features } from '../../data/features.js';

/**
 * The two inner loops of softmax regression over the stored entries of one row of X. A matrix M with `width` numbers per
 * feature is stored feature after feature; strips of eight of its columns stay in registers while the row is walked, which
 * is more than twice as fast as walking the columns of each entry.
 */

/** out = offsets + Σ_f x_{if} M[f]. */
export function multiplyRow(x: Features, i: number, m: Float64Array, offsets: Float64Array, out: Float64Array): void {
  const width = out.length;
  const { value, column } = x;
  const begin = x.rowStart[i]!;
  const end = x.rowStart[i + 1]!;
  let q = 0;
  for (; q + 8 <= width; q += 8) {
    let s0 = offsets[q]!;
    let s1 = offsets[q + 1]!;
    let s2 = offsets[q + 2]!;
    let s3 = offsets[q + 3]!;
    let s4 = offsets[q + 4]!;
    let s5 = offsets[q + 5]!;
    let s6 = offsets[q + 6]!;
    let s7 = offsets[q + 7]!;
    for (let e = begin; e < end; e++) {
      const v = value[e]!;
      const j = column[e]! * width + q;
      s0 += v * m[j]!;
      s1 += v * m[j + 1]!;
      s2 += v * m[j + 2]!;
      s3 += v * m[j + 3]!;
      s4 += v * m[j + 4]!;
      s5 += v * m[j + 5]!;
      s6 += v * m[j + 6]!;
      s7 += v * m[j + 7]!;
    }
    out[q] = s0;
    out[q + 1] = s1;
    out[q + 2] = s2;
    out[q + 3] = s3;
    out[q + 4] = s4;
    out[q + 5] = s5;
    out[q + 6] = s6;
    out[q + 7] = s7;
  }
  for (; q < width; q++) {
    let sum = offsets[q]!;
    for (let e = begin; e < end; e++) sum += value[e]! * m[column[e]! * width + q]!;
    out[q] = sum;
  }
}

/** M[f] += x_{if} y. */
export function addOuterRow(x: Features, i: number, y: Float64Array, m: Float64Array): void {
  const width = y.length;
  const { value, column } = x;
  const begin = x.rowStart[i]!;
  const end = x.rowStart[i + 1]!;
  let q = 0;
  for (; q + 8 <= width; q += 8) {
    const y0 = y[q]!;
    const y1 = y[q + 1]!;
    const y2 = y[q + 2]!;
    const y3 = y[q + 3]!;
    const y4 = y[q + 4]!;
    const y5 = y[q + 5]!;
    const y6 = y[q + 6]!;
    const y7 = y[q + 7]!;
    for (let e = begin; e < end; e++) {
      const v = value[e]!;
      const j = column[e]! * width + q;
      m[j]! += v * y0;
      m[j + 1]! += v * y1;
      m[j + 2]! += v * y2;
      m[j + 3]! += v * y3;
      m[j + 4]! += v * y4;
      m[j + 5]! += v * y5;
      m[j + 6]! += v * y6;
      m[j + 7]! += v * y7;
    }
  }
  for (; q < width; q++) {
    const yq = y[q]!;
    for (let e = begin; e < end; e++) m[column[e]! * width + q]! += value[e]! * yq;
  }
}

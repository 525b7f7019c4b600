/** A vector of real numbers in single or double precision. */
export type FloatArray = Float32Array | Float64Array;

/** 'f32': 24 bits of mantissa, 'f64': 53. */
export type Precision = 'f32' | 'f64';

/** `length` zeros in a precision. */
export function zeros(precision: Precision, length: number): FloatArray {
  return precision === 'f32' ? new Float32Array(length) : new Float64Array(length);
}

/** The precision a vector is held in. */
export function precisionOf(vector: FloatArray): Precision {
  return vector instanceof Float32Array ? 'f32' : 'f64';
}

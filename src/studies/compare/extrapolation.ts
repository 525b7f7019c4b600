import { NumericalError } from '../../errors.js';

/** The limit h → 0 of a quantity measured at h, 2h, 4h, … */
export interface Extrapolated {
  readonly value: number;
  /** What was measured at the finest h, and after each order was removed: the first column of Neville's tableau, `value` last. */
  readonly orders: readonly number[];
}

/**
 * Richardson extrapolation of v(h) = v + c₁h + c₂h² + … from rungs h, 2h, 4h, … (finest first): T₀ = v(h),
 * T_m(h) = (2^m T_{m−1}(h) − T_{m−1}(2h))/(2^m − 1), which is v + O(h^{m+1}). With three rungs: (8 v(h) − 6 v(2h) + v(4h))/3.
 * Throws NumericalError where a value is not finite.
 */
export function extrapolate(rungs: readonly number[]): Extrapolated {
  if (!rungs.every(Number.isFinite)) {
    throw new NumericalError(`a rung of the extrapolation is not finite: ${rungs.join(', ')}; take a smaller step`);
  }
  let column = [...rungs];
  const orders = [column[0]!];
  for (let m = 1; m < rungs.length; m++) {
    column = column.slice(1).map((coarser, i) => (2 ** m * column[i]! - coarser) / (2 ** m - 1));
    orders.push(column[0]!);
  }
  return { value: orders.at(-1)!, orders };
}

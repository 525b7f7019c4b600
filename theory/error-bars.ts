/** Half a unit in the last place: a result that was rounded carries at least this relative error. */
const roundOff = Number.EPSILON / 2;
/** Far above what any estimate in the library is for: the claims are about 1e-9 and less. */
const absurd = 1e-5;

/**
 * 0 if an error estimate is honest, Infinity if not: it must not fall below the true relative error, where that is known to `known`, nor
 * below the round-off that every computed number has, nor say next to nothing.
 */
export function dishonesty(reported: number, actual: number, known: number): number {
  return reported >= roundOff && reported >= actual - known && reported <= absurd ? 0 : Infinity;
}

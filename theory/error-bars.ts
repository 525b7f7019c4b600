import { worst } from './numerics.js';

/** Half a unit in the last place: a result that was rounded carries at least this relative error. */
const roundOff = Number.EPSILON / 2;
/** Far above what any estimate in the library is for: the claims are about 1e-9 and less. */
const absurd = 1e-5;

/**
 * How far an error estimate is from honest, 0 if it is: it must not fall below the true relative error, where that is known to `known`, nor
 * below the round-off that every computed number has, nor say next to nothing.
 */
export function dishonesty(reported: number, actual: number, known: number): number {
  const missing = Math.max(roundOff - reported, actual - known - reported);
  return reported > absurd ? reported / absurd : worst([Math.max(0, missing) / roundOff]);
}

import type { Sector } from './symmetric-levels.js';

/**
 * The name of a sector for people, the same with and without noise: `gradient` for the trivial irrep, in which the gradient lies, and
 * `null` for the gauge directions, on which H is 0; every other sector has the one it has in the data. At vanishing noise
 * `standard+` joins the gradient's level, `standard-`, `symmetric` and `antisymmetric` make up the mini-bulk, and `bulk` joins the null space.
 */
export function sectorName(sector: Sector | (string & {})): string {
  return sector === 'trivial' ? 'gradient' : sector === 'gauge' ? 'null' : sector;
}

import { alongEigenvector, type StandardBlock } from './standard-block.js';
import type { NoisyLevel } from './symmetric-levels.js';

/** The sectors in which noise moves: those of one copy, and the standard one of several. */
const noiseSectors = ['trivial', 'symmetric', 'antisymmetric', 'bulk', 'standard'] as const;

export type NoiseSector = (typeof noiseSectors)[number];

/** One value for each sector. */
export function bySector<T>(of: (sector: NoiseSector) => T): Record<NoiseSector, T> {
  return Object.fromEntries(noiseSectors.map((sector) => [sector, of(sector)])) as Record<NoiseSector, T>;
}

/** That of the sector a level of the Hessian belongs to; undefined for the gauge directions, along which nothing moves. */
function sectorOf(level: string): NoiseSector | undefined {
  return level.startsWith('standard') ? 'standard' : noiseSectors.find((sector) => sector === level);
}

/** vᵀVv along an eigenvector of a level; 0 along the gauge directions. */
export function varianceAlong(
  state: Readonly<Record<NoiseSector, StandardBlock>>,
  { sector, mixture = [1] }: Pick<NoisyLevel, 'sector' | 'mixture'>,
): number {
  const at = sectorOf(sector);
  return at === undefined ? 0 : alongEigenvector(state[at], mixture);
}

import type { Sector } from '../src/exact/noisy/index.js';
import { palette } from './style.js';

/** How the levels of a sector are drawn in every figure. They are called as on the command line: `trivial` is the gradient's. */
export const sectorStyles: readonly {
  readonly sector: Sector;
  readonly colour: string;
  readonly dash: readonly number[];
}[] = [
  { sector: 'trivial', colour: palette.vermilion, dash: [] },
  { sector: 'standard+', colour: palette.blue, dash: [] },
  { sector: 'antisymmetric', colour: palette.orange, dash: [6, 1.5] },
  { sector: 'standard-', colour: palette.purple, dash: [4, 2] },
  { sector: 'symmetric', colour: palette.green, dash: [2, 1.5] },
  { sector: 'bulk', colour: palette.ink, dash: [] },
];

/** The same word with a typographic minus. */
export function printed(sector: Sector): string {
  return sector.replace('-', '−');
}

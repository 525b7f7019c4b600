import type { Claim, Scale } from '../experiment.js';
import type { TrainTask } from '../task.js';
import { overlapMeasurement } from '../train-row.js';
import { documentsOf, seededRuns, setting, sparse, type Change, type Density } from './settings.js';

/** A row with overlap(g, Hg) of a training run. */
export interface OverlapRow {
  readonly id: string;
  readonly statement: string;
  readonly change: Change;
  /** Of one run at full scale, on one core. */
  readonly seconds: number;
  readonly quickSeconds?: number;
  readonly density?: Density;
}

/** Its runs, one for each seed. */
export function overlapRuns({ change, density, seconds, quickSeconds }: OverlapRow, scale: Scale): TrainTask[] {
  return seededRuns(setting(change, scale, density), scale, seconds, quickSeconds);
}

/** A number of the paper's Table 1; null for a row that is not in it. */
export function overlapClaim(row: OverlapRow, paper: number | null): Claim {
  return {
    id: row.id,
    statement: row.statement,
    target: paper === null ? { kind: 'none' } : { kind: 'value', value: paper },
    tasks: (scale) => overlapRuns(row, scale),
    measure: (results, scale) => overlapMeasurement(documentsOf(results, overlapRuns(row, scale))),
  };
}

/** The row of another claim with a setting changed, measured more coarsely unless its density is given. */
export function variation(of: Claim, row: Omit<OverlapRow, 'id'> & { readonly name: string }): Claim {
  const id = `${of.id}-${row.name}`;
  return { ...overlapClaim({ density: sparse, ...row, id }, null), target: of.target, variationOf: of.id };
}

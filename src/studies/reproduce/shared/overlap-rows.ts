import type { Declaration } from '../engine/declare.js';
import type { Scale, Statement } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import { setting, sparseMeasurements, type Change, type Density } from './settings.js';
import { overlapMeasurement } from './train-row.js';

/** A row with overlap(g, Hg) of training runs, one for each seed. */
export interface OverlapRow extends Statement {
  readonly runs: (scale: Scale) => readonly TrainTask[];
}

/** How its runs differ from the paper's defaults. */
interface Changed {
  readonly change: Change;
  /** Of one run at full scale, on one core. */
  readonly seconds: number;
  readonly quickSeconds?: number;
  readonly density?: Density;
}

export function overlapRow({ change, density, seconds, quickSeconds = 6, ...row }: Statement & Changed): OverlapRow {
  const runs = (scale: Scale): TrainTask[] =>
    seededRuns(setting(change, scale, density), scale === 'full' ? seconds : quickSeconds);
  return { ...row, runs };
}

/** Another row with a setting changed, measured more coarsely unless its density is given. */
export function variation(
  { id, target }: Statement,
  { name, ...row }: Pick<Statement, 'statement'> & Changed & { readonly name: string },
): OverlapRow {
  return overlapRow({ density: sparseMeasurements, ...row, id: `${id}-${name}`, target, variationOf: id });
}

/** What an experiment of such rows needs and claims. */
export function overlapTable(
  rows: readonly OverlapRow[],
): Pick<Declaration<Readonly<Record<string, readonly TrainTask[]>>>, 'needs' | 'claims'> {
  return {
    needs: (scale) => Object.fromEntries(rows.map(({ id, runs }) => [id, runs(scale)])),
    claims: (claim) =>
      rows.map((row) => claim({ ...row, uses: [row.id], measure: (found) => overlapMeasurement(found[row.id]!) })),
  };
}

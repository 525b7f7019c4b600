import type { Job } from '../../jobs/job.js';
import type { SweptCommand } from './command.js';
import type { CheckedDescription } from './description.js';
import type { Cell } from './table.js';

/** One run of a sweep. */
export interface PlannedRun {
  /** Runs of one configuration share it. */
  readonly job: Job;
  /** Axis → value, in the order of the axes, the seed last where the command has one. */
  readonly point: Readonly<Record<string, Cell>>;
  readonly config: unknown;
}

/** A description, worked out. */
export interface SweepPlan {
  readonly description: CheckedDescription;
  readonly command: SweptCommand;
  /** In the order of the grid, those of one value too; the seed is none of them. */
  readonly axes: readonly string[];
  /** In the order of the grid: the last axis runs faster than those before it, the seed fastest. */
  readonly runs: readonly PlannedRun[];
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { fateOf } from '../../files/process-identity.js';
import { readText } from '../../files/read-bytes.js';
import { openSealed } from '../../files/sealed-json.js';
import { DataError } from '../../errors.js';
import { resultStore } from '../../jobs/result-store.js';
import type { SweptCommand } from './command.js';
import { planSweep, type SweepPlan } from './plan.js';
import { readProgress, type SweepProgress } from './progress-file.js';
import { sweepFiles } from './sweep-folder.js';

/** How a sweep stands: as its driver says, while it is there; else as its folder shows. */
export interface SweepStatus extends Omit<SweepProgress, 'state'> {
  /** `killed`: its driver is gone, and said nothing; `unseen`: it is on another machine. */
  readonly state: SweepProgress['state'] | 'killed' | 'unseen';
}

/** The plan of the description that was last run in a folder. Throws UsageError where it is no folder of a sweep, DataError for a file that was altered, and what planning throws. */
export async function planOfFolder(folder: string, commands?: readonly SweptCommand[]): Promise<SweepPlan> {
  const path = join(folder, sweepFiles.description);
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} is no folder of a sweep: it has no ${sweepFiles.description}; give the --out of one`,
    );
  }
  const wayOut = 'repeat the sweep with its description, which writes it anew';
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; ${wayOut}`);
  };
  const { description } = openSealed(readText(path, wayOut), fail);
  return planSweep(description as SweepPlan['description'], commands);
}

/** How the sweep in a folder stands; it may be running, on this machine or elsewhere. Throws as `planOfFolder`. */
export async function sweepStatus(folder: string, commands?: readonly SweptCommand[]): Promise<SweepStatus> {
  const written = readProgress(folder);
  if (written === undefined) {
    throw new UsageError(`${folder} is no folder of a sweep: it has no ${sweepFiles.progress}; give the --out of one`);
  }
  const fate = fateOf(written.driver, new Date(written.updated));
  if (written.state !== 'running' || fate === 'alive') return written;
  if (fate === 'unseen') return { ...written, state: 'unseen' };
  const [plan, store] = [await planOfFolder(folder, commands), resultStore(folder)];
  const keys = new Set(plan.runs.map(({ job }) => job.key));
  const finished = [...keys].filter((key) => store.isFinished({ key })).length;
  return { ...written, state: 'killed', finished, running: [], secondsLeft: null };
}

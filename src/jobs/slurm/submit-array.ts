import { UsageError } from '../../errors.js';
import { SlurmAway } from './array-queue.js';
import { complaintOf, slurmCommand } from './slurm-command.js';
import { logPath, tasksOf, type Submission } from './submission.js';

/** What Slurm says where the same submission may succeed later. */
const passing =
  /unable to contact|timed out|time-?out|temporarily|connection refused|connect failure|communication|resource limit|try again/i;
const tooMany = /MaxSubmit|MaxJobCount|job submit limit/i;

/** What the engine passes to sbatch itself. */
const own =
  /^(--(array|parsable|job-name|output|wrap|wait|test-only|requeue|no-requeue|clusters?|het-group)(=|$)|-[aJoWM])/;

/** Throws UsageError for options of sbatch that are none, or that are not the user's here. */
export function refuseOptions(options: readonly string[]): void {
  for (const option of options) {
    if (!option.startsWith('-')) {
      throw new UsageError(`'${option}' is no option of sbatch; write it with its value, as in --partition=NAME`);
    }
    if (/^(--clusters?(=|$)|-M)/.test(option)) {
      throw new UsageError(
        `${option}: name another cluster by the variable SLURM_CLUSTERS, so that all commands use it`,
      );
    }
    if (own.test(option)) throw new UsageError(`${option} is set by the engine itself; leave it out`);
  }
}

/**
 * Submits an array and returns its number. `othersWait`: some of one's own are in the queue, so that a limit on their number will let it through later.
 *
 * Throws SlurmAway where it is to be looked for in the queue, and to be tried again if it is not there; UsageError where Slurm refuses it.
 */
export async function submitArray(
  submission: Submission,
  options: readonly string[],
  atOnce: number | undefined,
  othersWait: boolean,
): Promise<string> {
  const range = `0-${tasksOf(submission) - 1}${atOnce === undefined ? '' : `%${atOnce}`}`;
  const said = await slurmCommand('sbatch', [
    '--parsable',
    ...options,
    '--no-requeue',
    `--array=${range}`,
    `--job-name=${submission.name}`,
    `--output=${logPath(submission, '%a')}`,
    `${submission.folder}/array.sh`,
  ]);
  const number = /^(\d+)(;.*)?$/m.exec(said.stdout)?.[1];
  if (said.code === 0 && number !== undefined) return number;
  const complaint = complaintOf(said);
  const mayPass = said.code === null || passing.test(complaint) || (othersWait && tooMany.test(complaint));
  if (mayPass) throw new SlurmAway(complaint);
  const remedy = tooMany.test(complaint)
    ? 'fewer tasks, of more seconds each, may be within the limit'
    : 'pass other options to sbatch';
  throw new UsageError(`sbatch refuses ${submission.folder}/array.sh: ${complaint}; ${remedy}`);
}

import { complaintOf, slurmCommand } from './slurm-command.js';

/** A task of a job array, as Slurm sees it. */
export interface QueuedTask {
  /** Of its array. */
  readonly name: string;
  readonly array: string;
  readonly index: number;
  /** In Slurm's words: PENDING, RUNNING, COMPLETED, OUT_OF_MEMORY, … */
  readonly state: string;
  /** As `code:signal`. */
  readonly exit: string;
  /** Why it is in this state. */
  readonly reason: string;
}

/** Slurm's controller does not answer, or cannot do now what it was asked for. */
export class SlurmAway extends Error {
  override readonly name = 'SlurmAway';
}

const over =
  /^(BOOT_FAIL|CANCELLED|COMPLETED|DEADLINE|FAILED|LAUNCH_FAILED|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|REVOKED|TIMEOUT)/;

/** Whether nothing of a task runs any more, nor will. */
export const isOver = ({ state }: Pick<QueuedTask, 'state'>): boolean => over.test(state);

const fields = ['ArrayJobID', 'ArrayTaskID', 'State', 'exit_code', 'Reason', 'Name'];

/**
 * The tasks of the arrays with these names, those that ended in the last minutes included. The names are the engine's own, and known before Slurm has given
 * a number: so a submission whose answer was lost is found. Throws SlurmAway where the controller does not answer.
 */
export async function queuedTasks(names: readonly string[]): Promise<QueuedTask[]> {
  if (names.length === 0) return [];
  const format = fields.map((field) => `${field}:|`).join(',');
  const said = await slurmCommand('squeue', [
    '--noheader',
    '--array',
    '--states=all',
    `--name=${names.join(',')}`,
    `--Format=${format}`,
  ]);
  if (said.code !== 0) throw new SlurmAway(complaintOf(said));
  return said.stdout.split('\n').flatMap((line) => {
    const [array, index, state, status, reason, name] = line.split('|').map((field) => field.trim());
    if (name === undefined || !/^\d+$/.test(index!)) return [];
    return [
      { name, array: array!, index: Number(index), state: state!, exit: exitOf(Number(status)), reason: reason! },
    ];
  });
}

/** A wait status (wait(2)) as `code:signal`. */
const exitOf = (status: number): string => `${(status & 127) === 0 ? status >> 8 : 0}:${status & 127}`;

/** Takes back tasks of arrays that wait, and tells those that run to stop: SIGTERM, or a kill by Slurm some seconds later. What fails is seen in the queue. */
export async function cancelArrays(arrays: readonly string[], how: 'gently' | 'by force'): Promise<void> {
  if (how === 'by force') await slurmCommand('scancel', ['--quiet', ...arrays]);
  else {
    await slurmCommand('scancel', ['--quiet', '--state=PENDING', ...arrays]);
    await slurmCommand('scancel', ['--quiet', '--state=RUNNING', '--signal=TERM', '--batch', ...arrays]);
  }
}

/** What the accounting knows of a task that the controller has forgotten. */
export async function accountedTask(
  array: string,
  index: number,
): Promise<Pick<QueuedTask, 'state' | 'exit'> | undefined> {
  const args = ['--noheader', '--parsable2', '--allocations', '--format=State,ExitCode', `--jobs=${array}_${index}`];
  const { code, stdout } = await slurmCommand('sacct', args);
  const [state, exit] = stdout.trim().split('\n')[0]!.split('|');
  return code === 0 && exit !== undefined ? { state: state!, exit } : undefined;
}

import { UsageError } from '../../errors.js';
import { complaintOf, slurmCommand } from './slurm-command.js';

/** What a Slurm cluster allows and keeps. */
export interface Cluster {
  /** Tasks of one array, at most. */
  readonly mostTasks: number;
  /** Whether sacct tells of tasks that the controller has forgotten. */
  readonly hasAccounting: boolean;
}

/** The cluster that jobs are submitted to from here. Throws UsageError where commands of Slurm are missing, its controller does not answer, or it takes no arrays. */
export async function reachCluster(): Promise<Cluster> {
  for (const name of ['sbatch', 'squeue', 'scancel']) await slurmCommand(name, ['--version']);
  const said = await slurmCommand('scontrol', ['show', 'config']);
  if (said.code !== 0) {
    throw new UsageError(
      `Slurm does not answer: ${complaintOf(said)}; try again once it does, or choose another engine`,
    );
  }
  const value = (name: string): string => new RegExp(`^${name}\\s*= (.*)$`, 'm').exec(said.stdout)?.[1]?.trim() ?? '';
  const mostTasks = Number(value('MaxArraySize') || 1001); // indices stay below it
  if (!(mostTasks > 1)) throw new UsageError('this Slurm takes no job arrays (MaxArraySize); choose another engine');
  return { mostTasks, hasAccounting: !/^(|\(null\)|accounting_storage\/none)$/.test(value('AccountingStorageType')) };
}

import { UsageError } from '../../errors.js';
import { readText } from '../../files/read-bytes.js';

/**
 * The batch script of an array, with places for `{command}`, which does the work of one task, and `{processors}`, as many as its processes have threads. The command takes the
 * place of the shell (`exec`), so that Slurm's SIGTERM, sent a minute before the time limit, reaches it: what runs then stops with what is done kept.
 */
export const slurmTemplate = `#!/bin/bash
#SBATCH --cpus-per-task={processors}
#SBATCH --signal=B:TERM@60
exec {command}
`;

/** A template from a file. Throws DataError where it cannot be read, UsageError where it is no script, or never begins the command. */
export function readSlurmTemplate(path: string): string {
  const text = readText(path, 'name a batch script');
  const remedy = `begin with this one:\n${slurmTemplate}`;
  if (!text.startsWith('#!')) throw new UsageError(`${path} is no batch script, its first line is no #!; ${remedy}`);
  if (text.includes('\r')) throw new UsageError(`${path} has line ends of Windows; write it with those of Unix`);
  if (!text.split('\n').some((line) => /^[^#]*\{command\}/.test(line))) {
    throw new UsageError(`${path} never runs {command}, which does the work of an array task; ${remedy}`);
  }
  return text;
}

/** The script of words of a command; the last one, the number of the task, is added. */
export function batchScript(template: string, command: readonly string[], processors: number): string {
  const words = [...command.map(quoted), '"$SLURM_ARRAY_TASK_ID"'].join(' ');
  return template.replaceAll('{command}', () => words).replaceAll('{processors}', String(processors));
}

/** A word as the shell takes it for what it is. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

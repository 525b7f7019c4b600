import { spawn } from 'node:child_process';
import { UsageError } from '../../errors.js';

/** What a command of Slurm said. */
export interface CommandSaid {
  /** Null where it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that has not answered by then is ended: the controller keeps it waiting. */
const patience = 100_000; // ms

/**
 * Runs a command of Slurm, in a process group of its own: a Ctrl-C in the terminal does not reach it, so that it is never unknown for this reason what it did.
 *
 * Throws UsageError where there is no such command.
 */
export function slurmCommand(name: string, args: readonly string[]): Promise<CommandSaid> {
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, timeout: patience });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      const advice = 'work on a machine from which jobs are submitted to Slurm, or choose another engine';
      reject(new UsageError(`${name} cannot be run (${cause.message}): ${advice}`, { cause }));
    });
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** Why a command failed, in its own words on one line. */
export const complaintOf = ({ code, stderr }: CommandSaid): string =>
  stderr.trim().replaceAll(/\s*\n\s*/g, '; ') || (code === null ? 'no answer in time' : `exit code ${code}`);

import { TinySubspaceError } from '../errors.js';

/** Why a job has no result; plain JSON. */
export interface Failure {
  /** Of the error: 'UsageError', 'DataError', 'NumericalError'; 'disk' where the one it was worked on refuses, 'crash' where its process ended by itself, 'bug' for any other error. */
  readonly name: string;
  /** Null: a bug. */
  readonly exitCode: 1 | 2 | 3 | 4 | null;
  readonly message: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** What was thrown, as a failure. */
export function failureOf(error: unknown, attempts = 1): Failure {
  if (error instanceof TinySubspaceError) {
    return { name: isOfDisk(error) ? 'disk' : error.name, exitCode: error.exitCode, message: error.message, attempts };
  }
  return {
    name: 'bug',
    exitCode: null,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    attempts,
  };
}

/** Whether what is wrong is full, read-only or broken: any job would fail there. */
function isOfDisk({ cause }: Error): boolean {
  if (!(cause instanceof Error)) return false;
  return /^(ENOSPC|EDQUOT|EROFS|EIO)$/.test((cause as NodeJS.ErrnoException).code ?? '') || isOfDisk(cause);
}

/** The process of a job ended by itself: like a lack of memory that is foreseen, it has the exit code of usage. */
export const crash = (message: string, attempts: number): Failure => ({
  name: 'crash',
  exitCode: 2,
  message,
  attempts,
});

/** Whether trying again may help: a process that was killed may find more memory, and the same error comes from the same arguments. */
export const isWorthRetrying = ({ name }: Failure): boolean => name === 'crash';

import { join } from 'node:path';
import { readText } from '../../files/read-bytes.js';
import { openSealed, sealedJson } from '../../files/sealed-json.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { Failure } from '../failure.js';
import type { Submission } from './submission.js';

/** What an array task tells of its jobs, in a file that it replaces every few seconds. By keys. */
export interface TaskReport {
  /** The how-many-th report this is: a task that counts on is alive, whatever Slurm says. */
  readonly count: number;
  /** Those that were begun, and how far each came, 0 … 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** Those whose results are in the store. */
  readonly finished: readonly string[];
  readonly failures: Readonly<Record<string, Failure>>;
  /** Whether the task says nothing more: it has come to its end, or was told to stop. */
  readonly end: 'done' | 'stopped' | null;
}

export const noReport: TaskReport = { count: 0, shares: {}, finished: [], failures: {}, end: null };

const pathOf = ({ folder }: Submission, index: number): string => join(folder, 'reports', `${index}.json`);

export function writeReport(submission: Submission, index: number, report: TaskReport): void {
  writeAtomically(pathOf(submission, index), sealedJson(report));
}

/** What a task told last; nothing where it cannot be read, which may be only now. */
export function readReport(submission: Submission, index: number): TaskReport {
  try {
    const fail = (problem: string): never => {
      throw new Error(problem);
    };
    return openSealed(readText(pathOf(submission, index), ''), fail) as unknown as TaskReport;
  } catch {
    return noReport;
  }
}

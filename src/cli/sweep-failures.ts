import { join } from 'node:path';
import { sweepFiles } from '../studies/sweep/sweep-folder.js';
import type { SweepOutcome } from '../studies/sweep/run-sweep.js';
import { printBug, printError } from './messages.js';

/** More reasons than this are for the table. */
const mostReasons = 10;

/** Says once why runs failed, and sets the exit code of the first. Throws for a bug. */
export function reportFailures({ failures }: Pick<SweepOutcome, 'failures'>, out: string): void {
  const reasons = new Map<string, string[]>();
  for (const [key, { message }] of failures) {
    const reason = message.replaceAll(key, 'the run');
    reasons.set(reason, [...(reasons.get(reason) ?? []), key]);
  }
  for (const [message, keys] of [...reasons].slice(0, mostReasons)) {
    const isBug = keys.some((key) => failures.get(key)!.name === 'bug');
    (isBug ? printBug : printError)(
      `${keys.length === 1 ? `the run ${keys[0]!}` : `${keys.length} runs`} failed: ${message}`,
    );
  }
  const rest = [...reasons.values()].slice(mostReasons).flat().length;
  if (rest > 0) printError(`${rest} more runs failed; ${join(out, sweepFiles.runs)} says why`);
  const found = [...failures.values()];
  if (found.some(({ name }) => name === 'bug')) throw new Error('a run ended with a bug, see above');
  process.exitCode = found[0]?.exitCode ?? 0;
}

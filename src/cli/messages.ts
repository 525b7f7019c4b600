import { oneLine } from './plain-text.js';

/** Everything that is said on stderr: a line each, whatever is in the text; results are for stdout. */

/** An error: `error: MESSAGE`. */
export function printError(message: string): void {
  printNotice(`error: ${message}`);
}

/** What a user may want to know beside the results. */
export function printNotice(message: string): void {
  process.stderr.write(`${oneLine(message)}\n`);
}

/** A bug of ours: what was thrown, and where. */
export function printBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [what, ...frames] = text.split(/\n(?= {4}at )/);
  printNotice(what!);
  for (const frame of frames) process.stderr.write(`    ${oneLine(frame.trim())}\n`);
}

import { constants } from 'node:os';
import type { StopSignal } from '../files/stop-signals.js';
import { printNotice } from './messages.js';

/** Listed here too: a command that only prints loads nothing of files. */
const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** What the signal is aborted with; its message says what happens to the work. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** By the convention of shells: 128 + the number of the signal. */
  readonly exitCode: number;

  constructor(consequence: string, by: StopSignal) {
    super(consequence);
    this.exitCode = 128 + constants.signals[by];
  }
}

/** A signal that is raised by the first Ctrl-C, SIGTERM, SIGHUP or SIGQUIT; the second one ends the process as usual. */
export function interruptSignal(consequence: string): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = (by: StopSignal): void => {
    if (process.stderr.isTTY) process.stderr.write('\n');
    printNotice('stopping; Ctrl-C again ends at once');
    controller.abort(new Interrupted(consequence, by));
    release();
  };
  const release = (): void => {
    for (const name of stopSignals) process.off(name, stop);
  };
  for (const name of stopSignals) process.on(name, stop);
  return { signal: controller.signal, release };
}

/** Exit code of a run that was stopped by Ctrl-C, by the convention of shells: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** What the signal is aborted with. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What happens to the work: the message of `Interrupted`. */
const kept = 'what is finished is kept: the same command with the same --out goes on from there';

/** A signal that is raised by the first Ctrl-C or SIGTERM; a second Ctrl-C kills the process as usual. */
export function interruptSignal(consequence = kept): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    process.stderr.write('\nstopping; Ctrl-C again ends at once\n');
    controller.abort(new Interrupted(consequence));
    release();
  };
  const release = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, release };
}

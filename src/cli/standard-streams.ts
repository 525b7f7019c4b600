import { fstatSync, writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { printError } from './messages.js';

/** Exit code where the results could not be written. */
const LOST = 3;

/**
 * Makes stdout and stderr of this process ones that can be relied on. Results are written whole; where they cannot be, that is said once, what
 * follows is dropped, and the exit code is 3 in place of 0 or 1. A reader that has seen enough (`| head`) is no error, and the command comes to its own
 * exit code. A broken stderr changes nothing.
 */
export function guardStreams(): void {
  let isLost = false;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (isLost || code === 'EPIPE' || code === 'ECONNRESET') return;
    isLost = true;
    printError(`the results could not be written: ${message}`);
  });
  if (isFile(1)) {
    process.stdout._write = (chunk: Uint8Array, _encoding, done) => {
      try {
        if (!isLost) writeFileSync(1, chunk); // in as many writes as it takes: Node's own stream makes one, and passes over what that left
        done();
      } catch (error) {
        done(error as Error);
      }
    };
  }
  process.on('exit', (code) => {
    if (isLost && (code === 0 || code === 1)) process.exitCode = LOST;
  });
}

/** Whether writes to a descriptor end at once, on a disk or a device. */
function isFile(descriptor: number): boolean {
  const stat = fstatSync(descriptor);
  return stat.isFile() || (stat.isCharacterDevice() && !isatty(descriptor));
}

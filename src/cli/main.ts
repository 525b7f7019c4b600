#!/usr/bin/env node
import { runCli } from './run-cli.js';

/** Exit code of a bug of ours (EX_SOFTWARE of sysexits.h), so that it is never taken for a failed claim. */
const BUG = 70;

// A reader that has seen enough (`| head`) is not an error; a disk that is full is one of data.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: the results could not be written: ${error.message}\n`);
  process.exit(3);
});

try {
  process.exitCode = await runCli(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = BUG;
}

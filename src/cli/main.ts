#!/usr/bin/env node
import { runCli } from './run-cli.js';

/** Exit code of a bug of ours (EX_SOFTWARE of sysexits.h), so that it is never taken for a failed claim. */
const BUG = 70;

// A reader that has seen enough (`| head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  process.exitCode = await runCli(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = BUG;
}

#!/usr/bin/env node
import { runCli } from './run-cli.js';

/** Exit code of a bug of ours (EX_SOFTWARE of sysexits.h), so that it is never taken for a failed claim. */
const BUG = 70;

try {
  process.exitCode = await runCli(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = BUG;
}

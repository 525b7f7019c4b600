#!/usr/bin/env node
import { printBug } from './messages.js';
import { runCli } from './run-cli.js';
import { guardStreams } from './standard-streams.js';

/** Exit code of a bug of ours (EX_SOFTWARE of sysexits.h), so that it is never taken for a failed claim. */
const BUG = 70;

guardStreams();
process.on('uncaughtException', (error) => {
  printBug(error);
  process.exit(BUG);
});
process.exitCode = await runCli(process.argv.slice(2));

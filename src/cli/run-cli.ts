import { Command, CommanderError } from 'commander';
import { TinySubspaceError } from '../errors.js';
import { version } from '../version.js';
import { boundaryCommand } from './boundary.js';
import { compareCommand } from './compare.js';
import { demoCommand } from './demo.js';
import { figuresCommand } from './figures.js';
import { INTERRUPTED, Interrupted } from './interrupt.js';
import { measureCommand } from './measure.js';
import { reproduceCommand } from './reproduce.js';
import { responseCommand } from './response.js';
import { simulateCommand } from './simulate.js';
import { solveCommand } from './solve.js';
import { spectrumCommand } from './spectrum.js';
import { trainCommand } from './train.js';
import { verifyCommand } from './verify.js';

/**
 * Runs the command line and returns its exit code: 0 ok, 1 a claim failed, 2 usage, 3 data, 4 numerical failure.
 * Errors go to stderr in one line each. Throws what is not an error of this package: a bug.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Interrupted) {
      process.stderr.write(`stopped; ${error.message}\n`);
      return INTERRUPTED;
    }
    if (!(error instanceof TinySubspaceError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
}

function program(): Command {
  const root = new Command('tiny-subspace')
    .description('An exact laboratory for "gradient descent happens in a tiny subspace" (Gur-Ari, Roberts & Dyer 2018)')
    .version(version);
  const commands = [
    solveCommand(),
    boundaryCommand(),
    responseCommand(),
    simulateCommand(),
    verifyCommand(),
    compareCommand(),
    measureCommand(),
    trainCommand(),
    spectrumCommand(),
    figuresCommand(),
    reproduceCommand(),
    demoCommand(),
  ];
  for (const command of commands) root.addCommand(command);
  for (const command of [root, ...root.commands]) command.exitOverride().showHelpAfterError('(add --help for usage)');
  return root;
}

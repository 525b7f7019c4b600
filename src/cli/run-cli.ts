import { Command, CommanderError } from 'commander';
import { TinySubspaceError } from '../errors.js';
import { version } from '../version.js';
import { commands } from './commands.js';
import { INTERRUPTED, Interrupted } from './interrupt.js';

/**
 * Runs the command line and returns its exit code: 0 ok, 1 a claim failed, 2 usage, 3 data, 4 numerical failure.
 * Errors go to stderr in one line each. Throws what is not an error of this package: a bug.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    const root = await program(args.find((word) => word !== 'help' && !word.startsWith('-')));
    await root.parseAsync(args, { from: 'user' });
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

/** All commands, of which only the one that is asked for is loaded. */
async function program(asked: string | undefined): Promise<Command> {
  const root = new Command('tiny-subspace')
    .description('An exact laboratory for "gradient descent happens in a tiny subspace" (Gur-Ari, Roberts & Dyer 2018)')
    .version(version);
  for (const { name, description, load } of commands) {
    const command = name === asked ? await load() : new Command().option('--json'); // every command has options
    root.addCommand(command.name(name).description(description));
  }
  for (const command of [root, ...root.commands]) command.exitOverride().showHelpAfterError('(add --help for usage)');
  return root;
}

import { Command, CommanderError } from 'commander';
import { outOfMemory, TinySubspaceError, UsageError } from '../errors.js';
import { version } from '../version.js';
import { commands } from './commands.js';
import { Interrupted, interruptSignal } from './interrupt.js';
import { printError, printNotice } from './messages.js';

/**
 * Runs the command line and returns its exit code: 0 ok, 1 a claim failed, 2 usage, 3 data, 4 numerical failure, 128 + n stopped by signal n.
 * Errors go to stderr in one line each. Throws what is not an error of this package or of the system: a bug.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  const asked = args.find((word) => word !== 'help' && !word.startsWith('-'));
  const stopped = commands.find(({ name }) => name === asked)?.stopped ?? null;
  const { signal, release } = stopped === null ? neverInterrupted() : interruptSignal(stopped);
  try {
    refuseUnknown(args, asked);
    const root = await program(asked, signal);
    await root.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(outOfMemory(error) ?? error);
  } finally {
    release();
  }
}

/** Throws UsageError where no command is asked for, or help for one that there is not; others are commander's to refuse. */
function refuseUnknown(args: readonly string[], asked: string | undefined): void {
  const legal = `commands are ${commands.map(({ name }) => name).join(', ')}; add --help for what they do`;
  if (args.length === 0) throw new UsageError(`no command was given; ${legal}`);
  if (args[0] === 'help' && asked !== undefined && !commands.some(({ name }) => name === asked)) {
    throw new UsageError(`there is no command '${asked}' to help with; ${legal}`);
  }
}

/** Says what was thrown, and what exit code it has. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it is said
  if (error instanceof Interrupted) {
    printNotice(`stopped; ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof TinySubspaceError) {
    printError(error.message);
    return error.exitCode;
  }
  if (isOfSystem(error)) {
    printError(`the system refused: ${error.message}`);
    return 3;
  }
  throw error;
}

/** Whether a file, folder or device is not what it should be, and the call failed for that. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && ('syscall' in error || String(error.code).startsWith('ERR_FS_'));
}

function neverInterrupted(): ReturnType<typeof interruptSignal> {
  return { signal: new AbortController().signal, release: () => undefined };
}

/** All commands, of which only the one that is asked for is loaded. */
async function program(asked: string | undefined, signal: AbortSignal): Promise<Command> {
  const root = new Command('tiny-subspace')
    .description('An exact laboratory for "gradient descent happens in a tiny subspace" (Gur-Ari, Roberts & Dyer 2018)')
    .version(version);
  for (const { name, description, load } of commands) {
    const command = name === asked ? await load(signal) : new Command().option('--json'); // every command has options
    root.addCommand(command.name(name).description(description));
  }
  for (const command of [root, ...root.commands, ...root.commands.flatMap(({ commands: inner }) => inner)]) {
    command.enablePositionalOptions(); // options behind the name of a command are its own
    command.exitOverride().configureOutput({ outputError: printUsageError });
  }
  return root;
}

/** An error of commander, in one line: a suggestion has one of its own. */
function printUsageError(text: string): void {
  const message = text
    .trimEnd()
    .replace(/^error: /, '')
    .replace(/\n(\(Did you mean [^\n]*\?\))$/, ' $1');
  printError(`${message} (add --help for usage)`);
}

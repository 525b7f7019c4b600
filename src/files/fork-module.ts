import { fork, type ChildProcess } from 'node:child_process';

/** A process of a module of this package, compiled or as its source, with messages both ways. What it says goes to stderr alone. */
export function forkModule(module: URL): ChildProcess {
  const execArgv = module.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
  return fork(module, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

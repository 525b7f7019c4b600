import { fork, type ChildProcess } from 'node:child_process';

/** A process of redis-worker.ts. */
export const startWorker = (url: string, lease: number, processes: number): ChildProcess =>
  fork(new URL('./redis-worker.ts', import.meta.url), [url, String(lease), String(processes)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

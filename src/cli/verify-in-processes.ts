import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { UsageError } from '../errors.js';
import { forkModule } from '../files/fork-module.js';
import type { VerifiedTheorem, VerifyDocument } from '../../theory/index.js';
import type { VerifyQuestion } from './verify-worker.js';

const most = 4;

/**
 * The document of `verify`, each theorem checked in one of a few processes, which take them in their order. A check depends on its laws and
 * the seed alone, so that the document is that of one process, times apart. Throws UsageError if a process ends by itself, and the reason of the signal.
 */
export async function verifyInProcesses(
  ids: readonly string[],
  seed: number,
  signal: AbortSignal,
  onVerified: (done: number) => void,
): Promise<VerifyDocument> {
  signal.throwIfAborted();
  const found: VerifiedTheorem[] = [];
  let [next, done] = [0, 0];
  const work = async (worker: ChildProcess): Promise<void> => {
    while (next < ids.length) {
      const at = next++;
      found[at] = await answerOf(worker, { id: ids[at]!, seed });
      onVerified(++done);
    }
  };
  const workers = Array.from({ length: Math.min(most, availableParallelism()) }, startWorker);
  const end = (): void => {
    for (const worker of workers) worker.kill();
  };
  signal.addEventListener('abort', end);
  try {
    await Promise.all(workers.map(work));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
  return { theorems: found, ok: found.every(({ ok }) => ok) };
}

function answerOf(worker: ChildProcess, question: VerifyQuestion): Promise<VerifiedTheorem> {
  return new Promise((resolve, reject) => {
    const ended = (status: number | null, signal: string | null): void => {
      const how = signal ?? `exit code ${String(status)}`;
      reject(
        new UsageError(
          `the process that checks ${question.id} ended by itself (${how}): the system refused it memory or processes, or somebody ended it; end other programs, and run verify again`,
        ),
      );
    };
    worker.once('exit', ended);
    worker.once('message', (answer) => {
      worker.off('exit', ended);
      resolve(answer as VerifiedTheorem);
    });
    worker.send(question);
  });
}

function startWorker(): ChildProcess {
  return forkModule(
    new URL(import.meta.url.endsWith('.ts') ? './verify-worker.ts' : './verify-worker.js', import.meta.url),
  );
}

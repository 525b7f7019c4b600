import type { Engine } from '../engine.js';
import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import { memoryRoom } from './memory-room.js';

/** Where a worker runs its jobs, so that each can be stopped alone. */
export interface Slots {
  /** Runs a job; resolves once it ended, or has stopped because of the signal: its result is in the store, or this is why it is not. */
  readonly run: (job: Job, onProgress: (share: number) => void, signal: AbortSignal) => Promise<JobEnd>;
  readonly close: () => Promise<void>;
}

/** Undefined: its result is in the store. */
export type JobEnd = Failure | 'stopped' | undefined;

/** What the engines of the slots need. */
export interface SlotOptions {
  /** Makes an engine of one process. */
  readonly engineOf: () => Engine;
  readonly store: ResultStore;
  /** Bytes that the jobs may take together. */
  readonly memory: number;
  readonly onNotice: (text: string) => void;
  /** An engine cannot go on. */
  readonly onBroken: (error: unknown) => void;
}

/** Engines of one process each, made as they are needed and used again. Throws what an engine says that cannot start. */
export async function slotsOf(options: SlotOptions): Promise<Slots> {
  const room = memoryRoom(options.memory);
  const free = [await startSlot(options)];
  return {
    async run(job, onProgress, signal) {
      if (!(await room.enter(job.memory, signal))) return 'stopped';
      try {
        const slot = free.pop() ?? (await startSlot(options));
        const end = await slot.run(job, onProgress, signal);
        if (signal.aborted) await slot.close();
        else free.push(slot);
        return end;
      } finally {
        room.leave(job.memory);
      }
    },
    async close() {
      await Promise.all(free.map((slot) => slot.close()));
    },
  };
}

async function startSlot({ engineOf, store, onNotice, onBroken }: SlotOptions): Promise<Slots> {
  let onShare: (share: number) => void = () => undefined;
  let onEnd: (end: JobEnd) => void = () => undefined;
  const engine = await engineOf().start(store, {
    onProgress: (_, share) => {
      onShare(share);
    },
    onEnd: (_, failure) => {
      onEnd(failure);
    },
    onNotice,
    onBroken,
  });
  return {
    run: (job, onProgress, signal) =>
      new Promise((resolve, reject) => {
        [onShare, onEnd] = [onProgress, resolve];
        const stop = (): void => {
          engine.stop().then(() => {
            resolve('stopped');
          }, reject);
        };
        signal.addEventListener('abort', stop, { once: true });
        engine.submit([job]);
      }),
    close: () => engine.close(),
  };
}

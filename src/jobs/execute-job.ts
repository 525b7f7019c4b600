import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../errors.js';
import { lockFolder } from '../files/folder-lock.js';
import { removeLeftovers } from '../files/leftovers.js';
import { makeFolder } from '../files/make-folder.js';
import { readText } from '../files/read-bytes.js';
import { writeAtomically } from '../files/write-atomically.js';
import { onnxRuntime } from '../tensor/engine/index.js';
import type { Job } from './job.js';
import { machine } from './machine.js';
import type { ResultStore } from './result-store.js';
import type { AnyWork, Work } from './work.js';

/** How a job is executed. */
export interface ExecuteOptions {
  readonly store: ResultStore;
  /** Those that jobs may name. */
  readonly works: readonly AnyWork[];
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** Between two notes of the time that was worked. */
const secondsEvery = 5000; // ms

/**
 * Works out a job in its folder, which nobody else works in meanwhile, and puts the result into the store; a job that was interrupted goes on. Throws what the work throws, UsageError
 * for a work that is not there, or a folder in use.
 */
export async function executeJob(job: Job, { store, works, signal, onProgress }: ExecuteOptions): Promise<void> {
  const work = workNamed(works, job.work);
  const folder = store.workFolderOf(job);
  const release = await lockWhenFree(store.folderOf(job));
  const clock = keptClock(join(store.folderOf(job), 'seconds'));
  try {
    if (store.isFinished(job)) return;
    removeLeftovers(store.folderOf(job));
    makeFolder(folder);
    if (!work.keepsFolder) removeLeftovers(folder);
    const result = await work.run(job.arguments, {
      runtime: onnxRuntime,
      folder,
      finished: (other) => ({ result: store.of(other).result, folder: store.workFolderOf(other) }),
      signal,
      onProgress(share) {
        onProgress(share);
        clock.keep(secondsEvery);
      },
    });
    store.finish(job, { result, seconds: clock.seconds(), machine: machine() });
    if (!work.keepsFolder) rmSync(folder, { recursive: true });
  } catch (error) {
    clock.keep(0);
    throw error;
  } finally {
    release();
  }
}

function workNamed(works: readonly AnyWork[], wanted: string): Work<unknown, unknown> {
  const found = works.find(({ name }) => name === wanted);
  if (found !== undefined) return found as Work<unknown, unknown>;
  throw new UsageError(`there is no work '${wanted}'; known are ${works.map(({ name }) => name).join(', ')}`);
}

/** Seconds worked in this session and those before, kept in a file: what a kill or a full disk takes away of them is little, and only a time. */
function keptClock(path: string): { readonly seconds: () => number; readonly keep: (every: number) => void } {
  const started = performance.now();
  const before = secondsIn(path);
  let keptAt = started;
  const seconds = (): number => before + (performance.now() - started) / 1000;
  return {
    seconds,
    keep(every) {
      if (performance.now() - keptAt < every) return;
      keptAt = performance.now();
      try {
        writeAtomically(path, String(seconds()));
      } catch {
        // whatever else is written says so, or nothing needs to be
      }
    },
  };
}

/** None where they were not kept. */
function secondsIn(path: string): number {
  try {
    const found = Number(readText(path, 'remove it'));
    return found >= 0 && found < Infinity ? found : 0;
  } catch {
    return 0;
  }
}

/** A worker whose parent was killed may need a moment to notice. */
async function lockWhenFree(folder: string): Promise<() => void> {
  for (let tries = 0; ; tries++) {
    try {
      return lockFolder(folder);
    } catch (error) {
      if (tries >= 100 || !(error instanceof UsageError)) throw error;
      await pause(200);
    }
  }
}

import { join } from 'node:path';
import { lockFolder } from '../files/folder-lock.js';
import { removeLeftovers } from '../files/leftovers.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { appendRecords, saveState, type TrainState } from './train-checkpoint.js';
import type { TrainRun } from './train-document.js';
import { saveWeights, weightsFile } from './weights-file.js';
import type { WeightsShape } from './weights-map.js';

/** Where a run keeps what it finds. */
export interface TrainFolder {
  /** Records that are new are appended, the state is replaced. */
  readonly save: (state: TrainState) => void;
  /** Milliseconds since that. */
  readonly unsaved: () => number;
  /** Writes θ with all parameters; its path in the folder. */
  readonly keepWeights: (state: TrainState) => string | null;
}

/** `out` undefined: keeps nothing. `recorded`: how many records are in the folder already. */
export function trainFolder(
  out: string | undefined,
  run: TrainRun,
  {
    recorded: already,
    shape,
    expand,
  }: { readonly recorded: number; readonly shape: WeightsShape; readonly expand: (weights: FloatArray) => FloatArray },
): TrainFolder {
  if (out === undefined) return { save: () => undefined, unsaved: () => 0, keepWeights: () => null };
  let [recorded, savedAt] = [already, Date.now()];
  return {
    save(state) {
      appendRecords(out, state.records, recorded);
      recorded = state.records.length;
      saveState(out, run, state);
      savedAt = Date.now();
    },
    unsaved: () => Date.now() - savedAt,
    keepWeights({ step, weights, statistics }) {
      const name = run.config.keepWeights === 'all' ? weightsFile(step) : 'weights/last.safetensors';
      const about = new Map([
        ['step', String(step)],
        ['config', JSON.stringify(run.config)],
      ]);
      saveWeights(join(out, name), shape, { parameters: expand(weights), statistics }, about);
      return name;
    },
  };
}

/** Works in a folder that nobody else works in, cleared of what a killed run left half-written. Throws UsageError where it is in use. */
export async function inFolder<T>(out: string | undefined, work: () => Promise<T>): Promise<T> {
  if (out === undefined) return work();
  const release = lockFolder(out);
  try {
    for (const folder of [out, join(out, 'weights')]) removeLeftovers(folder);
    return await work();
  } finally {
    release();
  }
}

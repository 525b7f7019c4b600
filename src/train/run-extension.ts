import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { manifestName } from '../files/owned-folder.js';
import { readBytes } from '../files/read-bytes.js';
import { refuseOtherRun } from '../files/same-run.js';
import { sha256Of } from '../files/sha256.js';
import { writeAtomically } from '../files/write-atomically.js';
import { extendedConfig } from './extended-config.js';
import { missingWeights, weightsOfOther } from './kept-weights.js';
import { isInWindow } from './measured-steps.js';
import type { Observable } from './observables/observable.js';
import { keptRecords, recordsOfOther } from './records-file.js';
import { replaceTogether } from './replaced-files.js';
import { isLookedFor, lastStep } from './run-length.js';
import type { TrainConfig } from './train-config.js';
import { loadState, saveState, type KeptState, type TrainState } from './train-checkpoint.js';
import type { TrainRecord } from './train-document.js';
import {
  askedMeasurements,
  isRunFolder,
  readManifest,
  refuseFolderOfAnother,
  writeExtended,
} from './train-manifest.js';
import type { TrainRun } from './train-run.js';

/** Throws UsageError where there is no run that could be extended. */
export function refuseNothingToExtend(out: string | undefined): asserts out is string {
  if (out === undefined) throw new UsageError('a run is extended in its folder: name it as out, --out DIR');
  if (isRunFolder(out)) return;
  throw new UsageError(`${out} holds no run that could be extended: give the --out of a train command`);
}

/** The configuration of the run of a folder, measured as it was first asked for: what an extension is asked for with other `steps`. Throws UsageError where there is none. */
export function extensibleConfig(out: string): TrainConfig {
  refuseNothingToExtend(out);
  const manifest = readManifest(out)!;
  return { ...manifest.run.config, measureEvery: askedMeasurements(manifest) };
}

/**
 * Makes of the folder of a run that of the run with more steps, as if these had been asked for from the start (`extendedConfig`): records, weights and state are those of a longer
 * run that stands where this one does. `wanted`: the same run with as many steps as it shall have; the run as it is in the folder now is returned. Nothing changes where it has as many.
 *
 * Throws UsageError where anything but the steps differs, where the run has ended for another reason than its steps, and where the window of the last steps would have begun
 * earlier; DataError for what was altered. Cost: reads and writes the whole folder, which needs the room twice meanwhile.
 */
export function extendRun(
  out: string,
  wanted: TrainRun,
  first: TrainState,
  {
    observables: own = [],
    onNotice,
  }: { readonly observables?: readonly Observable[]; readonly onNotice?: (text: string) => void } = {},
): TrainRun {
  const path = join(out, manifestName);
  const manifest = readManifest(out)!;
  const { run } = manifest;
  const asked = askedMeasurements(manifest);
  const { steps, measureEvery } = wanted.config;
  const isAsAsked = [asked, run.config.measureEvery].some(
    (known) => JSON.stringify(known) === JSON.stringify(measureEvery),
  );
  const allowed = { steps, ...(isAsAsked ? { measureEvery } : {}) };
  refuseOtherRun(path, { ...run, config: { ...run.config, measureEvery: asked, ...allowed } }, wanted);
  const config = extendedConfig(run.config, steps, asked);
  const extended: TrainRun = { ...wanted, config: { ...wanted.config, measureEvery: config.measureEvery } };
  if (steps === run.config.steps) return extended;

  refuseFolderOfAnother(out, run);
  const state = loadState(out, run, first.weights);
  if (state === undefined) throw new UsageError(`${out} holds no state of its run yet: begin it with its own command`);
  const kept = keptRecords(out, run, state.mark, own);
  missingWeights(out, run, kept);
  const records = kept.map(({ record }) => record);
  refuseStopped(run.config, records.at(-1), state.step);
  const window = extendedWindow(extended.config, state, records);
  replaceTogether(out, (folder) => {
    const weights = rewriteWeights(out, folder, run, extended);
    const { text, mark } = recordsOfOther(out, state.mark, { from: run, to: extended, weights });
    if (text !== '') writeAtomically(join(folder, 'records.jsonl'), text);
    saveState(folder, extended, { ...state, window, mark });
    writeExtended(folder, extended, { ...manifest, at: state.step });
  });
  const { schedule } = config;
  if (schedule.kind === 'cosine' && steps > schedule.steps) {
    onNotice?.(
      `the learning rate is ${schedule.last} from step ${schedule.steps} on: its schedule keeps its own length`,
    );
  }
  return extended;
}

/** Writes the files of weights of a run as those of another; their SHA-256 as they were → as they are now. */
function rewriteWeights(out: string, folder: string, from: TrainRun, to: TrainRun): ReadonlyMap<string, string> {
  const checksums = new Map<string, string>();
  if (!existsSync(join(out, 'weights'))) return checksums;
  for (const name of readdirSync(join(out, 'weights'))) {
    if (!name.endsWith('.safetensors')) continue;
    const path = join(out, 'weights', name);
    const bytes = readBytes(path, 'restore it');
    const rewritten = weightsOfOther(bytes, path, from, to);
    if (rewritten === undefined) continue; // somebody else's
    writeAtomically(join(folder, 'weights', name), rewritten);
    checksums.set(sha256Of(bytes), sha256Of(rewritten));
  }
  return checksums;
}

/** Throws UsageError where a run has come to its loss: more steps change nothing. */
function refuseStopped({ stop }: TrainConfig, last: TrainRecord | undefined, step: number): void {
  if (stop === undefined || !('loss' in stop) || last?.step !== step) return;
  if (!isLookedFor(stop, step) || last.loss > stop.loss) return;
  throw new UsageError(
    `the run has stopped at step ${step}, where its training loss is ${last.loss}, at most ${stop.loss}: begin another one`,
  );
}

/** What of the new window lies before the state: at steps that were measured, or that were in the window before. */
function extendedWindow(config: TrainConfig, state: KeptState, records: readonly TrainRecord[]): TrainState['window'] {
  const known = new Map([
    ...state.window.map(({ step, overlap }) => [step, overlap] as const),
    ...records.map(({ step, overlapGradientHessianGradient: overlap }) => [step, overlap] as const),
  ]);
  const { length } = config.window;
  const steps = lastStep(config);
  const result: { step: number; overlap: number }[] = [];
  for (let step = Math.max(0, steps - length + 1); step <= state.step; step++) {
    if (!isInWindow({ steps, window: config.window }, step)) continue;
    const overlap = known.get(step);
    if (overlap !== undefined) result.push({ step, overlap });
    else if (step < state.step) {
      throw new UsageError(
        `the last ${length} of ${steps} steps, which are averaged over, begin before step ${state.step}, to which the run has come without them: ` +
          `extend it to ${state.step + length} steps or more`,
      );
    }
  }
  return result;
}

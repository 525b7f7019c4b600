import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchSchedule } from '../data/batch-schedule.js';
import type { Runtime } from '../tensor/engine/index.js';
import { NumericalError } from '../errors.js';
import { initialState } from './optimizer.js';
import { learningRates } from './schedule.js';
import { gradientHessianOverlap } from '../observe/index.js';
import { gradientProduct } from '../loss/network/gradient-product.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { failedStep } from './failed-step.js';
import { lockFolder } from '../files/folder-lock.js';
import { removeLeftovers } from '../files/leftovers.js';
import { isInWindow, measuredSteps } from './measure-config.js';
import { appendRecords, loadState, saveState, type TrainState } from './train-checkpoint.js';
import { checkTrainConfig, type TrainConfig } from './train-config.js';
import type { TrainDocument, TrainRecord, TrainRun } from './train-document.js';
import { observables } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { withOwn, type RecordOf } from './observables/record.js';
import { writeManifest } from './train-manifest.js';
import { trainMeasurement } from './train-measurement.js';
import { trainProblem, type TrainProblem } from './train-problem.js';
import { nextState } from './train-step.js';
import { summariseTraining } from './train-summary.js';
import { loadWeights, saveWeights, weightsFile } from './weights-file.js';
import type { GivenMap, NameMap } from './weights-map.js';

export interface TrainOptions<Own extends readonly Observable[] = readonly Observable[]> {
  readonly runtime: Runtime;
  /** Observables of your own, recorded behind those that every record has (docs/extending.md). */
  readonly observables?: Own;
  /** Run folder: records, weights and checkpoints go there, and the run is taken up again where it stopped. */
  readonly out?: string;
  /** A safetensors file of first weights, instead of drawn ones; and which of its tensors or layers is which, where names do not say so. */
  readonly initFrom?: string;
  readonly initMap?: GivenMap;
  /** Stops after the current step, checkpointed; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly lastRecord: TrainRecord | undefined;
  }) => void;
}

/** Between measurements the state is saved when this much time has passed. It changes no result. */
const saveEvery = 20_000; // ms

/**
 * Trains a network and measures gradient and Hessian of the full training loss on the way.
 *
 * Records depend on configuration, data, first weights and the number of threads alone, not on interruptions; the weights not
 * even on what is measured.
 * A run folder holds config.json, manifest.json, records.jsonl, weights/, and checkpoint.safetensors.
 *
 * Throws UsageError for an illegal configuration, two observables of one name or a folder of another run, DataError for missing or damaged data or files, or a
 * disk that is full, NumericalError if the loss is no longer finite or eigenpairs do not converge; earlier records stay as they are.
 */
export async function train<const Own extends readonly Observable[] = readonly []>(
  config: TrainConfig,
  options: TrainOptions<Own>,
): Promise<TrainDocument<TrainRecord & RecordOf<Own>>> {
  const legal = checkTrainConfig(config);
  const { out, observables: own = [] } = options;
  withOwn(observables, own);
  const release = out === undefined ? undefined : lockFolder(out);
  try {
    if (out !== undefined) removeLeftovers([out, join(out, 'weights')]);
    const problem = await trainProblem(legal, options.runtime);
    try {
      const document = await execute(problem.run.config, problem, options);
      return document as TrainDocument<TrainRecord & RecordOf<Own>>;
    } finally {
      await problem.release();
    }
  } finally {
    release?.();
  }
}

async function execute(config: TrainConfig, loaded: TrainProblem, options: TrainOptions): Promise<TrainDocument> {
  const { out, signal, onProgress, observables: own = [] } = options;
  const { run, state: first, frozen } = firstState(config, loaded, options);
  const problem: TrainProblem = { ...loaded, expand: (values) => loaded.expand(values, frozen) };
  const found = out === undefined ? undefined : loadState(out, run, first.weights, own);
  let state = found ?? first;
  if (out !== undefined) writeManifest(out, run, found?.step ?? null);
  let recorded = state.records.length;
  let savedAt = Date.now();
  const save = (): void => {
    if (out === undefined) return;
    appendRecords(out, state.records, recorded);
    recorded = state.records.length;
    saveState(out, run, state);
    savedAt = Date.now();
  };
  const orSay = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      if (!(cause instanceof NumericalError)) throw cause;
      save();
      const { step, weights, statistics, records } = state;
      const { loss } = await problem.objective.evaluate(weights, statistics);
      throw failedStep(cause, { step, loss, rate: rates(step), records, out });
    }
  };
  const due = new Set(measuredSteps({ steps: config.steps, every: config.measureEvery }));
  const batches = batchSchedule(problem.samples.count, config.batch ?? problem.samples.count, config.seed);
  const rates = learningRates(config.schedule);

  for (let step = state.step; step <= config.steps; step++) {
    if (due.has(step) && state.records.at(-1)?.step !== step) {
      const weights = keepWeights(config, problem, run, state, out);
      const given = { rate: rates(step), weights, observables: own };
      state = { ...state, ...(await orSay(trainMeasurement(problem, run, state, given))) };
      save();
    } else if (isInWindow(config, step) && state.window.at(-1)?.step !== step) {
      state = { ...state, window: [...state.window, { step, overlap: await orSay(overlapAt(problem, state)) }] };
    }
    onProgress?.({ step, steps: config.steps, lastRecord: state.records.at(-1) });
    if (step === config.steps) break;
    state = await orSay(nextState(config, problem, run, state, batches(step), rates(step)));
    if (step % 20 === 0) await nextTurn();
    if (signal?.aborted === true) {
      save();
      throw signal.reason;
    }
    if (Date.now() - savedAt > saveEvery) save();
  }
  save();
  const { records, window } = state;
  return { run, records, window, summary: summariseTraining(config, state) };
}

function firstState(
  config: TrainConfig,
  { run, initial, reduce, shape, trainer }: TrainProblem,
  { initFrom, initMap, observables: own = [] }: Pick<TrainOptions, 'initFrom' | 'initMap' | 'observables'>,
): { readonly run: TrainRun; readonly state: TrainState; readonly frozen: FloatArray } {
  const loaded = initFrom === undefined ? undefined : loadWeights(initFrom, shape, config.precision, initMap);
  const frozen = loaded?.parameters ?? initial;
  const weights = reduce(frozen);
  const none = new Float64Array(0);
  const pairs = { dimension: weights.length, values: none, vectors: none, errors: none };
  const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  return {
    frozen,
    run: {
      ...run,
      initialWeights: initFrom === undefined ? null : sha256(initFrom),
      initialNames: loaded === undefined ? null : renamed(loaded.names),
      ...(own.length === 0 ? {} : { observables: own.map(({ id }) => id) }),
    },
    state: {
      step: 0,
      time: 0,
      weights,
      optimizer: initialState(config.optimizer, weights),
      statistics: loaded?.statistics ?? trainer.initialStatistics,
      pairs,
      follow: { pairs, since: null, averageDominance: null, products: 0 },
      updates: [],
      records: [],
      window: [],
    },
  };
}

/** The tensor of each parameter, for the record; null where all names are ours. */
function renamed(names: NameMap): Readonly<Record<string, string>> | null {
  return Array.from(names).every(([ours, theirs]) => ours === theirs) ? null : Object.fromEntries(names);
}

/** overlap(g, Hg) alone, for the average over the last steps. */
async function overlapAt({ objective }: TrainProblem, { time, weights, statistics }: TrainState): Promise<number> {
  const { gradient } = await objective.evaluate(weights, statistics);
  const hessian = objective.curvature('hessian', weights, { statistics });
  return gradientHessianOverlap({ gradient, hessian: await gradientProduct(hessian, gradient, time) });
}

/** Writes θ with all parameters; its path in the run folder. */
function keepWeights(
  { keepWeights: which }: TrainConfig,
  { expand, shape }: TrainProblem,
  run: TrainRun,
  { step, weights, statistics }: TrainState,
  out: string | undefined,
): string | null {
  if (out === undefined) return null;
  const name = which === 'all' ? weightsFile(step) : 'weights/last.safetensors';
  const about = new Map([
    ['step', String(step)],
    ['config', JSON.stringify(run.config)],
  ]);
  saveWeights(join(out, name), shape, { parameters: expand(weights), statistics }, about);
  return name;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchSchedule } from '../data/batch-schedule.js';
import type { LabelledData } from '../data/features.js';
import { NumericalError } from '../errors.js';
import { randomStream } from '../numeric/random.js';
import { gradientHessianOverlap, subspaceOverlap, topFraction } from '../observe/index.js';
import { measuredSpectrum } from '../observe/measured-spectrum.js';
import { norm } from '../numeric/kernels/norm.js';
import type { Snapshot } from '../observe/snapshot.js';
import { regressionSnapshot } from '../loss/softmax/regression-snapshot.js';
import { sgdStep } from '../loss/softmax/sgd.js';
import { regressionPoint } from '../loss/softmax/softmax-regression.js';
import { loadCheckpoint, saveCheckpoint, type Checkpoint } from './checkpoint.js';
import { failedStep } from './failed-step.js';
import { lockFolder } from '../files/folder-lock.js';
import { checkMeasureConfig, isInWindow, measuredSteps, type MeasureConfig } from './measure-config.js';
import type { MeasureDocument, MeasureRecord, MeasureRun } from './measure-document.js';
import { summarise } from './measure-summary.js';
import { measuredData } from './measured-data.js';

/** Where a measurement is kept, how it is stopped, and who is told of its progress. */
export interface MeasureOptions {
  /** Run folder: the run is checkpointed there, and taken up again where it stopped. */
  readonly out?: string;
  /** Stops after the current step, checkpointed; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every step, with the last record so far. */
  readonly onProgress?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly lastRecord: MeasureRecord | undefined;
  }) => void;
}

/**
 * Trains softmax regression by SGD and measures gradient and Hessian of the full training loss on the way.
 *
 * The document depends on the configuration and the data alone: not on interruptions, not on the machine's speed. Throws
 * UsageError for an illegal configuration or a folder of another run, DataError for missing or damaged data or checkpoints,
 * NumericalError if eigenpairs do not converge. Cost: about 100 Hessian products of O(non-zeros · k) per record.
 */
export async function measure(config: MeasureConfig, options: MeasureOptions = {}): Promise<MeasureDocument> {
  const { data, run } = measuredData(checkMeasureConfig(config));
  if (options.out === undefined) return execute(run.config, data, run, options);
  const release = lockFolder(options.out);
  try {
    return await execute(run.config, data, run, options);
  } finally {
    release();
  }
}

async function execute(
  config: MeasureConfig,
  data: LabelledData,
  run: MeasureRun,
  options: MeasureOptions,
): Promise<MeasureDocument> {
  const { out, signal, onProgress } = options;
  const found = out === undefined ? undefined : loadCheckpoint(out, run);
  let state: Checkpoint = found ?? {
    run,
    step: 0,
    weights: initialWeights(run.parameters, data.features.columns, config.seed),
    pairs: noPairs(run.parameters),
    records: [],
    window: [],
  };
  const save = (): void => {
    if (out !== undefined) saveCheckpoint(out, state);
  };
  const orSay = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof NumericalError)) throw cause;
      const { step, weights, records } = state;
      const { loss } = regressionPoint(data, weights);
      throw failedStep(cause, { step, loss, rate: config.learningRate, records, out });
    }
  };
  const due = new Set(measuredSteps(config));
  const batches = batchSchedule(data.features.rows, config.batch, config.seed);

  for (let step = state.step; step <= config.steps; step++) {
    if (due.has(step) && state.records.at(-1)?.step !== step) {
      state = { ...state, step, ...orSay(() => fullMeasurement(config, data, state, step)) };
      save();
    } else if (isInWindow(config, step) && state.window.at(-1)?.step !== step) {
      const overlap = orSay(() => gradientHessianOverlap(regressionPoint(data, state.weights)));
      state = { ...state, step, window: [...state.window, { step, overlap }] };
      if (state.window.length % 10 === 0) save();
    }
    onProgress?.({ step, steps: config.steps, lastRecord: state.records.at(-1) });
    if (step === config.steps) break;
    const weights = state.weights.slice();
    sgdStep(data, weights, batches(step), config.learningRate);
    state = { ...state, step: step + 1, weights };
    if (step % 20 === 0) await nextTurn();
    if (signal?.aborted === true) {
      save();
      throw signal.reason;
    }
  }
  return { run, records: state.records, window: state.window, summary: summarise(run, state.records, state.window) };
}

function fullMeasurement(
  config: MeasureConfig,
  data: LabelledData,
  state: Checkpoint,
  step: number,
): Pick<Checkpoint, 'records' | 'window' | 'pairs'> {
  const { classes: k } = data;
  const { top, tolerance, seed, learningRate } = config;
  const measurement = regressionSnapshot(data, state.weights, step * learningRate, { top: top + 1, tolerance, seed });
  const { snapshot, accuracy, pairs } = measurement;
  const overlap = gradientHessianOverlap(snapshot);
  const shown = Math.min(top, pairs.values.length);
  const record: MeasureRecord = {
    step,
    loss: snapshot.loss,
    accuracy,
    gradientNorm: norm(snapshot.gradient),
    eigenvalues: [...pairs.values.subarray(0, shown)],
    residuals: [...pairs.residuals.subarray(0, shown)],
    topFraction: topFraction(snapshot, k),
    overlapGradientHessianGradient: overlap,
    subspaceOverlap: overlapWithLast(state, snapshot, k),
    hessianVectorProducts: pairs.products + 1,
  };
  return {
    records: [...state.records, record],
    window: isInWindow(config, step) ? [...state.window, { step, overlap }] : state.window,
    pairs,
  };
}

/** Overlaps with the subspaces of the record before, whose eigenpairs are in the checkpoint. */
function overlapWithLast(state: Checkpoint, now: Snapshot, k: number): MeasureRecord['subspaceOverlap'] {
  const last = state.records.at(-1);
  if (last === undefined) return null;
  const before: Snapshot = { ...now, spectrum: measuredSpectrum(state.pairs) };
  const computed = state.pairs.values.length;
  const next = computed > 2 * k || computed === state.pairs.dimension ? subspaceOverlap(before, now, k, k) : null;
  return { withStep: last.step, top: subspaceOverlap(before, now, k), next };
}

function noPairs(dimension: number): Checkpoint['pairs'] {
  const none = new Float64Array(0);
  return { dimension, values: none, vectors: none, errors: none };
}

/** PyTorch's default for a linear layer: uniform on ±1/√d, keyed by the seed. */
function initialWeights(parameters: number, features: number, seed: number): Float64Array {
  const stream = randomStream(seed, 'initial-weights', 'uniform');
  const bound = 1 / Math.sqrt(features);
  return new Float64Array(parameters).map(() => bound * (2 * stream.uniform() - 1));
}

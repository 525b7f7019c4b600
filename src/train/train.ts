import { NumericalError, outOfMemory } from '../errors.js';

import { gradientProduct } from '../loss/gradient-product.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { gradientHessianOverlap } from '../observe/index.js';
import type { Runtime } from '../tensor/engine/index.js';
import { descent, type DescentState } from './descent.js';
import { weightsFrom } from './first-weights.js';
import { failedStep } from './failed-step.js';
import { extendRun, refuseNothingToExtend } from './run-extension.js';
import { isInWindow, measuredSteps } from './measured-steps.js';
import { checkRunLength, lastStep, stopReason } from './run-length.js';
import type { TrainState } from './train-checkpoint.js';
import { checkTrainConfig, type TrainConfig } from './train-config.js';
import { askedObservables, observables, type TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { withOwn, type RecordOf } from './observables/record.js';
import type { StopReason, TrainDocument } from './train-document.js';
import { inTrainFolder, openTrainFolder } from './train-folder.js';
import { trainMeasurement } from './train-measurement.js';
import { trainProblem, type TrainProblem } from './train-problem.js';
import { trainRule } from './train-rule.js';
import { trainStart } from './train-start.js';
import { summariseTraining } from './train-summary.js';
import type { GivenMap } from './weights-map.js';

/** What a run is computed on, where it is kept, how it starts and is stopped, and who is told of its progress. */
export interface TrainOptions<Own extends readonly Observable[] = readonly Observable[]> {
  /** What networks run on; not needed by the plain backend. */
  readonly runtime?: Runtime;
  /** Observables of your own, recorded behind those that every record has (docs/extending.md). */
  readonly observables?: Own;
  /** Run folder: records, weights and checkpoints go there, and the run is taken up again where it stopped. */
  readonly out?: string;
  /** The run in `out` has fewer steps, and goes on to as many as the configuration says; it is then what it would be had it been asked for them from the start. */
  readonly extend?: boolean;
  /** A safetensors file of first weights, instead of drawn ones; and which of its tensors or layers is which, where names do not say so. */
  readonly initFrom?: string;
  readonly initMap?: GivenMap;
  /** Stops after the current step, or before a measurement that is not finished, checkpointed; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every step, with the last record so far. */
  readonly onProgress?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly lastRecord: TrainRecord | undefined;
  }) => void;
  /** Told of what is missing in a run folder and does not matter to its records, and what is to be known of a model. */
  readonly onNotice?: (text: string) => void;
}

/** Between measurements the state is saved when this much time has passed. It changes no result. */
const saveEvery = 20_000; // ms

/**
 * Trains a network and measures gradient and Hessian of the full training loss on the way.
 *
 * Records depend on configuration, data, first weights and the number of threads alone, not on interruptions; the weights not
 * even on what is measured.
 * A run folder holds config.json, manifest.json, records.jsonl, weights/, and checkpoint.safetensors; what is read of it again is held against SHA-256 sums.
 *
 * Throws UsageError for an illegal configuration, two observables of one name, a folder of another run or of something else or that cannot be extended as asked, or a runtime that is missing, DataError for
 * missing, altered or damaged data or files, or a disk that is full, NumericalError if the loss is no longer finite or eigenpairs do not converge; earlier
 * records stay as they are.
 */
export async function train<const Own extends readonly Observable[] = readonly []>(
  config: TrainConfig,
  options: TrainOptions<Own> = {},
): Promise<TrainDocument<TrainRecord & RecordOf<Own>>> {
  const legal = checkTrainConfig(config);
  checkRunLength(legal);
  if (options.extend === true) refuseNothingToExtend(options.out);
  withOwn([...observables, ...askedObservables], options.observables ?? []);
  return inTrainFolder(options.out, async () => {
    const { runtime, signal, initFrom, initMap } = options;
    const problem = await trainProblem(legal, runtime, {
      ...(signal && { signal }),
      ...(initFrom === undefined ? {} : { firstWeights: weightsFrom(initFrom, initMap) }),
    });
    try {
      const document = await execute(problem, options);
      return document as TrainDocument<TrainRecord & RecordOf<Own>>;
    } catch (cause) {
      throw outOfMemory(cause) ?? cause;
    } finally {
      await problem.release();
    }
  });
}

async function execute(loaded: TrainProblem, options: TrainOptions): Promise<TrainDocument> {
  const { out, signal, onProgress, onNotice, observables: own = [] } = options;
  const { run: wanted, state: first } = trainStart(loaded, options);
  const run = options.extend === true ? extendRun(out!, wanted, first, options) : wanted;
  for (const note of run.modelNotes ?? []) onNotice?.(note);
  const problem: TrainProblem = { ...loaded, run };
  const { config } = run;
  const folder = openTrainFolder(out, run, first, {
    ...problem,
    observables: own,
    ...(onNotice === undefined ? {} : { onNotice }),
  });
  let { state } = folder;
  const rule = trainRule(problem);
  const { measureEvery: every, measureFrom: from = 0, window } = config;
  const steps = lastStep(config);
  const due = new Set(measuredSteps({ steps, every, from }));
  let stopped: StopReason | null = null;

  try {
    for await (const reached of descent(state, rule)) {
      state = { ...state, ...reached, updates: lastUpdates(config, state, reached) };
      const { step } = state;
      await problem.giveWay();
      if (folder.unsaved() > saveEvery) folder.save(state);
      stopped = await stopReason(problem, state, steps);
      if ((due.has(step) || stopped !== null) && state.records.at(-1)?.step !== step) {
        const given = { rate: rule.rate(step), weights: folder.keepWeights(state), observables: own };
        state = { ...state, ...(await trainMeasurement(problem, run, state, given)) };
        folder.save(state);
      } else if (isInWindow({ steps, window }, step) && state.window.at(-1)?.step !== step) {
        state = { ...state, window: [...state.window, { step, overlap: await overlapAt(problem, state) }] };
      }
      onProgress?.({ step, steps, lastRecord: state.records.at(-1) });
      if (stopped !== null) break;
    }
  } catch (cause) {
    const isStopped = signal?.aborted === true && cause === signal.reason;
    if (isStopped || cause instanceof NumericalError) folder.save(state);
    if (!(cause instanceof NumericalError)) throw cause;
    const { step, weights, statistics, records } = state;
    const { loss } = await problem.objective.evaluate(weights, statistics);
    throw failedStep(cause, { step, loss, rate: rule.rate(step), records, out });
  }
  folder.save(state);
  return { run, records: state.records, window: state.window, summary: summariseTraining(config, state, stopped!) };
}

/** The last so many θ_{t+1} − θ_t, in the precision of θ. */
function lastUpdates(
  { updates: count }: TrainConfig,
  { step, weights, updates }: TrainState,
  next: DescentState,
): readonly FloatArray[] {
  if (count === 0 || next.step === step) return updates;
  return [...updates.slice(-(count - 1)), next.weights.map((x, i) => x - weights[i]!)];
}

/** overlap(g, Hg) alone, for the average over the last steps. */
async function overlapAt({ objective }: TrainProblem, { time, weights, statistics }: TrainState): Promise<number> {
  const { gradient } = await objective.evaluate(weights, statistics);
  const hessian = objective.curvature('hessian', weights, { statistics });
  return gradientHessianOverlap({ gradient, hessian: await gradientProduct(hessian, gradient, time) });
}

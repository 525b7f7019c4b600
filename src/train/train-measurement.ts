import { gradientNoise } from '../loss/noise/gradient-noise.js';
import { networkSnapshot } from '../loss/network-snapshot.js';
import { addScaled } from '../numeric/kernels/orthonormalise.js';
import type { BlockLanczosOptions } from '../numeric/lanczos/block-lanczos.js';
import { hasAccuracy } from './network-spec.js';
import { isInWindow } from './measured-steps.js';
import { lastStep } from './run-length.js';
import { askedObservables, observables, type TrainRecord } from './observables/index.js';
import type { Measured } from './observables/measured.js';
import type { Observable } from './observables/observable.js';
import { measuredRecord } from './observables/record.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainProblem } from './train-problem.js';
import type { TrainRun } from './train-run.js';

/**
 * The eigenvectors of the measurement before are a better start than a random one only where they hardly turn between measurements: measured on
 * a network, from overlaps of 0.995 on.
 */
const hardlyTurned = 0.995;

/** Where pairs are searched by their residuals: half of what the search itself would spend on what was overlooked. */
const effortForPairs = 0.5;

/** The full measurement of a state: what it adds to it, with observables of the caller's own behind those that every record has. */
export async function trainMeasurement(
  problem: TrainProblem,
  run: TrainRun,
  state: TrainState,
  {
    rate,
    weights: weightsFile,
    observables: own = [],
  }: { readonly rate: number; readonly weights: string | null; readonly observables?: readonly Observable[] },
): Promise<Pick<TrainState, 'records' | 'window' | 'pairs'>> {
  const { objective, test, expand, giveWay } = problem;
  const { config, subspace, parameters } = run;
  const { step, time, weights, statistics, updates } = state;
  const { top, tolerance, accuracy: known, seed, noiseNull: probes, basis, effort } = config;
  const { snapshot, accuracy, pairs } = await networkSnapshot(objective, weights, {
    top: top + 1,
    spare: 1,
    time,
    statistics,
    parameters,
    tolerance,
    seed,
    verify: false,
    blockSize: 1, // single vectors ask for the fewest products
    ...(basis === undefined ? {} : { basis, most: basis }),
    ...(effort !== undefined ? { effort } : known === null ? { effort: effortForPairs } : {}),
    ...startOf(state),
    subspace,
    ...(known === null ? {} : { accuracy: known }),
  });
  const { loss, gradient } = snapshot;
  const isScored = hasAccuracy(config, run.data);
  const tested = test === null ? null : await test.score(expand(weights), statistics);
  const measured: Measured = {
    run,
    step,
    time,
    rate,
    loss,
    accuracy: isScored ? accuracy : null,
    testAccuracy: isScored ? (tested?.accuracy ?? null) : null,
    weights,
    layout: objective.layout,
    gradient,
    snapshot,
    pairs,
    noise: probes === undefined ? null : await gradientNoise(objective, weights, pairs, { statistics, probes, seed }),
    before: beforeOf(state),
    updates,
    weightsFile,
  };
  const record: TrainRecord = {
    ...(await measuredRecord(observables, measured, giveWay)),
    ...(probes === undefined ? {} : await measuredRecord(askedObservables, measured, giveWay)),
    ...(own.length === 0 ? {} : await measuredRecord(own, copied(measured), giveWay)),
  };
  const overlap = record.overlapGradientHessianGradient;
  return {
    records: [...state.records, record],
    window: isInWindow({ ...config, steps: lastStep(config) }, step)
      ? [...state.window, { step, overlap }]
      : state.window,
    pairs,
  };
}

/** What the caller's own observables get is theirs to change. */
function copied(measured: Measured): Measured {
  return { ...measured, weights: measured.weights.slice(), gradient: measured.gradient.slice() };
}

function beforeOf({ records, pairs }: TrainState): Measured['before'] {
  const last = records.at(-1);
  return last === undefined ? null : { step: last.step, residuals: last.residuals, rounding: last.rounding, pairs };
}

/** What is known from the measurement before: its eigenvectors where they hardly turn, else their sum for a direction. */
function startOf(state: TrainState): Pick<BlockLanczosOptions, 'start' | 'guards' | 'near'> {
  const { dimension, vectors } = state.pairs;
  if (vectors.length === 0) return {};
  if (settled(state)) return { start: vectors, guards: 1 };
  const near = new Float64Array(dimension);
  for (let at = 0; at < vectors.length; at += dimension) addScaled(1, vectors, at, near, 0, dimension);
  return { near };
}

function settled({ records }: TrainState): boolean {
  return (records.at(-1)?.subspaceOverlap?.all?.lower ?? 0) >= hardlyTurned;
}

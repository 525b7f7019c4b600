import {
  gradientHessianOverlap,
  pastFractions,
  subspaceOverlap,
  topFraction,
  type PastFraction,
} from '../observe/index.js';
import { measuredSpectrum } from '../observe/measured-spectrum.js';
import type { Snapshot } from '../observe/snapshot.js';
import { norm } from '../numeric/norm.js';
import { networkSnapshot } from '../network/network-snapshot.js';
import { isInWindow } from './measure-config.js';
import type { TrainConfig } from './train-config.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainRecord, TrainRun } from './train-document.js';
import { trainGeometry } from './train-geometry.js';
import type { TrainProblem } from './train-problem.js';

/**
 * The eigenvectors of the measurement before are a better start than a random one only where they hardly turn between measurements: measured on
 * a network, from overlaps of 0.995 on.
 */
const hardlyTurned = 0.995;

/** Single vectors ask for the fewest products. Copies of an eigenvalue are looked for where weights begin without breaking symmetries. */
const searchOf = ({ initialisation }: TrainConfig) =>
  initialisation === 'zeros' ? { blockSize: 2 } : { blockSize: 1, simple: true };

/** The full measurement of a state: what it adds to it. */
export async function trainMeasurement(
  problem: TrainProblem,
  run: TrainRun,
  state: TrainState,
  { rate, weights: weightsFile }: { readonly rate: number; readonly weights: string | null },
): Promise<Pick<TrainState, 'records' | 'window' | 'pairs'>> {
  const { objective, test, expand } = problem;
  const { config, subspace: m, parameters } = run;
  const { step, time, weights, statistics } = state;
  const { top, tolerance, accuracy, seed } = config;
  const {
    snapshot,
    accuracy: correct,
    pairs,
  } = await networkSnapshot(objective, weights, {
    top: top + 1,
    time,
    statistics,
    parameters,
    tolerance,
    seed,
    verify: false,
    ...searchOf(config),
    ...(settled(state) ? { start: state.pairs.vectors, guards: 1 } : {}),
    ...(accuracy === null ? {} : { until: { m, accuracy } }),
  });
  const isClassification = run.data.classes !== null;
  const tested = test === null ? null : await test.evaluate(expand(weights), statistics);
  const overlap = gradientHessianOverlap(snapshot);
  const shown = Math.min(top, pairs.values.length);
  const record: TrainRecord = {
    step,
    time,
    loss: snapshot.loss,
    accuracy: isClassification ? correct : null,
    testAccuracy: isClassification ? (tested?.accuracy ?? null) : null,
    gradientNorm: norm(snapshot.gradient),
    eigenvalues: [...pairs.values.subarray(0, shown)],
    residuals: [...pairs.residuals.subarray(0, shown)],
    residualsFrom: pairs.residualsFrom,
    unseenCeiling: Number.isFinite(pairs.unseen.ceiling) ? pairs.unseen.ceiling : null,
    topFraction: topFraction(snapshot, m),
    overlapGradientHessianGradient: overlap,
    topFractionBounds:
      pairs.topFraction === undefined ? null : { lower: pairs.topFraction.lower, upper: pairs.topFraction.upper },
    stop: pairs.stop,
    subspaceOverlap: overlapWithLast(state, snapshot, m, shown),
    ...trainGeometry(snapshot, objective.layout, { m, learningRate: rate, updates: state.updates }),
    hessianVectorProducts: pairs.products + 1,
    weights: weightsFile,
  };
  return {
    records: [...state.records, record],
    window: isInWindow(config, step) ? [...state.window, { step, overlap }] : state.window,
    pairs,
  };
}

/** Overlaps with the subspaces of the record before, as far as both are known: a search that ends early finds fewer pairs. */
function overlapWithLast(
  { records, pairs }: TrainState,
  now: Snapshot,
  m: number,
  shown: number,
): TrainRecord['subspaceOverlap'] {
  const last = records.at(-1);
  if (last === undefined) return null;
  const before: Snapshot = { ...now, spectrum: measuredSpectrum(pairs) };
  const known = Math.min(pairs.values.length, now.spectrum.levels.length);
  const next = known > 2 * m ? subspaceOverlap(before, now, m, m) : null;
  const all = known > shown ? subspaceOverlap(before, now, shown) : null;
  const [{ lower, upper }] = pastFractions(now.gradient, [before], m) as [PastFraction];
  return { withStep: last.step, top: subspaceOverlap(before, now, m), next, all, gradient: { lower, upper } };
}

function settled({ records }: TrainState): boolean {
  return (records.at(-1)?.subspaceOverlap?.all?.lower ?? 0) >= hardlyTurned;
}

import {
  gradientHessianOverlap,
  pastFractions,
  subspaceOverlap,
  topFraction,
  type PastFraction,
} from '../observe/index.js';
import { measuredSpectrum } from '../observe/measured-spectrum.js';
import type { Snapshot } from '../observe/snapshot.js';
import { norm } from '../numeric/kernels/norm.js';
import { networkSnapshot, type NetworkMeasurement } from '../loss/network-snapshot.js';
import type { EnergyBounds } from '../numeric/lanczos/energy-bounds.js';
import type { SubspaceOverlap } from '../observe/subspace-overlap.js';
import { certainOverlap, type KnownPairs } from './certain-overlap.js';
import { isInWindow } from './measured-steps.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainRecord, TrainRun } from './train-document.js';
import { trainGeometry } from './train-geometry.js';
import type { TrainProblem } from './train-problem.js';

/**
 * The eigenvectors of the measurement before are a better start than a random one only where they hardly turn between measurements: measured on
 * a network, from overlaps of 0.995 on.
 */
const hardlyTurned = 0.995;

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
    blockSize: 1, // single vectors ask for the fewest products
    ...(settled(state) ? { start: state.pairs.vectors, guards: 1 } : {}),
    subspace: m,
    ...(accuracy === null ? {} : { accuracy }),
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
    eigenvalueCeilings: [...pairs.outer.subarray(0, shown)].map((x) => (Number.isFinite(x) ? x : null)),
    rounding: pairs.rounding,
    unseenCeiling: Number.isFinite(pairs.unseen) ? pairs.unseen : null,
    topFraction: topFraction(snapshot, m),
    overlapGradientHessianGradient: overlap,
    topFractionBounds: boundsOf(pairs.topFraction),
    stop: pairs.stop,
    subspaceOverlap: overlapWithLast(state, { snapshot, pairs }, m, shown),
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

function boundsOf(bounds: EnergyBounds | undefined): TrainRecord['topFractionBounds'] {
  if (bounds === undefined) return null;
  const { lower, upper, estimate } = bounds;
  return { lower, upper, estimate };
}

/** Overlaps with the subspaces of the record before, as far as both are known: a search that ends early finds fewer pairs. */
function overlapWithLast(
  { records, pairs: earlier }: TrainState,
  { snapshot: now, pairs }: Pick<NetworkMeasurement, 'snapshot' | 'pairs'>,
  m: number,
  shown: number,
): TrainRecord['subspaceOverlap'] {
  const last = records.at(-1);
  if (last === undefined) return null;
  const before: Snapshot = { ...now, spectrum: measuredSpectrum(earlier) };
  const known = Math.min(earlier.values.length, now.spectrum.levels.length);
  const { values, errors } = earlier;
  const both: KnownPairs[] = [
    {
      spectrum: before.spectrum,
      evidence: { ...last, values, ceilings: values.map((value, i) => value + errors[i]!) },
    },
    { spectrum: now.spectrum, evidence: { ...pairs, ceilings: pairs.outer } },
  ];
  const overlap = (count: number, skip: number): SubspaceOverlap =>
    certainOverlap(subspaceOverlap(before, now, count, skip), both, skip, skip + count);
  const [{ lower, upper }] = pastFractions(now.gradient, [before], m) as [PastFraction];
  return {
    withStep: last.step,
    top: overlap(m, 0),
    next: known > 2 * m ? overlap(m, m) : null,
    all: known > shown ? overlap(shown, 0) : null,
    gradient: { lower, upper },
  };
}

function settled({ records }: TrainState): boolean {
  return (records.at(-1)?.subspaceOverlap?.all?.lower ?? 0) >= hardlyTurned;
}

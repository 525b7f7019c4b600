import {
  biasLevels,
  biasSnapshotAt,
  exactFlow,
  exactSnapshot,
  randomWeights,
  symmetricLevels,
  marginRate,
  relativeLevelError,
  symmetricPoint,
  symmetricPointAtMargin,
  symmetricSnapshotAt,
  type SectorLevel,
  type SymmetricPoint,
} from '../../exact/noiseless/index.js';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { topFraction } from '../../observe/top-fraction.js';
import type { InitialWeights } from './initial-weights.js';
import type { SolvedState } from './solve-document.js';

export interface NoiselessProblem {
  readonly classes: number;
  readonly dim: number;
  readonly times: readonly number[];
  readonly margin?: readonly number[];
  readonly init: InitialWeights;
  readonly bias: boolean;
  /** How many levels to list from random weights. */
  readonly levels: number;
  readonly seed: number;
}

/** States without noise: from random weights, or on the symmetric line at the given margins or, where there are none, times. */
export function noiselessStates(options: NoiselessProblem): SolvedState[] {
  const { classes, init, margin } = options;
  if (init.kind === 'random') return options.times.map(randomState(options, init.scale));
  const points =
    margin?.map((alpha) => symmetricPointAtMargin(classes, alpha)) ??
    options.times.map((time) => symmetricPoint(classes, time));
  return points.map((point) => symmetricState(options, point));
}

function symmetricState({ classes, dim, bias }: NoiselessProblem, point: SymmetricPoint): SolvedState {
  const levels = (bias ? biasLevels : symmetricLevels)(point, dim);
  const snapshot = (bias ? biasSnapshotAt : symmetricSnapshotAt)(point, dim);
  const { time, margin, loss, error, gradientNorm } = point;
  return {
    time,
    margin,
    marginRate: marginRate(classes, margin),
    loss,
    error,
    gradientNorm,
    ...spectrumOf(snapshot, levels, relativeLevelError(classes), classes),
  };
}

type Solver = (time: number) => SolvedState;

function randomState({ classes: k, dim, levels: listed, seed }: NoiselessProblem, scale: number): Solver {
  const flow = exactFlow(k, randomWeights(k, scale, seed));
  return (time) => {
    const state = flow.at(time);
    const snapshot = exactSnapshot(state, dim, Math.max(k + 1, listed));
    const rank = k * (k - 1);
    const shown = snapshot.spectrum.levels.slice(0, listed);
    const levels = [
      ...shown.map(({ value, multiplicity }) => ({ sector: 'class', value, multiplicity })),
      ...(shown.length < rank ? [] : [{ sector: 'null', value: 0, multiplicity: k * dim - rank }]),
    ];
    const error = state.errors.reduce((sum, e) => sum + e, 0) / k;
    const { loss, gradientNorm } = state;
    return {
      time,
      margin: null,
      marginRate: null,
      loss,
      error,
      gradientNorm,
      ...spectrumOf(snapshot, levels, relativeLevelError(k, state.largestLog), k),
      rank,
    };
  };
}

function spectrumOf(snapshot: Snapshot, levels: readonly SectorLevel[], relativeError: number, classes: number) {
  return {
    relativeError,
    levels: levels.map((level) => ({ ...level, relativeError: level.value === 0 ? 0 : relativeError })),
    rank: levels.reduce((sum, level) => sum + (level.value > 0 ? level.multiplicity : 0), 0),
    topFraction: topFraction(snapshot, classes),
    overlapGradientHessianGradient: gradientHessianOverlap(snapshot),
  };
}

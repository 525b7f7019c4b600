import { entriesOf, parts, type ParameterLayout } from '../loss/parameters.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { cutAfter } from '../observe/multiplet.js';
import {
  dominance,
  effectiveDimension,
  effectiveRank,
  matrixDimension,
  participationRatio,
  predictedChange,
  updateSpectrum,
  type Dominance,
  type MatrixDimension,
  type PredictedChange,
  type Snapshot,
} from '../observe/index.js';

/** What a measurement tells without further Hessian products. */
export interface TrainGeometry {
  /** Of the eigenvalues that are computed; null where none of them is positive. */
  readonly dimensions: {
    /** (Σλ)²/Σλ². */
    readonly participationRatio: number;
    /** exp of the entropy of λ/Σλ. */
    readonly effectiveRank: number;
    /** Σ λ/(λ + 1/t), t the time: how many directions are so curved that gradient flow has settled them by now. */
    readonly effectiveDimension: number;
  } | null;
  /** Of the gradient by each weight tensor [out, …] as a matrix; tensors without gradient are left out. */
  readonly gradientMatrices: readonly (MatrixDimension & { readonly parameter: string })[];
  /** Of a step −ηg of gradient descent, and of its parts in the top m eigenvectors and outside; null where the cut is degenerate to the last pair. */
  readonly predictedChange: PredictedChange | null;
  /** The last updates of the parameters; null before there are two, or where they are not kept. */
  readonly updates: {
    readonly count: number;
    readonly singularValues: readonly number[];
    /** The k with the largest σ_k/σ_{k+1}, and (σ_k − σ_{k+1})/σ_k there. */
    readonly edge: number;
    readonly relativeGap: number;
    /** χ_m of the last one. */
    readonly dominance: Pick<Dominance, 'lower' | 'upper'>;
  } | null;
}

/** Cost: for an [out, in] layer O(out · in · the smaller), 20 ms for 784-100-100-10, and w² inner products for w updates. */
export function trainGeometry(
  snapshot: Snapshot,
  layout: ParameterLayout,
  options: { readonly m: number; readonly learningRate: number; readonly updates: readonly FloatArray[] },
): TrainGeometry {
  return {
    dimensions: dimensionsOf(snapshot),
    gradientMatrices: gradientMatrices(snapshot.gradient, layout),
    predictedChange: changeOf(snapshot, options.m, options.learningRate),
    updates: updatesOf(snapshot, options.m, options.updates),
  };
}

function dimensionsOf({ spectrum, time }: Snapshot): TrainGeometry['dimensions'] {
  if (!spectrum.levels.some(({ value }) => value > 0)) return null;
  return {
    participationRatio: participationRatio(spectrum),
    effectiveRank: effectiveRank(spectrum),
    effectiveDimension: time > 0 ? effectiveDimension(spectrum, 1 / time) : 0,
  };
}

function gradientMatrices(gradient: Float64Array, layout: ParameterLayout): TrainGeometry['gradientMatrices'] {
  const byName = parts(layout, gradient);
  return layout.specs.flatMap(({ name, shape, role }) => {
    const data = byName[name] as Float64Array;
    if (role !== 'weight' || shape.length < 2 || data.every((x) => x === 0)) return [];
    const rows = shape[0]!;
    return [{ parameter: name, ...matrixDimension({ rows, columns: entriesOf(shape) / rows, data }) }];
  });
}

/** A cut that goes through a multiplet which may go on below the last pair gives no range. */
function changeOf(snapshot: Snapshot, m: number, learningRate: number): PredictedChange | null {
  return cutAfter(snapshot.spectrum, m).open ? null : predictedChange(snapshot, m, learningRate);
}

function updatesOf(snapshot: Snapshot, m: number, updates: readonly FloatArray[]): TrainGeometry['updates'] {
  const wide = updates.map((update) => Float64Array.from(update));
  if (wide.length < 2 || wide.every((update) => update.every((x) => x === 0))) return null;
  const { singularValues, relativeGaps, edge } = updateSpectrum(wide);
  const last = wide.at(-1)!;
  const { lower, upper } = last.every((x) => x === 0) ? { lower: 0, upper: 0 } : dominance(snapshot.spectrum, last, m);
  return {
    count: wide.length,
    singularValues,
    edge,
    relativeGap: relativeGaps[edge - 1]!,
    dominance: { lower, upper },
  };
}

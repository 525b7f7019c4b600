import { NumericalError, UsageError } from '../../errors.js';
import { sampleMixture } from '../../data/gaussian-mixture.js';
import { batchSchedule } from '../../data/batch-schedule.js';
import type { LabelledData } from '../../data/features.js';
import { linePoint, noisyMarginRate } from '../../exact/noisy/index.js';
import { blockLanczos, type BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import { measuredSpectrum, topFraction } from '../../observe/index.js';
import { batchPoint, regressionPoint, type RegressionPoint } from '../../loss/softmax/softmax-regression.js';
import { atStart, descent, type DescentState } from '../../train/descent.js';
import { firstPairs } from '../../train/top-pairs.js';

/** How a step is made of a gradient g: all of it, its part in the top-k eigenspace of the Hessian, or the rest. */
export type DescentMethod = 'gd' | 'sgd' | 'dom-sgd' | 'bulk-sgd';

/** Gradient descent in the model: W ← W − η P g from W(0) = αB, P by the method. */
export interface DescentConfig {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly method: DescentMethod;
  /** W(0) = margin · B. */
  readonly margin: number;
  readonly learningRate: number;
  readonly steps: number;
  /** Steps between records. */
  readonly every: number;
  /** Samples per step. */
  readonly batch: number;
  /** Samples of the data set, from which also the Hessian is taken. */
  readonly samples: number;
  /** Every step draws samples that were never seen before, instead of passing over the data set. */
  readonly online: boolean;
  /** Steps between two computations of the top-k eigenspace (dom-sgd, bulk-sgd). */
  readonly refresh: number;
  readonly seed: number;
}

/** One record of a descent: where it is, and the observables there. */
export interface DescentRecord {
  readonly step: number;
  readonly time: number;
  /** ⟨W, B⟩/‖B‖²: the margin on the symmetric line. */
  readonly margin: number;
  /** Of the population for gd, of the whole data set otherwise. */
  readonly loss: number;
  /** f_top(k) of the full gradient, an interval where the cut is degenerate. */
  readonly topFraction: { readonly lower: number; readonly upper: number };
  /** η λ_max: gradient descent is unstable from 2 on. */
  readonly stability: number;
}

/**
 * Discrete dynamics in the model (Song, Ahn & Yun, arXiv:2405.16002, for Dom- and Bulk-SGD).
 *
 * 'gd' is gradient descent on the population, exact: from W = αB it stays on that line, α ← α + η rate(α). The others are sampled:
 * SGD on n samples or online, with the step projected on the top-k eigenspace of the Hessian of the data set, or on its complement.
 * Keyed by the seed: the same samples and batches for every method. Recording changes nothing of a run: the subspace that is followed is that of
 * the last refresh, and the eigenpairs of a record, searched from there, are dropped after it.
 *
 * Throws UsageError for values outside the model, NumericalError where gd diverges. Cost: gd a few milliseconds a record; else a pass over the data set for each record
 * and some 20 to 60 Hessian products for each refresh. `onRecord` is called as records are made.
 */
export async function descend(
  config: DescentConfig,
  onRecord: (record: DescentRecord) => void = () => undefined,
): Promise<DescentRecord[]> {
  checkConfig(config);
  const records: DescentRecord[] = [];
  const run = config.method === 'gd' ? exactDescent : sampledDescent;
  for await (const record of run(config)) {
    records.push(record);
    onRecord(record);
  }
  return records;
}

function* exactDescent(config: DescentConfig): Generator<DescentRecord> {
  const { classes, dim, noise, learningRate, steps, every } = config;
  let margin = config.margin;
  for (let step = 0; step <= steps; step++) {
    if (step % every === 0 || step === steps) {
      const { spectrum, scalars, snapshot } = orDiverged(config, step, () =>
        linePoint({ classes, dim, noise, margin }),
      );
      const { lower, upper } = topFraction(snapshot, classes);
      const stability = learningRate * Math.max(...spectrum.levels.map(({ value }) => value));
      yield { step, time: step * learningRate, margin, loss: scalars.loss, topFraction: { lower, upper }, stability };
    }
    margin += learningRate * orDiverged(config, step, () => noisyMarginRate({ classes, noise, margin }));
  }
}

/** A start outside the model is the caller's fault; a margin that left it on the way has diverged. */
function orDiverged<T>({ learningRate }: DescentConfig, step: number, solve: () => T): T {
  try {
    return solve();
  } catch (cause) {
    if (step === 0 || !(cause instanceof UsageError)) throw cause;
    throw new NumericalError(
      `gradient descent diverged: at step ${step} the ${cause.message}; lower the learning rate (received ${learningRate})`,
      { cause },
    );
  }
}

async function* sampledDescent(config: DescentConfig): AsyncGenerator<DescentRecord> {
  const { classes: k, dim, noise, method, learningRate, steps, every, batch, samples, refresh, seed } = config;
  const model = { classes: k, dim, noise };
  const data = sampleMixture(model, samples, seed);
  const schedule = batchSchedule(samples, batch, seed);
  const measured = measurements(data, seed);
  const batchAt = ({ step, weights }: State) =>
    config.online
      ? batchPoint(
          sampleMixture(model, batch, seed, 'fresh', step),
          weights,
          Array.from({ length: batch }, (_, i) => i),
        )
      : batchPoint(data, weights, schedule(step));
  const states = descent(atStart(onLine(config)), {
    rate: () => learningRate,
    gradient: (state) => Promise.resolve({ ...batchAt(state), statistics: {} }),
    ...(method !== 'sgd' && {
      follow: {
        direction: method === 'dom-sgd' ? 'dominant' : 'bulk',
        refreshed: (state: State) =>
          Promise.resolve(
            state.step % refresh === 0
              ? { ...state.follow, since: 0, pairs: firstPairs(measured(state).pairs, k) }
              : state.follow,
          ),
      },
    }),
  });
  for await (const state of states) {
    const { step, weights } = state;
    if (step % every === 0 || step === steps) {
      const { point, pairs } = measured(state);
      const { loss, gradient, hessian } = point;
      const time = step * learningRate;
      const spectrum = measuredSpectrum(pairs);
      const snapshot = { time, loss, parameters: k * dim, gradient, hessian, spectrum, origin: 'trained' as const };
      const { lower, upper } = topFraction(snapshot, k);
      const margin = alongLine(weights, k, dim);
      yield { step, time, margin, loss, topFraction: { lower, upper }, stability: learningRate * pairs.values[0]! };
    }
    if (step === steps) return;
  }
}

type State = DescentState<Float64Array>;

/** Loss, gradient, Hessian of the data set and its top k + 1 eigenpairs, searched from the subspace that is followed; once for each state. */
function measurements(data: LabelledData, seed: number) {
  let last: { readonly step: number; readonly point: RegressionPoint; readonly pairs: BlockLanczosResult } | undefined;
  return ({ step, weights, follow }: State) => {
    if (last?.step === step) return last;
    const point = regressionPoint(data, weights);
    const { vectors } = follow.pairs;
    const pairs = blockLanczos(point.hessian, {
      count: Math.min(data.classes + 1, weights.length),
      tolerance: 1e-6,
      seed,
      ...(vectors.length > 0 && { start: vectors }),
    });
    return (last = { step, point, pairs });
  };
}

/** W = αB, the means being the first k features. */
function onLine({ classes: k, dim, margin }: DescentConfig): Float64Array {
  const weights = new Float64Array(k * dim);
  for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) weights[c * dim + a] = margin * ((c === a ? 1 : 0) - 1 / k);
  return weights;
}

/** ⟨W, B⟩/(k − 1), the means being the first k features. */
function alongLine(weights: Float64Array, k: number, dim: number): number {
  let sum = 0;
  for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) sum += weights[c * dim + a]! * ((c === a ? 1 : 0) - 1 / k);
  return sum / (k - 1);
}

function checkConfig(config: DescentConfig): void {
  const { learningRate, method } = config;
  if (!(learningRate > 0 && learningRate <= 1e6)) {
    throw new UsageError(`learningRate must be positive and at most 1e6, received ${learningRate}; for example 1`);
  }
  const counts = {
    steps: config.steps,
    every: config.every,
    batch: config.batch,
    samples: config.samples,
    refresh: config.refresh,
  };
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`${name} must be a positive integer, received ${value}`);
  }
  if (method !== 'gd' && config.batch > config.samples) {
    throw new UsageError(`batch must not exceed samples = ${config.samples}, received ${config.batch}`);
  }
}

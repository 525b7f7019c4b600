import { UsageError } from '../../errors.js';

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

/** Throws UsageError naming the value that is not legal, and what is. */
export function checkDescentConfig(config: DescentConfig): void {
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

import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { gradientCovariance } from '../../../exact/noisy/index.js';
import { batchPoint, regressionPoint } from '../../../loss/softmax/softmax-regression.js';
import { randomStream } from '../../../numeric/random.js';
import { sampleMean } from '../../../numeric/statistics/confidence-interval.js';
import { gaussianSetNull } from '../../../observe/gaussian-dimension.js';
import { gramMoments, type GramMoments } from '../../../observe/gradient-dimension.js';
import { gradientCorrelation, stepCorrelation, windowDimension } from '../../../sgd-noise/window-dimension.js';
import { atStart, descent } from '../../../train/descent.js';
import type { Probe } from '../engine/probe.js';
import { bayesWeights } from './line-weights.js';

export interface ModelDimensionsArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly learningRate: number;
  readonly batch: number;
  /** Of the data set that stands for the population. */
  readonly samples: number;
  /** Steps of a window, how many windows, and the steps between two. */
  readonly window: number;
  readonly windows: number;
  readonly between: number;
  readonly seed: number;
}

/** A dimension as the exact model has it, and as measured: E(Tr K)²/E Tr K² of Gram matrices K over windows. */
export interface HeldDimension {
  readonly predicted: number;
  readonly measured: number;
  readonly standardError: number;
}

export interface ModelDimensions {
  /** (Σc)²/Σc² of the covariance C of one sample's gradient. */
  readonly covariance: number;
  /** Of the gradients of as many batches at one W, less their mean. */
  readonly batches: HeldDimension;
  /** Of the full gradient over the steps of a window, and of the gradients of its batches, which are the steps. */
  readonly gradients: HeldDimension;
  readonly steps: HeldDimension;
}

/**
 * Dimensions over samples and over time of SGD at rest at α* = 1/σ² in the exact model, where C = H: predicted from λ, c and the multiplicities of the sectors of the population
 * alone, measured with SGD on a large data set, batches drawn with replacement. Cost: a pass over the data for each step of a window.
 */
export const modelDimensions: Probe<ModelDimensionsArguments, ModelDimensions> = {
  name: 'model-dimensions',
  revision: 1,
  async run(args, { onProgress, signal }) {
    const { classes: k, dim, noise, learningRate, batch, samples, window, windows, between, seed } = args;
    const rule = { learningRate, batch };
    const levels = gradientCovariance({ classes: k, dim, noise, margin: 1 / noise ** 2 }).levels.filter(
      ({ level }) => level.sector !== 'gauge',
    );
    const over = (correlation: typeof gradientCorrelation): number =>
      windowDimension(
        levels.map(({ level: { value, multiplicity }, covariance }) => ({
          multiplicity,
          correlation: correlation(value, covariance, rule),
        })),
        window,
      );
    const sum = (of: (c: number) => number): number =>
      levels.reduce((total, { level, covariance }) => total + level.multiplicity * of(covariance), 0);
    const covariance = sum((c) => c) ** 2 / sum((c) => c ** 2);

    const data = sampleMixture(args, samples, seed);
    const gradientOf = (weights: Float64Array, ...key: number[]): Float64Array => {
      const stream = randomStream(seed, 'model dimensions', ...key);
      const rows = Uint32Array.from({ length: batch }, () => stream.integer(samples));
      return batchPoint(data, weights, rows).gradient;
    };
    const slowest = Math.min(...levels.map(({ level }) => level.value));
    const first = Math.ceil(20 / (learningRate * slowest));
    const found: Record<'batches' | 'gradients' | 'steps', GramMoments[]> = { batches: [], gradients: [], steps: [] };
    let [full, own]: Float64Array[][] = [[], []];
    const states = descent(atStart(bayesWeights(args)), {
      rate: () => learningRate,
      gradient: ({ weights, step }) => {
        const gradient = gradientOf(weights, 0, step);
        if (step >= first && (step - first) % (window + between) < window) {
          full!.push(regressionPoint(data, weights).gradient);
          own!.push(gradient);
        }
        return Promise.resolve({ loss: 0, gradient, statistics: {} });
      },
    });
    for await (const { step, weights } of states) {
      if (own!.length < window) continue;
      const at = Array.from({ length: window }, (_, i) => gradientOf(weights, 1, step, i));
      found.batches.push(gramMoments(at, { centred: true }));
      found.gradients.push(gramMoments(full!));
      found.steps.push(gramMoments(own!));
      [full, own] = [[], []];
      onProgress(found.steps.length / windows);
      signal.throwIfAborted();
      if (found.steps.length === windows) break;
    }
    return {
      covariance,
      batches: held(gaussianSetNull(window - 1, covariance), found.batches),
      gradients: held(over(gradientCorrelation), found.gradients),
      steps: held(over(stepCorrelation), found.steps),
    };
  },
};

/** The ratio of means x̄/ȳ, its error by the residuals x − (x̄/ȳ) y: to leading order in 1/windows. */
function held(predicted: number, moments: readonly GramMoments[]): HeldDimension {
  const mean = (of: (one: GramMoments) => number) => sampleMean(moments.map(of));
  const squares = mean((one) => one.squares).value;
  const measured = mean((one) => one.trace ** 2).value / squares;
  const { standardError } = mean((one) => one.trace ** 2 - measured * one.squares);
  return { predicted, measured, standardError: standardError / squares };
}

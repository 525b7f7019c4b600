import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { batchPoint, regressionPoint } from '../../../loss/softmax/softmax-regression.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import { sampleMean } from '../../../numeric/statistics/confidence-interval.js';
import { afterSwitch, modelLevels } from '../../quench/index.js';
import type { Probe } from '../engine/probe.js';
import { bayesWeights } from './line-weights.js';

export interface ModelCorrelationArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly learningRate: number;
  readonly batch: number;
  /** Of the data set that stands for the population. */
  readonly samples: number;
  /** Steps of SGD between two states t, and how many these are. */
  readonly between: number;
  readonly starts: number;
  /** Numbers of steps τ, ascending. */
  readonly lags: readonly number[];
  readonly seed: number;
}

/** Ratios of means over the states. `deviation`: of measured from predicted, over the standard error of the states. */
export interface ModelCorrelation {
  readonly lag: number;
  /** E⟨g_t, g_{t+τ}⟩/E‖g_t‖². */
  readonly correlation: number;
  readonly predicted: number;
  readonly deviation: number;
  /** Share of g_{t+τ} in the k largest eigenvalues' space of step t. */
  readonly top: number;
  readonly predictedTop: number;
  readonly deviationTop: number;
}

/**
 * Along time, in the exact model: SGD at rest at α* = 1/σ², where C = H. Each eigenvector's part of the gradient is an AR(1) process of its own, so that, with the stationary energies s_i ∝ λ_i²/(2 − ηλ_i) and any τ,
 *   E⟨g_t, g_{t+τ}⟩/E‖g‖² = Σ s_i (1 − ηλ_i)^τ / Σ s_i,   E‖P_k g_{t+τ}‖²/E‖g‖² = Σ_{i≤k} s_i / Σ s_i.
 * Predictions are of the population, SGD runs on a large data set. Throws UsageError where k cuts a level. Cost: a pass over the data for each state and lag.
 */
export const modelCorrelation: Probe<ModelCorrelationArguments, readonly ModelCorrelation[]> = {
  name: 'model-correlation',
  revision: 1,
  async run(args, { onProgress, signal }) {
    const { learningRate, batch, samples, between, starts, lags, seed } = args;
    const rule = { learningRate, batch };
    const { sectors, gradient, energiesOf } = modelLevels(args, rule);
    const data = sampleMixture(args, samples, seed);
    const loss = {
      samples,
      evaluate: (at: Float64Array) => Promise.resolve(regressionPoint(data, at)),
      batchGradient: (at: Float64Array, rows: Uint32Array) => Promise.resolve(batchPoint(data, at, rows)),
    };
    /** States after some steps, with the gradients there. */
    const follow = async (at: Float64Array, batchOr: number | null, steps: readonly number[], repeat: number) => {
      const gradients: Float64Array[] = [];
      const { energies, weights } = await afterSwitch(loss, at, {
        rule: { learningRate, batch: batchOr },
        steps,
        energiesOf(g) {
          gradients.push(g);
          return energiesOf(g);
        },
        seed,
        repeat,
      });
      return { energies, gradients, weights };
    };
    const slowest = Math.min(...sectors.map(({ eigenvalue }) => eigenvalue));
    const resting = [Math.ceil(10 / (learningRate * slowest))];
    let { weights } = await follow(bayesWeights(args), null, resting, 0); // that of the data set
    ({ weights } = await follow(weights, batch, resting, 0));
    const seen: { squares: number; products: number[]; wholes: number[]; tops: number[] }[] = [];
    for (let start = 1; start <= starts; start++) {
      signal.throwIfAborted();
      onProgress(start / starts);
      ({ weights } = await follow(weights, batch, [between], 2 * start));
      const { energies, gradients } = await follow(weights, batch, [0, ...lags], 2 * start + 1);
      const [g, ...later] = gradients as [Float64Array, ...Float64Array[]];
      const tops = energies.slice(1).map(({ top }) => top.reduce((sum, energy) => sum + energy, 0));
      seen.push({
        squares: dot(g, 0, g, 0, g.length),
        products: later.map((h) => dot(g, 0, h, 0, h.length)),
        wholes: energies.slice(1).map(({ rest }, i) => tops[i]! + rest),
        tops,
      });
    }
    const levels = [...gradient.top, ...gradient.rest];
    const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
    const all = total(levels.map(({ energy }) => energy));
    const predictedTop = total(gradient.top.map(({ energy }) => energy)) / all;
    return lags.map((lag, i) => {
      const predicted =
        total(levels.map(({ energy, eigenvalue }) => energy * (1 - learningRate * eigenvalue) ** lag)) / all;
      const ratio = (of: readonly number[], over: readonly number[], expected: number) => {
        const { value, standardError } = sampleMean(of.map((x, n) => x - expected * over[n]!));
        return { value: total(of) / total(over), deviation: Math.abs(value) / standardError };
      };
      const product = ratio(
        seen.map(({ products }) => products[i]!),
        seen.map(({ squares }) => squares),
        predicted,
      );
      const top = ratio(
        seen.map(({ tops }) => tops[i]!),
        seen.map(({ wholes }) => wholes[i]!),
        predictedTop,
      );
      return {
        lag,
        correlation: product.value,
        predicted,
        deviation: product.deviation,
        top: top.value,
        predictedTop,
        deviationTop: top.deviation,
      };
    });
  },
};

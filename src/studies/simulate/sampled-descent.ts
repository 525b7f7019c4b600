import { batchSchedule } from '../../data/batch-schedule.js';
import type { LabelledData } from '../../data/features.js';
import { sampleMixture } from '../../data/gaussian-mixture.js';
import { batchPoint, regressionPoint } from '../../loss/softmax/softmax-regression.js';
import { blockLanczos, type BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { measuredSpectrum, topFraction } from '../../observe/index.js';
import { atStart, descent, type DescentState } from '../../train/descent.js';
import { firstPairs, type TopPairs } from '../../train/top-pairs.js';
import type { DescentConfig, DescentRecord } from './descent-config.js';

/** SGD on samples of the model, or a part of it; gradient and Hessian of a record are those of the whole data set. */
export async function* sampledDescent(config: DescentConfig): AsyncGenerator<DescentRecord> {
  const { classes: k, dim, noise, method, learningRate, steps, every, batch, samples, refresh, seed } = config;
  const model = { classes: k, dim, noise };
  const data = sampleMixture(model, samples, seed);
  const schedule = batchSchedule(samples, batch, seed);
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
              ? { ...state.follow, since: 0, pairs: followed(data, state, seed) }
              : state.follow,
          ),
      },
    }),
  });
  for await (const state of states) {
    const { step, weights } = state;
    if (step % every === 0 || step === steps) {
      const { loss, gradient, hessian } = regressionPoint(data, weights);
      const pairs = topPairs(hessian, k, seed);
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

/** The top k + 1, searched from nothing, which bounds what may have been overlooked closest. */
function topPairs(hessian: SymmetricOperator, k: number, seed: number, start?: Float64Array): BlockLanczosResult {
  const count = Math.min(k + 1, hessian.dimension);
  return blockLanczos(hessian, { count, tolerance: 1e-6, seed, ...(start && { start }) });
}

/** The top k eigenvectors of the Hessian of the data set, searched from those that were followed so far. */
function followed(data: LabelledData, { weights, follow }: State, seed: number): TopPairs {
  const { vectors } = follow.pairs;
  const { hessian } = regressionPoint(data, weights);
  return firstPairs(topPairs(hessian, data.classes, seed, vectors.length > 0 ? vectors : undefined), data.classes);
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

import { batchSchedule } from '../../data/batch-schedule.js';
import type { LabelledData } from '../../data/features.js';
import { sampleMixture } from '../../data/gaussian-mixture.js';
import { regressionSnapshot, type SnapshotOptions } from '../../loss/softmax/regression-snapshot.js';
import { batchPoint } from '../../loss/softmax/softmax-regression.js';
import { topFraction } from '../../observe/index.js';
import { atStart, descent, type DescentState } from '../../train/descent.js';
import { firstPairs, type TopPairs } from '../../train/top-pairs.js';
import type { DescentConfig, DescentRecord } from './descent-config.js';

/** SGD on samples of the model, or a part of it; gradient and Hessian of a record are those of the whole data set. */
export async function* sampledDescent(config: DescentConfig): AsyncGenerator<DescentRecord> {
  const { classes: k, dim, noise, method, learningRate, steps, every, batch, samples, refresh, seed } = config;
  const model = { classes: k, dim, noise };
  const data = sampleMixture(model, samples, seed);
  const schedule = batchSchedule(samples, batch, seed);
  const search = { top: k + 1, tolerance: 1e-6, seed };
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
              ? { ...state.follow, since: 0, pairs: followed(data, state, search) }
              : state.follow,
          ),
      },
    }),
  });
  for await (const state of states) {
    const { step, weights } = state;
    if (step % every === 0 || step === steps) {
      const time = step * learningRate;
      // Searched from nothing, which bounds what may have been overlooked closest.
      const { snapshot, pairs } = regressionSnapshot(data, weights, time, search);
      const { lower, upper } = topFraction(snapshot, k);
      const margin = alongLine(weights, k, dim);
      yield {
        step,
        time,
        margin,
        loss: snapshot.loss,
        topFraction: { lower, upper },
        stability: learningRate * pairs.values[0]!,
      };
    }
    if (step === steps) return;
  }
}

type State = DescentState<Float64Array>;

/** The top k eigenvectors of the Hessian of the data set, searched from those that were followed so far. */
function followed(data: LabelledData, { time, weights, follow }: State, options: SnapshotOptions): TopPairs {
  const { vectors } = follow.pairs;
  const start = vectors.length > 0 ? { start: vectors } : {};
  return firstPairs(regressionSnapshot(data, weights, time, { ...options, ...start }).pairs, data.classes);
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

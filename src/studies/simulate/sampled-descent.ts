import { batchSchedule } from '../../data/batch-schedule.js';
import type { LabelledData } from '../../data/features.js';
import { sampleMixture } from '../../data/gaussian-mixture.js';
import { batchPoint, regressionPoint, type RegressionPoint } from '../../loss/softmax/softmax-regression.js';
import { blockLanczos, type BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import { measuredSpectrum, topFraction } from '../../observe/index.js';
import { atStart, descent, type DescentState } from '../../train/descent.js';
import { firstPairs } from '../../train/top-pairs.js';
import type { DescentConfig, DescentRecord } from './descent-config.js';

/** SGD on samples of the model, or a part of it; gradient and Hessian of a record are those of the whole data set. */
export async function* sampledDescent(config: DescentConfig): AsyncGenerator<DescentRecord> {
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

import { sampleMixture } from '../../../data/gaussian-mixture.js';
import type { Sector } from '../../../exact/noisy/index.js';
import { batchPoint, regressionPoint } from '../../../loss/softmax/softmax-regression.js';
import {
  afterSwitch,
  meanEnergies,
  modelLevels,
  relaxed,
  relaxedEnergies,
  shareOfTop,
  type RelaxedEnergies,
  type SwitchedRule,
} from '../../quench/index.js';
import type { Probe } from '../engine/probe.js';
import { bayesWeights } from './line-weights.js';
import { phaseOf, type QuenchPhase } from './quench-phase.js';

export interface ModelQuenchArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly learningRate: number;
  readonly batch: number;
  /** Of the data set that stands for the population. */
  readonly samples: number;
  /** Steps of SGD between two switches, and how many these are. */
  readonly between: number;
  readonly starts: number;
  /** After which steps of full batches, and then of noise, energies are taken. */
  readonly quench: readonly number[];
  readonly recovery: readonly number[];
  readonly seed: number;
}

export interface ModelQuench {
  readonly levels: readonly { readonly sector: Sector; readonly eigenvalue: number; readonly multiplicity: number }[];
  /** f_top(k) of SGD at rest: exact, and measured at the starts. */
  readonly topFraction: { readonly predicted: number; readonly measured: number; readonly standardError: number };
  readonly quench: QuenchPhase;
  readonly recovery: QuenchPhase;
}

/**
 * Softmax regression on the mixture, at rest at α* = 1/σ², where C = H and nothing flows: SGD on a large data set, switched to full batches and back, from many states of one
 * run. Every prediction is exact and of the population: E‖P_s g‖² of the sectors at rest, and how they decay and come back. Measured: the gradient of the data set in
 * the same sectors. Throws UsageError where k cuts a level. Cost: a pass over the data for each state taken.
 */
export const modelQuench: Probe<ModelQuenchArguments, ModelQuench> = {
  name: 'model-quench',
  revision: 1,
  async run(args, { onProgress, signal }) {
    const { learningRate, batch, samples, between, starts, quench, recovery, seed } = args;
    const [noisy, still]: SwitchedRule[] = [
      { learningRate, batch },
      { learningRate, batch: null },
    ];
    const { sectors, gradient, energiesOf } = modelLevels(args, { learningRate, batch });
    const data = sampleMixture(args, samples, seed);
    const loss = {
      samples,
      evaluate: (at: Float64Array) => Promise.resolve(regressionPoint(data, at)),
      batchGradient: (at: Float64Array, rows: Uint32Array) => Promise.resolve(batchPoint(data, at, rows)),
    };
    const follow = (at: Float64Array, rule: SwitchedRule, steps: readonly number[], repeat: number) =>
      afterSwitch(loss, at, { rule, steps, energiesOf, seed, repeat });
    const slowest = Math.min(...sectors.map(({ eigenvalue }) => eigenvalue));
    const resting = Math.ceil(10 / (learningRate * slowest));
    let { weights } = await follow(bayesWeights(args), still!, [resting], 0); // that of the data set
    ({ weights } = await follow(weights, noisy!, [resting], 0));
    const found: Record<'rest' | 'quench' | 'recovery', (readonly RelaxedEnergies[])[]> = {
      rest: [],
      quench: [],
      recovery: [],
    };
    for (let start = 1; start <= starts; start++) {
      signal.throwIfAborted();
      onProgress(start / starts);
      const rested = await follow(weights, noisy!, [between], 2 * start);
      ({ weights } = rested);
      const quenched = await follow(weights, still!, quench, 0);
      const recovered = await follow(quenched.weights, noisy!, recovery, 2 * start + 1);
      found.rest.push(rested.energies);
      found.quench.push(quenched.energies);
      found.recovery.push(recovered.energies);
    }
    const { value: measured, standardError } = meanEnergies(found.rest)[0]!.topFraction;
    const left = relaxed(gradient, still!, quench.at(-1) ?? 0);
    return {
      levels: sectors,
      topFraction: { predicted: shareOfTop(relaxedEnergies(gradient, still!, [0])[0]!), measured, standardError },
      quench: phaseOf(still!, starts, relaxedEnergies(gradient, still!, quench), meanEnergies(found.quench)),
      recovery: phaseOf(noisy!, starts, relaxedEnergies(left, noisy!, recovery), meanEnergies(found.recovery)),
    };
  },
};

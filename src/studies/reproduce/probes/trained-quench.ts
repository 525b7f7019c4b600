import { networkSnapshot } from '../../../loss/network-snapshot.js';
import { gradientNoise } from '../../../loss/noise/gradient-noise.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { topFraction } from '../../../observe/index.js';
import {
  afterSwitch,
  energiesAlong,
  meanEnergies,
  networkLevels,
  relaxedEnergies,
  type RelaxedEnergies,
  type SwitchedRule,
} from '../../quench/index.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { phaseOf, type QuenchPhase } from './quench-phase.js';

export interface TrainedQuenchArguments extends TrainedArguments {
  /** Of the top space. */
  readonly m: number;
  /** Residual over ‖H‖ of the eigenvectors. */
  readonly tolerance: number;
  readonly learningRate: number;
  /** After which steps of full batches, of noise, energies are taken; recovery begins after the last one of full batches. */
  readonly quench: readonly number[];
  readonly recovery: readonly number[];
  /** At which of the former f_top(m) is also taken in the top space of that step. */
  readonly own: readonly number[];
  /** Batches that noise comes back with, and the batch that is changed to without a quench. */
  readonly batches: readonly number[];
  readonly changed: number;
  /** Times that noise is drawn. */
  readonly repeats: number;
  /** Random probes of the space outside the top. */
  readonly probes: number;
}

export interface TrainedQuench {
  readonly eigenvalues: readonly number[];
  readonly covariances: readonly number[];
  readonly quench: QuenchPhase;
  /** f_top(m) in the top space of a step itself. */
  readonly own: readonly { readonly step: number; readonly topFraction: number }[];
  readonly recoveries: readonly QuenchPhase[];
  readonly changed: QuenchPhase;
}

/**
 * SGD switched to full batches at the last weights of a run, then on again with several batches; and from the same weights another batch. All predictions are from the
 * gradient, the eigenpairs and the covariance of the samples at the switch. Cost: two measurements of the noise, and a full gradient for every step that is taken.
 */
export const trainedQuench: Probe<TrainedQuenchArguments, TrainedQuench> = {
  name: 'trained-quench',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async (network) => {
      const { learningRate, quench, recovery, own, batches, changed, repeats } = args;
      const phases = batches.length + 2;
      const done = (count: number): void => {
        context.signal.throwIfAborted();
        context.onProgress(count / phases);
      };
      const before = await switchedAt(network, network.weights, args);
      const still = await before.follow({ learningRate, batch: null }, quench, 1);
      done(1);
      const recoveries: QuenchPhase[] = [];
      const after = await switchedAt(network, still.last, args);
      for (const batch of batches) {
        recoveries.push((await after.follow({ learningRate, batch }, recovery, repeats)).phase);
        done(1 + recoveries.length);
      }
      const owns = [];
      for (const step of own) {
        const { last } = await before.follow({ learningRate, batch: null }, [step], 1);
        owns.push({ step, topFraction: (await switchedAt(network, last, args)).topFraction });
      }
      return {
        eigenvalues: before.eigenvalues,
        covariances: before.covariances,
        quench: still.phase,
        own: owns,
        recoveries,
        changed: (await before.follow({ learningRate, batch: changed }, recovery, repeats)).phase,
      };
    }),
};

/** Everything that predictions are made from at weights, and how they go on from there. */
async function switchedAt(
  { problem, objective, statistics }: TrainedNetwork,
  weights: FloatArray,
  { m, tolerance, probes, config: { seed } }: TrainedQuenchArguments,
) {
  const { snapshot, pairs } = await networkSnapshot(objective, weights, { top: m + 1, time: 0, tolerance, seed });
  const top = {
    dimension: pairs.dimension,
    values: pairs.values.slice(0, m),
    vectors: pairs.vectors.slice(0, m * pairs.dimension),
  };
  const { gradient } = snapshot;
  const { lower, upper } = topFraction(snapshot, m);
  const noise = await gradientNoise(objective, weights, top, { probes, seed });
  const hessian = objective.curvature('hessian', weights, { statistics });
  const levels = await networkLevels(hessian, top, gradient, noise);
  const loss = {
    samples: problem.samples,
    evaluate: (at: FloatArray) => objective.evaluate(at, statistics),
    batchGradient: (at: FloatArray, rows: Uint32Array, step: number) =>
      problem.trainer.gradient(at, statistics, rows, step),
  };
  return {
    eigenvalues: [...top.values],
    covariances: [...noise.top.covariances],
    topFraction: (lower + upper) / 2,
    async follow(
      rule: SwitchedRule,
      steps: readonly number[],
      repeats: number,
    ): Promise<{ readonly phase: QuenchPhase; readonly last: FloatArray }> {
      const energiesOf = (g: Float64Array): Omit<RelaxedEnergies, 'step'> => energiesAlong(top, g);
      const found: (readonly RelaxedEnergies[])[] = [];
      let last = weights;
      for (let repeat = 0; repeat < repeats; repeat++) {
        const one = await afterSwitch(loss, weights, { rule, steps, energiesOf, seed, repeat });
        found.push(one.energies);
        last = one.weights;
      }
      return { phase: phaseOf(rule, repeats, relaxedEnergies(levels, rule, steps), meanEnergies(found)), last };
    },
  };
}

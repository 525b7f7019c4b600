import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import { randomStream } from '../../numeric/random.js';
import { gradientHessianOverlap } from '../../observe/index.js';
import { atStart, descent, type DescentRule, type DescentState } from '../../train/descent.js';
import type { TopPairs } from '../../train/top-pairs.js';
import type { DescentMethod } from './descent-config.js';
import { freshGradients, type SimulatedModel } from './fresh-gradient.js';
import { populationLoss } from './population-loss.js';
import { reducedPopulation } from './reduced-population.js';
import { measuredEnergies, projected, squared, type MeasuredEnergies } from './run-record.js';
import { runMean, runRatio, type RunMean } from './sgd-ensemble.js';
import { pairsOf, pathRule } from './sgd-path.js';

/** Runs in the model that are looked at while they are under way. */
export interface LiveConfig extends SimulatedModel {
  /** W(0) = margin · B. */
  readonly margin: number;
  readonly refresh: number;
  readonly runs: number;
  readonly seed: number;
}

/** What may change between two looks. `gd` is gradient descent on the population; it has no batches. */
export interface LiveSetting {
  readonly method: DescentMethod;
  readonly learningRate: number;
  readonly batch: number;
}

/** The runs at one step: means over them and standard errors. */
export interface LivePoint {
  readonly step: number;
  /** Σ of the learning rates. */
  readonly time: number;
  /** ⟨W, B⟩/‖B‖². */
  readonly margin: number;
  readonly loss: RunMean;
  /** ‖g‖². */
  readonly gradient: RunMean;
  /** E‖P_k g‖²/E‖g‖². */
  readonly topFraction: RunMean;
  readonly overlap: RunMean;
}

/** Runs that stand somewhere. */
export interface LiveRuns {
  /** Makes the steps up to this one, with one setting, and measures there. */
  readonly to: (step: number, setting: LiveSetting) => Promise<LivePoint>;
}

/** Up to so many classes the population is summed by a tensor rule, as `simulate --runs` does. */
const mostByTensor = 4;

/**
 * Independent runs from W(0) = αB on fresh samples, run i the same as run i of `runsStudy` with this seed; gradient and Hessian of the population are measured by quadrature,
 * for more than four classes by a lattice rule. No closed form of the model is used. Throws NumericalError where a run diverges.
 */
export function liveRuns(config: LiveConfig): LiveRuns {
  const { classes: k, dim, margin, runs, seed } = config;
  const population = k <= mostByTensor ? tensorPopulation(config) : latticePopulation(config);
  const start = Float64Array.from({ length: k * dim }, (_, i) => {
    const [c, f] = [Math.floor(i / dim), i % dim];
    return f < k ? margin * ((c === f ? 1 : 0) - 1 / k) : 0;
  });
  let states = Array.from({ length: runs }, () => atStart<Float64Array>(start.slice()));
  const streams = states.map((_, run) => randomStream(seed, 'sgd run', k, dim, run));
  const alongB = (weights: Float64Array): number => {
    let sum = 0;
    for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) sum += weights[c * dim + a]! * ((c === a ? 1 : 0) - 1 / k);
    return sum / (k - 1);
  };
  return {
    async to(step, { method, learningRate, batch }) {
      const gradientOf =
        (run: number): DescentRule<Float64Array>['gradient'] =>
        ({ weights }) => {
          const gradient =
            method === 'gd'
              ? population.gradient(weights)
              : freshGradients(config, batch, streams[run]!, [weights])[0]!;
          return Promise.resolve({ loss: 0, gradient, statistics: {} });
        };
      const rule = (run: number): DescentRule<Float64Array> =>
        pathRule(
          { ...config, learningRate, method: method === 'gd' ? 'sgd' : method },
          gradientOf(run),
          population.pairs,
        );
      states = await Promise.all(states.map((state, run) => stepped(state, rule(run), step)));
      const seen = states.map(({ weights }) => population.measured(weights));
      return {
        step,
        time: states[0]!.time,
        margin: runMean(states, ({ weights }) => alongB(weights)).mean,
        loss: runMean(seen, ({ loss }) => loss),
        gradient: runMean(seen, ({ gradient }) => gradient),
        topFraction: runRatio(
          seen,
          ({ top }) => top,
          ({ gradient }) => gradient,
        ),
        overlap: runMean(seen, ({ overlap }) => overlap),
      };
    },
  };
}

async function stepped(
  from: DescentState<Float64Array>,
  rule: DescentRule<Float64Array>,
  step: number,
): Promise<DescentState<Float64Array>> {
  for await (const state of descent(from, rule)) if (state.step >= step) return state;
  return from;
}

interface Population {
  readonly gradient: (weights: Float64Array) => Float64Array;
  /** At least the top k. */
  readonly pairs: (weights: Float64Array) => TopPairs;
  readonly measured: (weights: Float64Array) => MeasuredEnergies;
}

function tensorPopulation(model: SimulatedModel): Population {
  const population = populationLoss(model);
  return {
    gradient: (weights) => population(weights).gradient,
    pairs: (weights) => pairsOf(population(weights)),
    measured: (weights) => measuredEnergies(population(weights), model),
  };
}

/** Points for each class: see `reducedPopulation` for what they leave. */
const latticePoints = 509;

function latticePopulation(model: SimulatedModel & { readonly seed: number }): Population {
  const { classes: k, seed } = model;
  const population = reducedPopulation(model, latticePoints, seed);
  return {
    gradient(weights) {
      const { gradient, expanded } = population(weights);
      return expanded(gradient);
    },
    pairs(weights) {
      const { hessian, expanded } = population(weights);
      const { matrix, dimension } = hessian();
      const { values, vectors } = smallSymmetricEigen(matrix, dimension);
      const whole = Array.from({ length: k }, (_, i) => expanded(vectors.subarray(i * dimension, (i + 1) * dimension)));
      return {
        dimension: weights.length,
        values: values.subarray(0, k),
        errors: new Float64Array(k),
        vectors: Float64Array.from(whole.flatMap((v) => [...v])),
      };
    },
    measured(weights) {
      const { loss, gradient, hessian: hessianOf } = population(weights);
      const hessian = hessianOf();
      return {
        loss,
        gradient: squared(gradient),
        top: projected(gradient, smallSymmetricEigen(hessian.matrix, hessian.dimension).vectors, k),
        overlap: gradientHessianOverlap({ gradient, hessian }),
      };
    },
  };
}

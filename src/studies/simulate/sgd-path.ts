import { UsageError } from '../../errors.js';
import { randomStream } from '../../numeric/random.js';
import { denseEigen } from '../../numeric/kernels/dense-eigen.js';
import type { EigenPairs } from '../../numeric/lanczos/eigen-pairs.js';
import { atStart, descent, type DescentRule, type DescentState } from '../../train/descent.js';
import { firstPairs, type TopPairs } from '../../train/top-pairs.js';
import type { PopulationPoint } from '../../exact/population/index.js';
import type { DescentMethod } from './descent-config.js';
import { freshGradients, type SimulatedModel } from './fresh-gradient.js';
import { denseHessian } from './population-loss.js';
import type { LinePath } from './line-path.js';

/** SGD in the model on fresh samples, W ← W − η P ĝ from W(0) = αB, looked at where the population is known. */
export interface SgdPathConfig extends SimulatedModel {
  readonly method: Exclude<DescentMethod, 'gd'>;
  /** W(0) = margin · B. */
  readonly margin: number;
  readonly learningRate: number;
  readonly batch: number;
  /** Steps that are recorded, ascending. */
  readonly steps: readonly number[];
  /** Steps between computations of the top-k eigenspace (dom-sgd, bulk-sgd). */
  readonly refresh: number;
  /** Also the linearised recursion along the line, driven by the noise of the same samples. */
  readonly linearised: boolean;
}

/** Of a Hessian of 72 MB. */
const mostWeights = 3000;

/** Throws UsageError naming the value that is not legal, and what is. */
export function checkSgdPath({
  classes,
  dim,
  noise,
  margin,
  learningRate,
  batch,
  steps,
  refresh,
}: SgdPathConfig): void {
  if (!(Number.isInteger(dim) && dim >= classes)) {
    throw new UsageError(`dim must be an integer from classes = ${classes} on, received ${dim}`);
  }
  if (!(noise > 0 && learningRate > 0 && margin >= 0)) {
    throw new UsageError(
      `noise and learning rate must be positive, and the margin not negative: received ${noise}, ${learningRate}, ${margin}`,
    );
  }
  if (margin > 1 / noise ** 2) {
    throw new UsageError(`runs start at or below the optimal margin 1/noise² = ${1 / noise ** 2}, received ${margin}`);
  }
  if (classes * dim > mostWeights) {
    throw new UsageError(
      `the Hessian of the population is kept whole, for up to ${mostWeights} weights; ${classes} classes in ${dim} dimensions have ${classes * dim}`,
    );
  }
  if (steps.length === 0 || steps.some((step, i) => !Number.isInteger(step) || step <= (steps[i - 1] ?? -1))) {
    throw new UsageError(`recorded steps must ascend from 0 or more, received ${steps.join(', ') || 'none'}`);
  }
  for (const [name, value] of Object.entries({ batch, refresh })) {
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`${name} must be a positive integer, received ${value}`);
  }
}

/** Where a run is at a recorded step. */
export interface SgdPoint {
  readonly step: number;
  readonly weights: Float64Array;
  /** The gradient of the linearised recursion, flow included; null where it was not asked for. */
  readonly linearised: Float64Array | null;
}

/**
 * One run, keyed by (seed, run). `population`: loss, gradient and Hessian at any W; `line`: the path without noise and its Hessians.
 *
 * The linearised recursion is δ ← δ − η (H(α_n) δ + ζ_n), ζ_n the gradient of the very batch at α_nB less the population's there: what is quadratic in δ is the
 * difference between the two. Cost: b (k d) operations a step, and one quadrature with its Hessian a record.
 */
export async function* sgdPath(
  config: SgdPathConfig,
  population: (weights: Float64Array) => PopulationPoint,
  line: LinePath,
  ...key: readonly [seed: number, run: number]
): AsyncGenerator<SgdPoint, void> {
  const { classes: k, dim, learningRate, batch, steps, linearised } = config;
  const stream = randomStream(key[0], 'sgd run', k, dim, key[1]);
  let delta = new Float64Array(k * dim);
  const gradient = ({ weights, step }: DescentState<Float64Array>) => {
    const points = linearised ? [weights, line.weights(step)] : [weights];
    const [own, onLine] = freshGradients(config, batch, stream, points);
    if (onLine !== undefined) {
      const pull = line.hessian(step).apply(delta, 1);
      const mean = line.gradient(step);
      delta = delta.map((x, i) => x - learningRate * (pull[i]! + onLine[i]! - mean[i]!));
    }
    return Promise.resolve({ loss: 0, gradient: own!, statistics: {} });
  };
  const states = descent(
    atStart(line.weights(0).slice()),
    pathRule(config, gradient, (weights) => pairsOf(population(weights))),
  );
  let recorded = 0;
  for await (const { step, weights } of states) {
    if (step !== steps[recorded]) continue;
    const gradientOf = (): Float64Array => {
      const flow = line.gradient(step);
      return line
        .hessian(step)
        .apply(delta, 1)
        .map((x, i) => x + flow[i]!);
    };
    yield { step, weights, linearised: linearised ? gradientOf() : null };
    if (++recorded === steps.length) return;
  }
}

/** The steps of a run: the gradient as it is, or its part on `pairs` of every `refresh`-th W, or the rest. */
export function pathRule(
  { classes, method, learningRate, refresh }: Pick<SgdPathConfig, 'classes' | 'method' | 'learningRate' | 'refresh'>,
  gradient: DescentRule<Float64Array>['gradient'],
  pairs: (weights: Float64Array) => TopPairs,
): DescentRule<Float64Array> {
  return {
    rate: () => learningRate,
    gradient,
    ...(method !== 'sgd' && {
      follow: {
        direction: method === 'dom-sgd' ? 'dominant' : 'bulk',
        refreshed: ({ follow, step, weights }) =>
          Promise.resolve(
            step % refresh === 0 ? { ...follow, since: 0, pairs: firstPairs(pairs(weights), classes) } : follow,
          ),
      },
    }),
  };
}

/** The eigenpairs of a Hessian of the population, all of them. Cost: k d products and a dense eigenproblem. */
export function pairsOf({ hessian }: PopulationPoint): EigenPairs {
  return denseEigen(denseHessian(hessian));
}

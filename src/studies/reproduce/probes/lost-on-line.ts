import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { linePoint, marginClock, marginPoint } from '../../../exact/noisy/index.js';
import { regressionPoint } from '../../../loss/softmax/softmax-regression.js';
import { denseEigen } from '../../../numeric/kernels/dense-eigen.js';
import { randomStream } from '../../../numeric/random.js';
import { measuredSpectrum, topFraction } from '../../../observe/index.js';
import type { Probe } from '../engine/probe.js';
import { lineWeights } from './line-weights.js';

export interface LostOnLineArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  /** α where a phase begins, W = αB. */
  readonly margin: number;
  readonly rate: number;
  readonly steps: number;
  readonly probabilities: readonly number[];
  /** Of the data set that stands for the population, and how often losses are drawn. */
  readonly samples: number;
  readonly draws: number;
  readonly seed: number;
}

/** Shares of the decrease of the loss that are missing after all steps, 1 − decrease/decrease without losses. */
export interface LostOnLine {
  /** f_top(k) in the exact model where the phase begins: 1 or 0. */
  readonly topFraction: number;
  readonly found: readonly {
    readonly part: 'top' | 'bulk';
    readonly probability: number;
    readonly predicted: number;
    readonly measured: number;
  }[];
}

/**
 * Lost gradients in the exact model. On its line each gradient is an eigenvector, in the top space or outside as a whole: with probability q its loss costs nothing where it is in the other part, and slows time by 1 − q where it is in this one,
 * α(t₀ + (1 − q) t) of the flow in closed form. Measured: gradient descent on a sampled mixture, with f_top(k) of its own Hessian, each of whose steps is lost by a coin where more than half of it is in that part. Throws UsageError where k cuts a level. Cost: a dense
 * Hessian of the samples for each step, once.
 */
export const lostOnLine: Probe<LostOnLineArguments, LostOnLine> = {
  name: 'lost-on-line',
  revision: 1,
  run(args, { onProgress, signal }) {
    const { classes: k, dim, noise, margin, rate, steps, probabilities, draws, seed } = args;
    const model = { classes: k, noise };
    const { lower: inTop } = topFraction(linePoint({ ...model, dim, margin }).snapshot, k);
    const clock = marginClock(model);
    const start = Math.exp(clock.logTimeAt(margin));
    const lossAfter = (time: number): number => marginPoint({ ...model, margin: clock.marginAt(start + time) }).loss;
    const flow = lossAfter(0) - lossAfter(rate * steps);
    const path = sampledPath(args, (share) => {
      signal.throwIfAborted();
      onProgress(share);
    });
    const descent = path[0]!.loss - path[steps]!.loss;
    const found = (['top', 'bulk'] as const).flatMap((part) =>
      probabilities.map((probability) => {
        const isHit = (part === 'top') === inTop > 0.5;
        let mean = 0;
        for (let draw = 0; draw < draws; draw++) {
          const stream = randomStream(seed, 'lost steps', draw);
          let at = 0;
          for (let step = 0; step < steps; step++) {
            const isLost = stream.uniform() < probability && (part === 'top') === path[at]!.topFraction > 0.5;
            if (!isLost) at++;
          }
          mean += path[at]!.loss / draws;
        }
        return {
          part,
          probability,
          predicted: isHit ? 1 - (lossAfter(0) - lossAfter((1 - probability) * rate * steps)) / flow : 0,
          measured: 1 - (path[0]!.loss - mean) / descent,
        };
      }),
    );
    return Promise.resolve({ topFraction: inTop, found });
  },
};

/** Gradient descent on samples of the mixture from W = αB: loss and f_top(k) at each step. */
function sampledPath(
  { classes: k, dim, noise, margin, rate, steps, samples, seed }: LostOnLineArguments,
  onProgress: (share: number) => void,
): { readonly loss: number; readonly topFraction: number }[] {
  const data = sampleMixture({ classes: k, dim, noise }, samples, seed);
  let weights = lineWeights({ classes: k, dim }, margin);
  return Array.from({ length: steps + 1 }, (_, step) => {
    onProgress(step / steps);
    const { loss, gradient, hessian } = regressionPoint(data, weights);
    const spectrum = measuredSpectrum(denseEigen(hessian));
    const snapshot = { time: 0, loss, parameters: k * dim, gradient, hessian, spectrum, origin: 'trained' as const };
    weights = weights.map((w, i) => w - rate * gradient[i]!);
    return { loss, topFraction: topFraction(snapshot, k).lower };
  });
}

import { networkSnapshot } from '../../../loss/network-snapshot.js';
import { gradientNoise } from '../../../loss/noise/gradient-noise.js';
import { restTrace } from '../../../loss/noise/rest-traces.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import { spanFraction, spanOf } from '../../../observe/span-fraction.js';
import { squaredNorm } from '../../../observe/squared-norm.js';
import { atStart, descent } from '../../../train/descent.js';
import { firstPairs } from '../../../train/top-pairs.js';
import { networkLevels, relaxed } from '../../quench/index.js';
import type { Probe } from '../engine/probe.js';
import { alongRun, type TrainedArguments } from './at-weights.js';
import { clientRows, roundRows, type ClientSplit } from './clients.js';

export interface SentGradientsArguments extends TrainedArguments {
  readonly split: ClientSplit;
  readonly clients: number;
  /** Samples of each client in a round. */
  readonly batch: number;
  readonly learningRate: number;
  /** Dimension of the top space; tolerance: residual over ‖H‖ of its eigenvectors. */
  readonly m: number;
  readonly tolerance: number;
  /** How many last gradients span the other space. */
  readonly window: number;
  /** Numbers of rounds τ, ascending. */
  readonly lags: readonly number[];
  /** Times that the rounds after t are drawn. */
  readonly repeats: number;
  /** Random probes of the space outside the top. */
  readonly probes: number;
}

/** Means over repeats. Sent: the mean over clients of their batch gradients. Full: the gradient of all samples. */
export interface LaggedGradient {
  readonly lag: number;
  /** Share of the energy of the sent gradient of round t + τ in the top space of round t, and in the span of the gradients sent just before. */
  readonly sentTop: number;
  readonly sentLast: number;
  /** ⟨g_t, g_{t+τ}⟩/‖g_t‖², and the share of the full gradient in the top space of round t. */
  readonly correlation: number;
  readonly fullTop: number;
  /** The same by the law of SGD's noise, from what is known at round t alone. */
  readonly predicted: { readonly sentTop: number; readonly correlation: number; readonly fullTop: number };
}

/**
 * Along time: rounds of federated SGD from the last weights of a run that kept all its weights, every client sending the gradient of a batch of its own. With λ_i, c_i and g_i of round t, B samples a round,
 *   E⟨g_t, g_{t+τ}⟩ = Σ g_i² (1 − ηλ_i)^τ,   E‖P g_{t+τ}‖² as after a switch (relaxed),   E‖P ĝ‖² = E‖P g‖² + Tr(P C)/B.
 * C is that of all samples: where clients have one class each, the between-class part of it does not enter a round, which the prediction leaves aside. Shares are ratios of means. Cost: the eigenpairs, the measurement of the
 * noise, a gradient of the batch for each round and one of all samples for each lag and repeat.
 */
export const sentGradients: Probe<SentGradientsArguments, readonly LaggedGradient[]> = {
  name: 'sent-gradients',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, async (problem, at) => {
      const { objective, weights: first, statistics } = at(args.config.steps);
      const { split, clients, batch, learningRate, m, tolerance, window, lags, repeats, probes } = args;
      const { seed } = args.config;
      const own = clientRows(problem.inputs(), split, clients, seed);
      const sent: Float64Array[] = [];
      /** States from weights on; the gradient that is sent at each is the last of `sent`. */
      const roundsFrom = (from: typeof first, repeat: number) =>
        descent(atStart(from, { statistics }), {
          rate: () => learningRate,
          gradient: async ({ weights, step }) => {
            const rows = roundRows(own, batch, seed, split, repeat, step);
            const point = await problem.trainer.gradient(weights, statistics, rows, step);
            sent.push(Float64Array.from(point.gradient));
            return { ...point, statistics };
          },
        });
      let weights = first;
      for await (const state of roundsFrom(first, 0)) {
        weights = state.weights;
        if (state.step === window) break;
      }
      const last = spanOf(sent.splice(0));
      const { snapshot, pairs } = await networkSnapshot(objective, weights, { top: m + 1, time: 0, tolerance, seed });
      const top = firstPairs(pairs, m);
      const { gradient } = snapshot;
      const noise = await gradientNoise(objective, weights, top, { probes, seed });
      const hessian = objective.curvature('hessian', weights, { statistics });
      const levels = await networkLevels(hessian, top, gradient, noise);
      const topSpan = { dimension: top.dimension, rank: m, vectors: top.vectors };
      const sums = lags.map(() => ({ sent: 0, sentTop: 0, sentLast: 0, product: 0, full: 0, fullTop: 0 }));
      for (let repeat = 1; repeat <= repeats; repeat++) {
        context.signal.throwIfAborted();
        context.onProgress(repeat / repeats);
        let measured = 0;
        for await (const state of roundsFrom(weights, repeat)) {
          const found = sums[measured]!;
          const [before] = sent.splice(0); // of the step that led here: round t + step − 1
          if (before !== undefined && state.step - 1 === lags[measured]) {
            const energy = squaredNorm(before);
            found.sent += energy;
            found.sentTop += energy * spanFraction(before, topSpan);
            found.sentLast += energy * spanFraction(before, last);
            if (++measured === lags.length) break;
          }
          if (state.step === lags[measured]) {
            const { gradient: g } = await objective.evaluate(state.weights, statistics);
            const [next, energy] = [sums[measured]!, squaredNorm(g)];
            next.full += energy;
            next.fullTop += energy * spanFraction(g, topSpan);
            next.product += dot(gradient, 0, g, 0, g.length);
          }
        }
      }
      const rule = { learningRate, batch: clients * batch };
      const { top: inTop, rest } = levels;
      const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
      const topTrace = total([...noise.top.covariances]) / rule.batch;
      const outsideTrace = restTrace(noise.rest, 'covariances', () => 1) / rule.batch;
      const energyAtStart = squaredNorm(gradient);
      return lags.map((lag, i) => {
        const { sent: all, sentTop, sentLast, product, full, fullTop } = sums[i]!;
        const later = relaxed(levels, rule, lag);
        const [inside, outside] = [later.top, later.rest].map((some) => total(some.map(({ energy }) => energy)));
        const kept = [...inTop, ...rest].map(
          ({ energy, eigenvalue }) => energy * (1 - learningRate * eigenvalue) ** lag,
        );
        return {
          lag,
          sentTop: sentTop / all,
          sentLast: sentLast / all,
          correlation: product / repeats / energyAtStart,
          fullTop: fullTop / full,
          predicted: {
            sentTop: (inside! + topTrace) / (inside! + outside! + topTrace + outsideTrace),
            correlation: total(kept) / energyAtStart,
            fullTop: inside! / (inside! + outside!),
          },
        };
      });
    }),
};

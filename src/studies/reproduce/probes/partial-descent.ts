import { followedPairs, type Direction } from '../../../train/follow.js';
import { noPairs } from '../../../train/top-pairs.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights } from './at-weights.js';
import { lossesAlong, type DescentArguments } from './decrease-along.js';

export interface PartialDescentArguments extends DescentArguments {
  readonly direction: Direction;
}

export interface PartialDescent {
  /** From before the first step on. */
  readonly losses: readonly number[];
}

/** The loss of steps along one part of the full gradient, from the last weights of a run. Cost: about 1.5m products for each renewal of the top space. */
export const partialDescent: Probe<PartialDescentArguments, PartialDescent> = {
  name: 'partial-descent',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async (network) => {
      const { objective, weights, statistics } = network;
      const { m: count, tolerance, direction, config } = args;
      const hessian = objective.curvature('hessian', weights, { statistics });
      const top = await followedPairs(hessian, noPairs(weights.length), { count, tolerance, seed: config.seed });
      const losses = await lossesAlong(network, args, { direction, top }, (share) => {
        context.signal.throwIfAborted();
        context.onProgress(share);
      });
      return { losses };
    }),
};

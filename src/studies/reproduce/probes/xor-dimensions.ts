import { randomStream } from '../../../numeric/random.js';
import { coordinateDimension, setDimension } from '../../../observe/gradient-dimension.js';
import { atStart, descent } from '../../../train/descent.js';
import type { Optimizer } from '../../../train/optimizer.js';
import type { Probe } from '../engine/probe.js';
import { xorParameters, xorPoint, xorStart } from './xor-network.js';

export interface XorDimensionsArguments {
  /** Widths h. */
  readonly hidden: readonly number[];
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** The last step, and the steps between two snapshots, from step 0 on. */
  readonly steps: number;
  readonly every: number;
  readonly seed: number;
}

/** The gradient at a snapshot of a network that learns XOR. */
export interface XorSnapshot {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Participation ratio over coordinates. */
  readonly coordinates: number;
  /** ‖g‖²/max g_i²: how many coordinates it would take, were all as large as the largest. */
  readonly largest: number;
  /** Share of ‖g‖² in the weights and biases into the hidden units, 3h of the 4h + 1. */
  readonly firstLayer: number;
  /** Participation ratio of the gradients of the four cases, which are at most 4. */
  readonly samples: number;
}

export interface XorDimensions {
  /** N = 4h + 1. */
  readonly parameters: number;
  readonly snapshots: readonly XorSnapshot[];
  /** The same of i.i.d. Gaussian vectors of N coordinates, as many as there are snapshots. */
  readonly gaussian: readonly Pick<XorSnapshot, 'coordinates' | 'largest'>[];
}

/** Full-batch descent of networks 2-h-1 on XOR, and over how many coordinates the gradient is spread at each snapshot; one result for each h. Cost: O(h) a step. */
export const xorDimensions: Probe<XorDimensionsArguments, XorDimensions[]> = {
  name: 'xor-dimensions',
  revision: 1,
  async run({ hidden, ...args }, { onProgress, signal }) {
    const found: XorDimensions[] = [];
    for (const h of hidden) {
      signal.throwIfAborted();
      found.push(await ofWidth(h, args));
      onProgress(found.length / hidden.length);
    }
    return found;
  },
};

async function ofWidth(
  hidden: number,
  { optimizer, learningRate, steps, every, seed }: Omit<XorDimensionsArguments, 'hidden'>,
): Promise<XorDimensions> {
  const snapshots: XorSnapshot[] = [];
  const states = descent(atStart(xorStart(hidden, seed), { optimizer }), {
    rate: () => learningRate,
    optimizer,
    gradient: ({ weights }) => Promise.resolve({ ...xorPoint(weights), statistics: {} }),
  });
  for await (const { step, weights } of states) {
    if (step % every === 0) {
      const { loss, accuracy, gradient, cases } = xorPoint(weights);
      snapshots.push({
        step,
        loss,
        accuracy,
        ...spreadOf(gradient),
        firstLayer: firstLayerShare(gradient),
        samples: setDimension(cases),
      });
    }
    if (step >= steps) break;
  }
  const stream = randomStream(seed, 'xor', hidden, 'gaussian');
  return {
    parameters: xorParameters(hidden),
    snapshots,
    gaussian: snapshots.map(() =>
      spreadOf(Float64Array.from({ length: xorParameters(hidden) }, () => stream.normal())),
    ),
  };
}

function spreadOf(gradient: Float64Array): Pick<XorSnapshot, 'coordinates' | 'largest'> {
  let [sum, largest] = [0, 0];
  for (const x of gradient) {
    sum += x ** 2;
    largest = Math.max(largest, x ** 2);
  }
  return { coordinates: coordinateDimension(gradient), largest: sum / largest };
}

function firstLayerShare(gradient: Float64Array): number {
  const inputs = 3 * ((gradient.length - 1) / 4);
  const energy = (part: Float64Array): number => part.reduce((sum, x) => sum + x ** 2, 0);
  return energy(gradient.subarray(0, inputs)) / energy(gradient);
}

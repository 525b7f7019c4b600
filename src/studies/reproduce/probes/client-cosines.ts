import { randomStream } from '../../../numeric/random.js';
import { squaredNorm } from '../../../observe/squared-norm.js';
import { meanCosine } from '../../../observe/mean-cosine.js';
import type { Probe } from '../engine/probe.js';
import { alongRun, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { clientRows } from './clients.js';
import { inScratch } from './in-scratch.js';

export interface ClientCosinesArguments extends TrainedArguments {
  /** Steps of the run whose weights were kept. */
  readonly steps: readonly number[];
  readonly clients: number;
  /** How often the samples are dealt at random. */
  readonly deals: number;
  /** Random directions along which slopes of single samples are taken, for Tr C. */
  readonly probes: number;
}

export interface ClientCosines {
  readonly step: number;
  readonly loss: number;
  /** Mean cosine between the gradients of the clients, each of all its samples; of those with random samples for each deal. */
  readonly random: readonly number[];
  readonly byClass: number;
  /** Of clients with random samples: mean product of two of them over the mean square of one, over all deals. */
  readonly ratio: number;
  /** The same from ‖g‖² and Tr C of the data alone. */
  readonly predicted: number;
}

/**
 * Across clients: the mean cosine between their gradients at some steps of a run. With C the covariance of single samples' gradients over the n there are, samples dealt at random to N clients give
 *   E⟨g_c, g_c′⟩ = ‖g‖² − Tr C/(n − 1),   E‖g_c‖² = ‖g‖² + (N − 1) Tr C/(n − 1),
 * the laws of sampling without replacement, and their ratio is the prediction. A mean cosine is a mean of ratios instead, and of one deal. Cost: a gradient of the data for each deal and step, and a forward pass for each probe.
 */
export const clientCosines: Probe<ClientCosinesArguments, readonly ClientCosines[]> = {
  name: 'client-cosines',
  revision: 2,
  run: (args, context) =>
    alongRun(args, context, (_, at) => inScratch(args.steps, args, context, (step) => cosinesAt(at(step), step, args))),
};

async function cosinesAt(
  { problem, objective, weights, statistics }: TrainedNetwork,
  step: number,
  { clients, deals, probes, config: { seed } }: ClientCosinesArguments,
): Promise<ClientCosines> {
  const samples = problem.inputs();
  const gradientsOf = async (dealt: readonly Uint32Array[]): Promise<Float64Array[]> => {
    const gradients: Float64Array[] = [];
    for (const rows of dealt) {
      const { gradient } = await problem.trainer.gradient(weights, statistics, rows, step);
      gradients.push(Float64Array.from(gradient));
    }
    return gradients;
  };
  const random: number[] = [];
  let [product, square] = [0, 0];
  for (let deal = 0; deal < deals; deal++) {
    const gradients = await gradientsOf(clientRows(samples, 'random', clients, seed, deal));
    const squares = gradients.reduce((sum, g) => sum + squaredNorm(g), 0);
    random.push(meanCosine(gradients));
    product += (squaredNorm(sumOf(gradients)) - squares) / (clients - 1);
    square += squares;
  }
  const { loss, gradient } = await objective.evaluate(weights, statistics);
  const whole = squaredNorm(gradient);
  let trace = 0;
  for (let probe = 0; probe < probes; probe++) {
    const stream = randomStream(seed, 'signs', step, probe);
    const signs = Float64Array.from({ length: gradient.length }, () => (stream.integer(2) === 0 ? 1 : -1));
    const slopes = await objective.sampleSlopes(weights, signs, 1, statistics);
    const mean = slopes.reduce((sum, slope) => sum + slope, 0) / slopes.length;
    trace += slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) / slopes.length / probes;
  }
  const shared = trace / (samples.count - 1);
  return {
    step,
    loss,
    random,
    byClass: meanCosine(await gradientsOf(clientRows(samples, 'by class', clients, seed))),
    ratio: product / square,
    predicted: (whole - shared) / (whole + (clients - 1) * shared),
  };
}

function sumOf(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) vector.forEach((x, i) => (sum[i]! += x));
  return sum;
}

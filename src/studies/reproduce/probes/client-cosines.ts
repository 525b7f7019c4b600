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
  /** Random directions along which slopes of single samples are taken, for Tr C. */
  readonly probes: number;
}

export interface ClientCosines {
  readonly step: number;
  readonly loss: number;
  /** Mean cosine between the gradients of the clients, each of all its samples. */
  readonly random: number;
  readonly byClass: number;
  /** Of clients with random samples, from ‖g‖² and Tr C of the data alone. */
  readonly predicted: number;
}

/**
 * Across clients: the mean cosine between their gradients at some steps of a run. With C the covariance of single samples' gradients over the n there are, samples dealt at random to N clients give
 *   E⟨g_c, g_c′⟩ = ‖g‖² − Tr C/(n − 1),   E‖g_c‖² = ‖g‖² + (N − 1) Tr C/(n − 1),
 * the laws of sampling without replacement, and their ratio is the prediction. Cost: a gradient of the data for each split and step, and a forward pass for each probe.
 */
export const clientCosines: Probe<ClientCosinesArguments, readonly ClientCosines[]> = {
  name: 'client-cosines',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, (_, at) => inScratch(args.steps, args, context, (step) => cosinesAt(at(step), step, args))),
};

async function cosinesAt(
  { problem, objective, weights, statistics }: TrainedNetwork,
  step: number,
  { clients, probes, config: { seed } }: ClientCosinesArguments,
): Promise<ClientCosines> {
  const samples = problem.inputs();
  const cosine = async (split: 'random' | 'by class'): Promise<number> => {
    const gradients: Float64Array[] = [];
    for (const rows of clientRows(samples, split, clients, seed)) {
      const { gradient } = await problem.trainer.gradient(weights, statistics, rows, step);
      gradients.push(Float64Array.from(gradient));
    }
    return meanCosine(gradients);
  };
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
    random: await cosine('random'),
    byClass: await cosine('by class'),
    predicted: (whole - shared) / (whole + (clients - 1) * shared),
  };
}

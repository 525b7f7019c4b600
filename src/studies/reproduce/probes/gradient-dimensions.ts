import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { randomStream } from '../../../numeric/random.js';
import { gaussianSetNull, populationDimension } from '../../../observe/gaussian-dimension.js';
import { coordinateDimension, setDimension } from '../../../observe/gradient-dimension.js';
import type { Probe, ProbeContext } from '../engine/probe.js';
import { alongRun, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { inScratch } from './in-scratch.js';

export interface GradientDimensionsArguments extends TrainedArguments {
  /** Measured steps of the run, ascending. */
  readonly steps: readonly number[];
  /** Of these the ones at which the Hessian's spectrum is looked at too. */
  readonly hessianAt: readonly number[];
  /** Random vectors for its traces. */
  readonly probes: number;
  /** Gradients of so many batches of so many samples, drawn without replacement within a batch. */
  readonly batches: number;
  readonly samples: number;
  /** Updates of a window over time: differences of weights `every` steps apart. */
  readonly window: number;
  readonly every: number;
}

/** Effective dimensions of the gradient at one step. */
export interface GradientDimensions {
  readonly step: number;
  readonly loss: number;
  /** Over coordinates: of the full gradient. */
  readonly coordinates: number;
  /** Over samples: of the gradients of batches, with their mean and without; what the latter says of the covariance C of all samples, whatever the number of batches (null: more than these can tell). */
  readonly batches: number;
  readonly centred: number;
  readonly covariance: number | null;
  /** Over time: of the last updates; null where there are not enough before. */
  readonly updates: number | null;
  /** (Tr H)²/Tr H²: the dimension over samples where C ∝ H; null where it was not asked for. */
  readonly hessian: number | null;
}

export interface DimensionsAlong {
  readonly parameters: number;
  /** What i.i.d. Gaussian batches and updates of as many coordinates have. */
  readonly nulls: { readonly centred: number; readonly updates: number };
  readonly states: readonly GradientDimensions[];
}

/** Effective dimensions of the gradient along a run that kept its weights. Cost: a step one gradient of all samples, those of the batches, and some four gradients for each Hessian product. */
export const gradientDimensions: Probe<GradientDimensionsArguments, DimensionsAlong> = {
  name: 'gradient-dimensions',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, async (_, at) => ({
      parameters: at(args.steps[0]!).weights.length,
      nulls: {
        centred: gaussianSetNull(args.batches - 1, at(args.steps[0]!).weights.length),
        updates: gaussianSetNull(args.window, at(args.steps[0]!).weights.length),
      },
      states: await inScratch(args.steps, args, context, (step) => dimensionsAt(step, at, args, context)),
    })),
};

async function dimensionsAt(
  step: number,
  at: (step: number) => TrainedNetwork,
  { hessianAt, probes, batches, samples, window, every, config }: GradientDimensionsArguments,
  { signal }: ProbeContext,
): Promise<GradientDimensions> {
  const { problem, objective, weights, statistics } = at(step);
  const { loss, gradient } = await objective.evaluate(weights, statistics);
  const found: FloatArray[] = [];
  for (let i = 0; i < batches; i++) {
    signal.throwIfAborted();
    const rows = drawn(problem.samples, Math.min(samples, problem.samples), [config.seed, step, i]);
    found.push((await problem.trainer.gradient(weights, statistics, rows, step)).gradient);
  }
  const centred = setDimension(found, { centred: true });
  const covariance = populationDimension(batches - 1, centred);
  return {
    step,
    loss,
    coordinates: coordinateDimension(gradient),
    batches: setDimension(found),
    centred,
    covariance: covariance < Infinity ? covariance : null,
    updates: step < window * every ? null : setDimension(updatesBefore(step, window, every, (n) => at(n).weights)),
    hessian: hessianAt.includes(step)
      ? await hessianDimension({ objective, weights, statistics }, probes, config.seed)
      : null,
  };
}

function updatesBefore(
  step: number,
  window: number,
  every: number,
  weightsAt: (step: number) => FloatArray,
): FloatArray[] {
  const weights = Array.from({ length: window + 1 }, (_, i) => weightsAt(step - every * (window - i)));
  return weights.slice(1).map((after, i) => after.map((x, j) => x - weights[i]![j]!));
}

/** (Tr H)²/Tr H² from z and Hz of random signs z: E zᵀHz = Tr H, E ‖Hz‖² = Tr H² (Hutchinson). */
async function hessianDimension(
  { objective, weights, statistics }: Pick<TrainedNetwork, 'objective' | 'weights' | 'statistics'>,
  probes: number,
  seed: number,
): Promise<number> {
  const hessian = objective.curvature('hessian', weights, { statistics });
  const stream = randomStream(seed, 'gradient dimensions', 'traces');
  const signs = Float64Array.from({ length: probes * weights.length }, () => (stream.uniform() < 0.5 ? -1 : 1));
  const images = await hessian.apply(signs, probes);
  let [trace, squares] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    trace += (signs[i]! * images[i]!) / probes;
    squares += images[i]! ** 2 / probes;
  }
  return trace ** 2 / squares;
}

/** So many different rows of all, keyed. */
function drawn(all: number, count: number, [seed, ...path]: readonly [number, ...number[]]): Uint32Array {
  const stream = randomStream(seed, 'gradient dimensions', ...path);
  const order = Uint32Array.from({ length: all }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + stream.integer(all - i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, count);
}

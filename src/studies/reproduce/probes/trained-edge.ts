import { networkSnapshot } from '../../../loss/network-snapshot.js';
import { gradientNoise, type GradientNoise } from '../../../loss/noise/gradient-noise.js';
import type { Statistics } from '../../../loss/objective.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { innerProducts } from '../../../numeric/kernels/inner-products.js';
import { armPoints, type ArmPoint } from '../../noise/arms.js';
import { noiseOfUpdates, type UpdateSteps } from '../../noise/noise-of-updates.js';
import type { NoiseWindow } from '../../noise/edge-of-noise.js';
import { expectedGram } from '../../../sgd-noise/drawn-gram.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { edgePhase, measuredWindow, type EdgePhase, type MeasuredWindow } from './edge-phase.js';

export interface TrainedEdgeArguments extends TrainedArguments {
  /** Of the top space, and how many eigenpairs are known, more than that. */
  readonly m: number;
  readonly known: number;
  /** Residual over ‖H‖ of the eigenvectors. */
  readonly tolerance: number;
  readonly learningRate: number;
  /** W. */
  readonly updates: number;
  /** N, and how many windows in a row. */
  readonly windows: readonly { readonly every: number; readonly count: number }[];
  /** Random probes of the space outside the known eigenvectors. */
  readonly probes: number;
  readonly draws: number;
}

/** Windows of one N. */
export interface TrainedEdgePhase extends EdgePhase {
  /** The same predicted with flow, E G with it. */
  readonly withFlow: EdgePhase['predicted'];
  /** What flow adds to every entry of G, over the mean square of an update of noise. */
  readonly flowShare: number;
  readonly eigenvalues: readonly number[];
  readonly covariances: readonly number[];
}

export interface TrainedEdge {
  readonly phases: readonly TrainedEdgePhase[];
}

/**
 * Updates of SGD as it goes on from the last weights of a run, in epochs, against the Gram matrix of its noise by the λ_i and c_i measured in the middle of the windows of each N. Flow: the
 * inner product of the full gradients at both ends of a window outside the known eigenvectors, mean over the windows. Cost: the steps, and for each N a measurement of the noise.
 */
export const trainedEdge: Probe<TrainedEdgeArguments, TrainedEdge> = {
  name: 'trained-edge',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async (network) => {
      const { problem, weights, statistics } = network;
      const { learningRate, updates: w, draws, config } = args;
      const steps: UpdateSteps = { learningRate, batch: config.batch ?? problem.samples, samples: problem.samples };
      const arm = { name: 'as trained', sampling: 'epochs', dynamics: 'network' } as const;
      const points = armPoints(problem, arm, { weights, statistics, learningRate });
      let point: ArmPoint = (await points.next()).value!;
      const forward = async (count: number): Promise<ArmPoint> => {
        for (let i = 0; i < count; i++) point = (await points.next()).value!;
        context.signal.throwIfAborted();
        return point;
      };
      const phases: TrainedEdgePhase[] = [];
      for (const { every, count } of args.windows) {
        const taken: { readonly begun: number; readonly kept: FloatArray[]; readonly flow: readonly Float64Array[] }[] =
          [];
        let middle: KnownNoise | undefined;
        for (let i = 0; i < count; i++) {
          if (i === Math.floor(count / 2)) middle = await knownNoise(network, point.weights, statistics, args);
          const begun = point.step;
          const kept = [point.weights.slice()];
          const flow = [await point.gradient()];
          for (let s = 0; s < w; s++) kept.push((await forward(every)).weights.slice());
          flow.push(await point.gradient());
          taken.push({ begun, kept, flow });
          context.onProgress((phases.length + (i + 1) / count) / args.windows.length);
        }
        const known = middle!;
        const noise: NoiseWindow[] = taken.map(({ begun }) =>
          noiseOfUpdates(known.noise, args.m, steps, { updates: w, every }, begun),
        );
        const expected = noise.map(({ top, rest }) => expectedGram([...top, ...rest], w));
        const mean = expected[0]!.map((_, at) => expected.reduce((sum, one) => sum + one[at]! / count, 0));
        const windows = taken.map(({ kept }) => known.windowOf(kept, args.m));
        const phase = edgePhase(every, windows, mean, noise, { draws, seed: config.seed });
        const common = taken.reduce((sum, { flow }) => sum + known.outside(flow[0]!, flow[1]!) / count, 0);
        const flow = (learningRate * every) ** 2 * Math.max(0, common);
        phases.push({
          ...phase,
          withFlow: edgePhase(
            every,
            windows,
            mean,
            noise.map((one) => ({ ...one, flow })),
            { draws, seed: config.seed },
          ).predicted,
          flowShare: flow / phase.lags.predicted[0]!,
          eigenvalues: [...known.noise.top.eigenvalues],
          covariances: [...known.noise.top.covariances],
        });
      }
      return { phases };
    }),
};

interface KnownNoise {
  readonly noise: GradientNoise;
  /** Of W updates between weights, and their parts on the first m eigenvectors. */
  readonly windowOf: (weights: readonly FloatArray[], m: number) => MeasuredWindow;
  /** xᵀ(1 − P)y, P on all known eigenvectors. */
  readonly outside: (x: Float64Array, y: Float64Array) => number;
}

async function knownNoise(
  { objective }: TrainedNetwork,
  weights: FloatArray,
  statistics: Statistics,
  { known, tolerance, probes, config: { seed } }: TrainedEdgeArguments,
): Promise<KnownNoise> {
  const { pairs } = await networkSnapshot(objective, weights, { top: known, time: 0, statistics, tolerance, seed });
  const n = pairs.dimension;
  const top = { dimension: n, values: pairs.values.slice(0, known), vectors: pairs.vectors.slice(0, known * n) };
  const noise = await gradientNoise(objective, weights, top, { statistics, probes, seed });
  const along = (x: Float64Array): Float64Array => innerProducts(top.vectors, known, x, 1, n);
  const dotOf = (x: Float64Array, y: Float64Array, count = x.length): number => {
    let sum = 0;
    for (let f = 0; f < count; f++) sum += x[f]! * y[f]!;
    return sum;
  };
  return {
    noise,
    windowOf(kept, m) {
      const deltas = kept.slice(1).map((next, s) => Float64Array.from(next, (x, f) => x - kept[s]![f]!));
      const parts = deltas.map(along);
      return measuredWindow(deltas.length, (s, t) => ({
        whole: dotOf(deltas[s]!, deltas[t]!),
        top: dotOf(parts[s]!, parts[t]!, m),
      }));
    },
    outside: (x, y) => dotOf(x, y) - dotOf(along(x), along(y)),
  };
}

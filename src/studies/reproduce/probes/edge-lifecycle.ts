import { UsageError } from '../../../errors.js';
import { networkScores } from '../../../loss/network/network-scores.js';
import { batchOf } from '../../../loss/network/samples.js';
import { embedded, parametersOf, restricted } from '../../../loss/parameters.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { norm } from '../../../numeric/kernels/norm.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import { randomStream, type RandomStream } from '../../../numeric/random.js';
import { displacement } from '../../../observe/along-direction.js';
import { withRandomSigns } from '../../../observe/random-signs.js';
import { decayPart, partShares, type PartShares } from '../../../observe/update-parts.js';
import { edgeDirections, updateSpectrum } from '../../../observe/update-spectrum.js';
import type { Probe } from '../engine/probe.js';
import { alongRun, type TrainedArguments } from './at-weights.js';
import {
  edgeEffects,
  edgeInHessian,
  movedAlong,
  oneByOne,
  type EdgeEffects,
  type EdgeInHessian,
} from './edge-effects.js';
import { inScratch } from './in-scratch.js';

export interface EdgeLifecycleArguments extends TrainedArguments {
  /** At which the run kept weights, ascending, at even distances. */
  readonly steps: readonly number[];
  /** Updates in a window, W. */
  readonly window: number;
  /** Which parameters are the θ of the edge, as patterns. */
  readonly parameters: readonly string[];
  /** Leading directions of each window that are followed, at least one and at most W. */
  readonly directions: number;
  /** Training samples whose scores are compared: the first so many. */
  readonly samples: number;
  /** Ends of windows at which curvature and ablation are measured. */
  readonly effectsAt: readonly number[];
  /** Ends of windows at which directions are held against the top space of the Hessian. */
  readonly hessianAt: readonly number[];
  /** m of that space. */
  readonly m: number;
  /** Residual over ‖H‖ of its eigenvectors. */
  readonly tolerance: number;
}

/** The edge of the window that ends at a step. */
export interface EdgeState {
  readonly step: number;
  readonly singularValues: readonly number[];
  /** k*, and the weighted one. */
  readonly edge: number;
  readonly weightedEdge: number;
  /** R = σ_{k*}/σ_{k*+1}. */
  readonly ratio: number;
  /** g₂₃ = σ₂² − σ₃². */
  readonly secondGap: number;
  readonly drift: number;
  readonly firstShare: number;
  /** R of the same updates with random signs. */
  readonly signlessRatio: number;
  /** Of gradient and weight decay along each direction. */
  readonly shares: readonly PartShares[];
  /** Mean of ‖h(x; θ + εv) − h(x; θ)‖² along each direction, ε = 0.005 ‖θ‖; and over two random directions. */
  readonly displacements: readonly number[];
  readonly randomDisplacement: number;
  /** Curvatures with ε = 0.001 ‖θ‖. */
  readonly effects: EdgeEffects | null;
  readonly hessian: EdgeInHessian | null;
}

export interface EdgeLifecycle {
  /** Entries of the θ of the edge, and of all parameters. */
  readonly entries: number;
  readonly parameters: number;
  readonly states: readonly EdgeState[];
}

/** ε over ‖θ‖ of displacements and of second differences, θ that of the edge. */
const epsilons = { displacement: 0.005, curvature: 0.001 } as const;

/**
 * The spectral edge of a run that kept its weights, and what its directions do (arXiv:2604.07380): the spectrum of W updates between consecutive kept weights, the split of each into gradient and
 * weight decay, what a step along a direction changes in scores and loss, what is left without it, and how much of it the Hessian's top space holds. Directions are of the parameters named,
 * 0 in the others. Each step is kept once it is there. Throws UsageError without a test split. Cost: directions + 3 forward passes of `samples` for each step, and where they are asked for those of `edgeEffects`
 * and `edgeInHessian`.
 */
export const edgeLifecycle: Probe<EdgeLifecycleArguments, EdgeLifecycle> = {
  name: 'edge-lifecycle',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, async (problem, at) => {
      const { config, steps, window, directions: count } = args;
      const { objective, test } = problem;
      if (test === null) throw new UsageError('the lifecycle of an edge is that of a task with a test split');
      const { layout } = objective;
      const places = parametersOf(layout, args.parameters);
      const loaded = new Map<number, FloatArray>();
      const weightsAt = (step: number): FloatArray => {
        const weights = loaded.get(step) ?? at(step).weights;
        loaded.set(step, weights);
        return weights;
      };
      const used = Uint32Array.from({ length: Math.min(args.samples, problem.samples) }, (_, i) => i);
      const { precision, seed } = config;
      const scores = networkScores(problem.network, batchOf(problem.inputs(), used), {
        runtime: context.runtime,
        precision,
      });

      const stateAt = async (step: number): Promise<EdgeState> => {
        const last = steps.indexOf(step);
        const path = steps.slice(last - window, last + 1).map((one) => restricted(layout, places, weightsAt(one)));
        const updates = path.slice(1).map((after, i) => difference(after, path[i]!));
        const { spectrum, directions } = edgeDirections(updates, count);
        const signless = updateSpectrum(withRandomSigns(updates, randomStream(seed, 'random signs', step)));

        const weights = weightsAt(step);
        const length = norm(Float64Array.from(path.at(-1)!));
        const stream = randomStream(seed, 'random directions', step);
        const leading = columnsOf(directions, count);
        const edge = leading.map((v) => embedded(layout, places, v));
        const random = leading.map(({ length: n }) => embedded(layout, places, randomUnit(stream, n)));
        const before = await scores.at(problem.expand(weights));
        const moves = async (v: Float64Array): Promise<number> => {
          const there = movedAlong(weights, v, epsilons.displacement * length);
          return displacement(before, await scores.at(problem.expand(there)), used.length);
        };
        const randomMoves = await oneByOne(random.slice(0, 2), moves);
        const place = { objective, test, weights };
        return {
          step,
          singularValues: spectrum.singularValues,
          edge: spectrum.edge,
          weightedEdge: spectrum.weightedEdge,
          ratio: spectrum.ratio,
          secondGap: spectrum.gaps[1]!,
          drift: spectrum.drift,
          firstShare: spectrum.firstShare,
          signlessRatio: signless.ratio,
          shares: leading.map((v) => sharesAlong(v, path, decayBetween(args))),
          displacements: await oneByOne(edge, moves),
          randomDisplacement: randomMoves.reduce((sum, x) => sum + x, 0) / randomMoves.length,
          effects: args.effectsAt.includes(step)
            ? await edgeEffects({ edge, random }, place, epsilons.curvature * length)
            : null,
          hessian: args.hessianAt.includes(step)
            ? await edgeInHessian({ edge, random }, place, { m: args.m, tolerance: args.tolerance, seed })
            : null,
        };
      };
      try {
        const states = await inScratch(steps.slice(window), args, context, stateAt);
        const entries = restricted(layout, places, problem.reduce(problem.initial)).length;
        return { entries, parameters: layout.size, states };
      } finally {
        await scores.release();
      }
    }),
};

/** ηλN between two kept weights; 0 without decoupled weight decay. */
function decayBetween({ config: { optimizer, schedule }, steps }: EdgeLifecycleArguments): number {
  const decay = optimizer.kind === 'adamw' ? optimizer.weightDecay : 0;
  return schedule.rate * decay * (steps[1]! - steps[0]!);
}

function sharesAlong(v: Float64Array, path: readonly FloatArray[], decay: number): PartShares {
  const along = (x: Float64Array): number => dot(x, 0, v, 0, v.length);
  return partShares(
    path.slice(1).map((after, i) => {
      const ofDecay = along(decayPart(path[i]!, after, decay));
      return { gradient: along(difference(after, path[i]!)) - ofDecay, decay: ofDecay };
    }),
  );
}

const difference = (after: FloatArray, before: FloatArray): Float64Array =>
  Float64Array.from(after, (x, i) => x - before[i]!);

function randomUnit(stream: RandomStream, n: number): Float64Array {
  const drawn = Float64Array.from({ length: n }, () => stream.normal());
  const length = norm(drawn);
  return drawn.map((x) => x / length);
}

function columnsOf(all: Float64Array, count: number): Float64Array[] {
  const n = all.length / count;
  return Array.from({ length: count }, (_, j) => all.slice(j * n, (j + 1) * n));
}

import { exactFlow, exactSnapshot, randomWeights } from '../../../exact/noiseless/index.js';
import { networkSnapshot } from '../../../loss/network-snapshot.js';
import { followedPart } from '../../../train/follow.js';
import { firstPairs, type TopPairs } from '../../../train/top-pairs.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import type { Snapshot } from '../../../observe/snapshot.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';

/** Both directions are unit vectors, at the iterations 0, 1, 2, …. */
export interface GradientRecurrence {
  /** λ₁ … λ_m. */
  readonly eigenvalues: readonly number[];
  readonly rate: number;
  /** From g_top = P_m g: vᵀHv/vᵀv. */
  readonly insideRayleigh: readonly number[];
  /** From g: vᵀHv/vᵀv, and f_top(m) of v. */
  readonly wholeRayleigh: readonly number[];
  readonly wholeTopFraction: readonly number[];
}

type Products = (vectors: Float64Array, columns: number) => Promise<Float64Array> | Float64Array;

export interface TrainedRecurrenceArguments extends TrainedArguments {
  readonly m: number;
  readonly rate: number;
  readonly iterations: number;
  readonly tolerance: number;
}

/** g ← (1 − ηH) g at the weights of a run, H fixed (GRD18, Eq. (9)). Cost: two products an iteration. */
export const trainedRecurrence: Probe<TrainedRecurrenceArguments, GradientRecurrence> = {
  name: 'trained-recurrence',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ objective, weights, statistics }) => {
      const { m, rate, iterations, tolerance, config } = args;
      const search = { tolerance, seed: config.seed, verify: false, blockSize: 1 };
      const { snapshot, pairs } = await networkSnapshot(objective, weights, {
        top: m + 1,
        time: 0,
        statistics,
        ...search,
      });
      const hessian = objective.curvature('hessian', weights, { statistics });
      const products: Products = (block, columns) => {
        context.signal.throwIfAborted();
        return hessian.apply(block, columns);
      };
      return recur(products, snapshot.gradient, firstPairs(pairs, m), { rate, iterations }, context.onProgress);
    }),
};

export interface ExactRecurrenceArguments {
  readonly classes: number;
  /** Standard deviation of W(0) on the means, and its seed. */
  readonly scale: number;
  readonly seed: number;
  readonly time: number;
  /** η λ₁. */
  readonly relativeRate: number;
  readonly iterations: number;
}

/** The same in the noiseless model, from random weights: H and its eigenvectors in closed form. Cost: k³ an iteration. */
export const exactRecurrence: Probe<ExactRecurrenceArguments, GradientRecurrence> = {
  name: 'exact-recurrence',
  revision: 1,
  async run({ classes: k, scale, seed, time, relativeRate, iterations }, { onProgress }) {
    const snapshot = exactSnapshot(exactFlow(k, randomWeights(k, scale, seed)).at(time), k, Infinity);
    const pairs = exactPairs(snapshot);
    const rate = relativeRate / pairs.values[0]!;
    const { hessian, gradient } = snapshot;
    return recur(
      (v, columns) => hessian.apply(v, columns),
      gradient,
      firstPairs(pairs, k),
      { rate, iterations },
      onProgress,
    );
  },
};

/** The positive eigenpairs of a snapshot. */
export function exactPairs({ spectrum, hessian: { dimension } }: Snapshot): TopPairs {
  const values = spectrum.levels.flatMap(({ value, multiplicity }) =>
    Array.from({ length: multiplicity }, () => value),
  );
  const vectors = new Float64Array(values.length * dimension);
  let at = 0;
  spectrum.levels.forEach((_, level) => {
    const basis = spectrum.basis(level);
    vectors.set(basis, at);
    at += basis.length;
  });
  return { dimension, values: Float64Array.from(values), vectors, errors: new Float64Array(values.length) };
}

async function recur(
  products: Products,
  gradient: Float64Array,
  top: TopPairs,
  { rate, iterations }: { readonly rate: number; readonly iterations: number },
  onProgress: (share: number) => void,
): Promise<GradientRecurrence> {
  const n = gradient.length;
  const project = (v: Float64Array): Float64Array => followedPart(v, 'dominant', top);
  let [inside, whole] = [unit(project(gradient)), unit(gradient)];
  const [insideRayleigh, wholeRayleigh, wholeTopFraction]: [number[], number[], number[]] = [[], [], []];
  for (let t = 0; t <= iterations; t++) {
    const block = new Float64Array(2 * n);
    block.set(inside);
    block.set(whole, n);
    const moved = await products(block, 2);
    const [ofInside, ofWhole] = [moved.subarray(0, n), moved.subarray(n)];
    insideRayleigh.push(dot(inside, 0, ofInside, 0, n));
    wholeRayleigh.push(dot(whole, 0, ofWhole, 0, n));
    const part = project(whole);
    wholeTopFraction.push(dot(part, 0, part, 0, n));
    inside = unit(project(inside.map((x, i) => x - rate * ofInside[i]!))); // H keeps the space; rounding does not
    whole = unit(whole.map((x, i) => x - rate * ofWhole[i]!));
    onProgress(t / iterations);
  }
  return { eigenvalues: [...top.values], rate, insideRayleigh, wholeRayleigh, wholeTopFraction };
}

function unit(v: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(v, 0, v, 0, v.length));
  return v.map((x) => x / norm);
}

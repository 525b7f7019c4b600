import { innerProducts } from '../../../numeric/kernels/inner-products.js';
import { smallSymmetricEigen } from '../../../numeric/kernels/small-symmetric-eigen.js';
import type { Columns } from '../../../numeric/kernels/orthonormalise.js';
import { randomStream } from '../../../numeric/random.js';
import {
  klShampooStep,
  kroneckerStart,
  shampooTerm,
  type KroneckerFactors,
} from '../../../observe/kronecker-factors.js';
import type { DenseMatrix } from '../../../observe/matrix-dimension.js';
import type { Probe } from '../engine/probe.js';
import { alongRun, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { blockFactors, type BlockFactors } from './block-factors.js';
import { classSpaces } from './class-spaces.js';
import { inScratch } from './in-scratch.js';

export interface ShampooFactorsArguments extends TrainedArguments {
  /** Measured steps of the run, at whose weights factors are accumulated. */
  readonly steps: readonly number[];
  /** Samples of a batch, drawn with replacement, and how many batches. */
  readonly batch: number;
  readonly batches: number;
  /** β of KL-Shampoo. */
  readonly beta: number;
  /** Of the Hessian's diagonal blocks: eigenpairs looked for, their tolerance, and random probes of the rest. */
  readonly pairs: number;
  readonly tolerance: number;
  readonly probes: number;
}

/** One factor of a layer: the side of its outputs (left) or of its inputs (right). */
export interface FactorSide {
  readonly dimension: number;
  /** Its eigenvalues above 1e-8 of the largest, descending; the others are null. */
  readonly eigenvalues: readonly number[];
  /** Dimension m of the class space of that side. */
  readonly classes: number;
  /** Tr(P P′)/m of its m leading eigenvectors, and of the next m, with the class space. */
  readonly classOverlap: number;
  readonly nextOverlap: number;
  /** Of its m leading eigenvectors with those of the Hessian block's partial trace. */
  readonly hessianOverlap: number;
  /** Share of the m largest in the trace. */
  readonly topShare: number;
}

/** A partial trace of a Hessian block: what the factor would be with C ∝ H. */
export interface TracedSide {
  readonly classOverlap: number;
  readonly topShare: number;
}

type Sides<T> = Readonly<Record<keyof KroneckerFactors, T>>;

/** A layer at one step. */
export interface LayerFactors {
  readonly layer: string;
  /** KL-Shampoo's, without what is left of its start; and Shampoo's, a mean over the batches. */
  readonly kl: Sides<FactorSide>;
  readonly shampoo: Sides<FactorSide>;
  readonly hessian: Omit<BlockFactors, 'traces'> & Sides<TracedSide>;
}

export interface ShampooFactors {
  readonly step: number;
  readonly layers: readonly LayerFactors[];
}

/**
 * Shampoo's and KL-Shampoo's factors of every weight matrix, from gradients of batches at fixed weights of a run, beside the diagonal blocks of the Hessian there and the space of the classes. Softmax regression or
 * an MLP with ReLU; throws UsageError for others. Cost: for each step `batches` gradients and (rows³ + columns³)/6 multiplications for each of them, and
 * pairs + probes products of the blocks, about.
 */
export const shampooFactors: Probe<ShampooFactorsArguments, readonly ShampooFactors[]> = {
  name: 'shampoo-factors',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, (_, at) =>
      inScratch(args.steps, args, context, async (step) => ({ step, layers: await layersAt(at(step), args) })),
    ),
};

async function layersAt(network: TrainedNetwork, args: ShampooFactorsArguments): Promise<LayerFactors[]> {
  const spaces = classSpaces(network);
  const gradients = await batchGradients(network, args);
  const blocks = await blockFactors(network, { ...args, seed: args.config.seed });
  return spaces.map(({ layer, place, rows, columns, spaces: classes }, i): LayerFactors => {
    const offset = network.objective.layout.offsets[place]!;
    const matrices = gradients.map((g): DenseMatrix => ({
      rows,
      columns,
      data: g.slice(offset, offset + rows * columns),
    }));
    const { traces, ...hessian } = blocks[i]!;
    const kl = klFactors(matrices, args.beta);
    const shampoo = meanTerms(matrices);
    const traced = {
      left: smallSymmetricEigen(traces.left, rows),
      right: smallSymmetricEigen(traces.right, columns),
    };
    const side = (factors: KroneckerFactors, name: keyof KroneckerFactors): FactorSide => {
      const n = name === 'left' ? rows : columns;
      const { values, vectors } = smallSymmetricEigen(factors[name], n);
      const space = classes[name];
      const m = space.count;
      const part = (from: number): Float64Array => vectors.subarray(from * n, (from + m) * n);
      return {
        dimension: n,
        eigenvalues: [...values].filter((x) => x > 1e-8 * values[0]!),
        classes: m,
        classOverlap: overlapOf(part(0), space.data, m, n),
        nextOverlap: 2 * m > n ? 0 : overlapOf(part(m), space.data, m, n),
        hessianOverlap: overlapOf(part(0), traced[name].vectors.subarray(0, m * n), m, n),
        topShare: shareOf(values, m),
      };
    };
    const ofTrace = (name: keyof KroneckerFactors): TracedSide => {
      const { data, count: m, dimension: n } = classes[name];
      const { values, vectors } = traced[name];
      return { classOverlap: overlapOf(vectors.subarray(0, m * n), data, m, n), topShare: shareOf(values, m) };
    };
    return {
      layer,
      kl: { left: side(kl, 'left'), right: side(kl, 'right') },
      shampoo: { left: side(shampoo, 'left'), right: side(shampoo, 'right') },
      hessian: { ...hessian, left: ofTrace('left'), right: ofTrace('right') },
    };
  });
}

/** Gradients of batches drawn with replacement, keyed by the seed of the run, all at the same weights. */
async function batchGradients(
  { problem, weights, statistics }: TrainedNetwork,
  { batch, batches, config: { seed } }: ShampooFactorsArguments,
): Promise<Float64Array[]> {
  const gradients: Float64Array[] = [];
  for (let i = 0; i < batches; i++) {
    const stream = randomStream(seed, 'batches of factors', i);
    const rows = Uint32Array.from({ length: batch }, () => stream.integer(problem.samples));
    const { gradient } = await problem.trainer.gradient(weights, statistics, rows, 0);
    gradients.push(Float64Array.from(gradient));
  }
  return gradients;
}

/** KL-Shampoo's factors after all gradients, from the root mean square entry of the first times the identity, without what is left of that. */
function klFactors(gradients: readonly DenseMatrix[], beta: number): KroneckerFactors {
  const { rows, columns, data } = gradients[0]!;
  const scale = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
  const end = gradients.reduce(
    (factors, gradient) => klShampooStep(factors, gradient, beta),
    kroneckerStart(rows, columns, scale),
  );
  const left = (1 - beta) ** gradients.length * scale;
  const without = (factor: Float64Array, n: number): Float64Array =>
    factor.map((x, i) => (i % (n + 1) === 0 ? x - left : x));
  return { left: without(end.left, rows), right: without(end.right, columns) };
}

function meanTerms(gradients: readonly DenseMatrix[]): KroneckerFactors {
  const { rows, columns } = gradients[0]!;
  const sum = { left: new Float64Array(rows ** 2), right: new Float64Array(columns ** 2) };
  for (const term of gradients.map(shampooTerm)) {
    for (const name of ['left', 'right'] as const) {
      term[name].forEach((x, i) => (sum[name][i]! += x / gradients.length));
    }
  }
  return sum;
}

const shareOf = (values: Float64Array, m: number): number => {
  const total = (part: Float64Array): number => part.reduce((sum, x) => sum + x, 0);
  return total(values.subarray(0, m)) / total(values);
};

/** Tr(P P′)/m of two orthonormal sets of m. */
function overlapOf(a: Float64Array, b: Columns['data'], m: number, n: number): number {
  return innerProducts(a, m, b, m, n).reduce((sum, x) => sum + x * x, 0) / m;
}

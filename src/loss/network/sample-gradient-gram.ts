import { NumericalError, UsageError } from '../../errors.js';
import { gramMatrix } from '../../numeric/kernels/inner-products.js';
import { gradient } from '../../tensor/autodiff/index.js';
import type { Reals, Runtime } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';
import { entriesOf } from '../parameters.js';
import type { Network } from './network.js';
import type { AnySamples } from './sample-sums.js';
import { sampledNetwork } from './sampled-network.js';

/** Of what gradients are taken, and with what. */
export interface SampleGradientOptions {
  readonly runtime: Runtime;
  /** Threads of one matrix product; default 1. */
  readonly threads?: number;
  /** Running averages of batch normalisation; none if left out. */
  readonly statistics?: Statistics;
}

/**
 * The n × n Gram matrix K_ij = ⟨∂ℓ_i/∂W, ∂ℓ_j/∂W⟩ of the gradients of single samples by one weight W of a dense layer, in evaluation, where the loss of a sample is its own: the
 * eigenvalues of K are the squared singular values of the n × P matrix of these gradients, not centred.
 *
 * With z = x Wᵀ a gradient is Σ_t δ_t x_tᵀ over the positions of its sample, δ = ∂ℓ/∂z; one position: K_ij = (δ_i·δ_j)(x_i·x_j), and no gradient is formed. In float64. Throws
 * UsageError for a weight of no dense layer, NumericalError where products of gradients are not finite. Cost: a gradient of all samples, and n² (in + out) operations, n² in·out for sequences; memory n in·out numbers there.
 */
export async function sampleGradientGram(
  network: Network,
  weights: Reals,
  samples: AnySamples,
  weight: string,
  { runtime, threads = 1, statistics = {} }: SampleGradientOptions,
): Promise<Float64Array> {
  const product = network.products.get(weight);
  if (product === undefined) {
    throw new UsageError(
      `'${weight}' is the weight of no dense layer; those there are: ${[...network.products.keys()].join(', ') || 'none'}`,
    );
  }
  const [slope] = gradient(network.loss, [product.z]);
  const n = samples.count;
  if (slope === undefined) return new Float64Array(n * n);
  const options = { runtime, precision: 'f64', threads, chunk: undefined, programs: new Map<string, never>() } as const;
  const sampled = sampledNetwork(network, samples, options);
  const program = await sampled.program('factors', () => ({ 'factor x': product.x, 'factor slope': slope }));
  try {
    const chunks = await sampled.values(program, sampled.inputs(weights, statistics));
    const factor = (name: string): Float64Array => Float64Array.from(chunks.flatMap((one) => [...one[name]!]));
    const [x, slopes] = [factor('factor x'), factor('factor slope')];
    const [units, features] = [product.z, product.x].map(({ shape }) => shape.at(-1) as number) as [number, number];
    const positions = x.length / (n * features);
    if (positions > 1) {
      const gradients = summedProducts(x, slopes, { n, positions, units, features });
      return finite(gramMatrix(gradients, n, entriesOf([units, features])));
    }
    const inner = gramMatrix(x, n, features);
    return finite(gramMatrix(slopes, n, units).map((of, at) => of * inner[at]!));
  } finally {
    await program.release();
  }
}

function finite(gram: Float64Array): Float64Array {
  if (gram.every(Number.isFinite)) return gram;
  throw new NumericalError('gradients of single samples, or their products, are not finite at these weights');
}

/** Σ_t δ_t x_tᵀ of each sample, [n, units, features]. */
function summedProducts(
  x: Float64Array,
  slopes: Float64Array,
  { n, positions, units, features }: Readonly<Record<'n' | 'positions' | 'units' | 'features', number>>,
): Float64Array {
  const all = new Float64Array(n * units * features);
  for (let row = 0; row < n * positions; row++) {
    const sample = Math.floor(row / positions) * units * features;
    for (let a = 0; a < units; a++) {
      const slope = slopes[row * units + a]!;
      if (slope === 0) continue;
      for (let f = 0; f < features; f++) all[sample + a * features + f]! += slope * x[row * features + f]!;
    }
  }
  return all;
}

import { parametersOf } from '../../../loss/parameters.js';
import { blockLanczosAsync } from '../../../numeric/lanczos/block-lanczos.js';
import { innerProducts } from '../../../numeric/kernels/inner-products.js';
import { inLockstep } from '../../../numeric/kernels/joint-operators.js';
import { addScaled, dot } from '../../../numeric/kernels/orthonormalise.js';
import { randomStream } from '../../../numeric/random.js';
import type { KroneckerFactors } from '../../../observe/kronecker-factors.js';
import type { TrainedNetwork } from './at-weights.js';

/** A diagonal block of the Hessian, that of one weight matrix, rows × columns. */
export interface BlockFactors {
  readonly dimension: number;
  /** The largest eigenvalues. */
  readonly eigenvalues: readonly number[];
  /** Of what is left of the block without them: its trace, and the trace of its square, means over random probes. */
  readonly restTrace: number;
  readonly restSquares: number;
  /** Σ_j H_{(i j),(i′ j)} and Σ_i H_{(i j),(i j′)}: what E G Gᵀ and E GᵀG are for gradients of covariance H. */
  readonly traces: KroneckerFactors;
}

/**
 * Leading eigenvalues and partial traces of the Hessian's blocks, one for each weight matrix. Partial traces are exact for the eigenpairs found; for the rest R of the block, E Z (RZ)ᵀ and E Zᵀ(RZ) over
 * random signs Z, keyed by the seed. Cost: products of the searches and `probes` more; (rows + columns) · rows · columns multiplications each.
 */
export function blockFactors(
  { objective, weights, statistics }: Pick<TrainedNetwork, 'objective' | 'weights' | 'statistics'>,
  search: { readonly pairs: number; readonly tolerance: number; readonly probes: number; readonly seed: number },
): Promise<BlockFactors[]> {
  const { layout } = objective;
  const matrices = layout.specs.filter(({ role, shape }) => role === 'weight' && shape.length === 2);
  const names = matrices.map(({ name }) => [name]);
  const operators = objective.blocks('hessian', weights, names, statistics);
  return inLockstep(operators, async (operator, block) => {
    const [rows, columns] = layout.specs[parametersOf(layout, names[block])[0]!]!.shape as [number, number];
    const n = operator.dimension;
    const { pairs: count, tolerance, probes, seed } = search;
    const options = { count: Math.min(count, n - 1), tolerance, seed, verify: false, blockSize: 1 };
    const { values, vectors } = await blockLanczosAsync(operator, options);
    const traces = { left: new Float64Array(rows ** 2), right: new Float64Array(columns ** 2) };
    values.forEach((value, i) => {
      const v = vectors.subarray(i * n, (i + 1) * n);
      addTraces(traces, [rows, columns], v, v, value);
    });
    let [restTrace, restSquares] = [0, 0];
    for (let probe = 0; probe < probes; probe++) {
      const stream = randomStream(seed, 'partial traces', block, probe);
      const z = Float64Array.from({ length: n }, () => (stream.uniform() < 0.5 ? -1 : 1));
      const rest = await operator.apply(z, 1);
      values.forEach((value, i) => {
        addScaled(-value * dot(vectors, i * n, z, 0, n), vectors, i * n, rest, 0, n);
      });
      restTrace += dot(z, 0, rest, 0, n) / probes;
      restSquares += dot(rest, 0, rest, 0, n) / probes;
      addTraces(traces, [rows, columns], z, rest, 1 / probes);
    }
    return { dimension: n, eigenvalues: [...values], restTrace, restSquares, traces };
  });
}

/** Adds factor · X Yᵀ and factor · XᵀY, symmetrised, X and Y being rows × columns. */
function addTraces(
  { left, right }: KroneckerFactors,
  [rows, columns]: readonly [number, number],
  x: Float64Array,
  y: Float64Array,
  factor: number,
): void {
  const add = (sum: Float64Array, a: Float64Array, b: Float64Array, p: number, n: number): void => {
    const product = innerProducts(a, p, b, p, n);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) sum[i * p + j]! += (factor * (product[i * p + j]! + product[j * p + i]!)) / 2;
    }
  };
  const turned = (m: Float64Array): Float64Array => m.map((_, i) => m[(i % rows) * columns + Math.floor(i / rows)]!);
  add(left, x, y, rows, columns);
  add(right, turned(x), turned(y), columns, rows);
}

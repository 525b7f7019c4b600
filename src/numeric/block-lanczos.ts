import { NumericalError, UsageError } from '../errors.js';
import type { EigenPairs } from './eigen-pairs.js';
import { addScaled, dot, orthonormalise, type Columns } from './orthonormalise.js';
import { randomStream, type RandomStream } from './random.js';
import { smallSymmetricEigen, type SmallEigen } from './small-symmetric-eigen.js';
import type { SymmetricOperator } from './symmetric-operator.js';
import { eigenvalueErrors, trueResiduals } from './true-residuals.js';

export interface BlockLanczosOptions {
  /** How many of the largest eigenvalues are wanted. */
  readonly count: number;
  /** Vectors per product; default 4. Larger blocks cost more products, but fewer and cheaper-per-vector calls. */
  readonly blockSize?: number;
  /** Residual over ‖A‖ at which a pair counts as converged; default 1e-10, at least 10 √n eps. */
  readonly tolerance?: number;
  /** Seed of the random start; default 1. */
  readonly seed?: number;
  /** Vectors to start from besides the random block, for instance the eigenvectors of a similar operator. */
  readonly start?: Float64Array;
  /** Operator–vector products allowed; default 20 000. */
  readonly maxProducts?: number;
}

/** Eigenpairs and how they were found. */
export interface BlockLanczosResult extends EigenPairs {
  readonly restarts: number;
  /** Random blocks that were needed, 1 unless a multiplet or an invariant subspace asked for more. */
  readonly randomBlocks: number;
  /** Largest Ritz value in absolute value, an estimate of ‖A‖ from below. */
  readonly norm: number;
}

/** The search space: orthonormal V, the products A V, and T = Vᵀ A V. */
interface SearchSpace {
  readonly basis: Float64Array;
  readonly products: Float64Array;
  readonly projected: Float64Array;
  size: number;
}

/**
 * The `count` largest eigenvalues of a symmetric operator with eigenvectors: block Lanczos with full reorthogonalisation and
 * thick restart (Golub & Underwood 1977; Wu & Simon 2000). The next block is spanned by residuals of Ritz vectors, which from
 * a random start is the Lanczos block; T = VᵀAV is formed from the products themselves. So warm starts, breakdown and restarts
 * need no special cases.
 *
 * Multiplets: r random start vectors generate min(r, n) copies of an n-fold eigenvalue, with probability 1. So a group of fewer
 * than r numerically equal Ritz values is complete; while a group above the cut is not smaller than r, another random block
 * joins the search, which then goes on until the pair behind the cut has settled too. A subspace that is invariant before enough pairs are found is left in the same way.
 *
 * Every result carries true residuals ‖Av − λv‖ from products of their own. That the eigenvalues found are the *largest* rests on
 * the random start, as in any Krylov method. Throws UsageError for a count that is not in 1 … n, NumericalError if products run
 * out or are not finite. Cost: O(n · basis) per product, basis ≤ 2 count + 12 blocks.
 */
export function blockLanczos(operator: SymmetricOperator, options: BlockLanczosOptions): BlockLanczosResult {
  const { count, blockSize = 4, tolerance = 1e-10, seed = 1, start, maxProducts = 20_000 } = options;
  const n = operator.dimension;
  if (!Number.isInteger(count) || count < 1 || count > n) {
    throw new UsageError(`count must be an integer from 1 to the dimension ${n}, received ${count}`);
  }
  if (!Number.isInteger(blockSize) || blockSize < 1) {
    throw new UsageError(`blockSize must be a positive integer, received ${blockSize}`);
  }
  const startColumns = (start?.length ?? 0) / n;
  const capacity = Math.min(n, 2 * (count + startColumns) + 12 * blockSize);
  const space: SearchSpace = {
    basis: new Float64Array(n * capacity),
    products: new Float64Array(n * capacity),
    projected: new Float64Array(capacity * capacity),
    size: 0,
  };
  const stream = randomStream(seed, 'block-lanczos');
  const accuracy = Math.max(tolerance, 10 * Math.sqrt(n) * Number.EPSILON);
  let products = 0;
  let restarts = 0;
  let randomVectors = 0;
  let norm = 0;
  let ritz: SmallEigen = { values: new Float64Array(0), vectors: new Float64Array(0) };

  const randomBlock = (extra?: Float64Array): Columns => {
    const wanted = Math.min(blockSize, n - space.size);
    randomVectors += wanted;
    return orthonormalise(joined(n, extra, random(stream, n * wanted)), basisOf(space, n), 1e-8);
  };

  let next = randomBlock(start);
  for (;;) {
    if (space.size + next.count > capacity) {
      compress(space, ritz, n, Math.min(count + startColumns + 2 * blockSize, capacity - next.count));
      restarts++;
    }
    const moved = operator.apply(next.data, next.count);
    products += next.count;
    if (!moved.every(Number.isFinite)) throw new NumericalError('the operator returned values that are not finite');
    expand(space, next, moved, n, capacity);
    ritz = smallSymmetricEigen(compact(space, capacity), space.size);
    norm = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values.at(-1)!), norm);

    const residuals = ritzResiduals(space, ritz, n, Math.min(space.size, count + blockSize));
    const isConverged = residuals.norms.map((r) => r <= accuracy * norm);
    // What a later random block, or one beside a warm start, has to show is seen once the pair behind the cut has settled.
    const mustWatch = count < n && (randomVectors > blockSize || start !== undefined);
    const converged =
      space.size >= count &&
      isConverged.slice(0, count).every(Boolean) &&
      (!mustWatch || settledBelow(ritz, residuals.norms, count, accuracy * norm, norm));
    if (space.size === n || (converged && !mayMissCopies(ritz.values, count, 10 * accuracy * norm, randomVectors)))
      break;
    if (products >= maxProducts) {
      const worst = space.size < count ? Infinity : Math.max(...residuals.norms.slice(0, count));
      throw new NumericalError(
        `block Lanczos used ${products} products and the worst of ${count} residuals is ${worst}, above ${accuracy * norm}; ` +
          'allow more (maxProducts), ask for fewer pairs, or raise the tolerance',
      );
    }
    next = converged
      ? randomBlock()
      : orthonormalise(unconverged(residuals, isConverged, n, blockSize), basisOf(space, n), n * Number.EPSILON * norm);
    if (next.count === 0) next = randomBlock();
  }

  const values = ritz.values.slice(0, count);
  const vectors = combine(space.basis, ritz, space.size, n, count);
  const residuals = trueResiduals(operator, values, vectors);
  return {
    dimension: n,
    values,
    vectors,
    residuals,
    errors: eigenvalueErrors(residuals, n, norm),
    products: products + count,
    restarts,
    randomBlocks: Math.ceil(randomVectors / blockSize),
    norm,
  };
}

/** Is a group of Ritz values that are equal within `width`, and end above the cut, as large as the number of random vectors? */
function mayMissCopies(values: Float64Array, count: number, width: number, randomVectors: number): boolean {
  let first = 0;
  for (let i = 1; i <= Math.min(count, values.length - 1); i++) {
    if (values[i - 1]! - values[i]! <= width) continue;
    if (i < count && i - first >= randomVectors) return true;
    first = i;
  }
  return false;
}

/** Has the first pair behind the cut converged, or is it known well enough to lie below the cut? */
function settledBelow(
  ritz: SmallEigen,
  residuals: readonly number[],
  count: number,
  converged: number,
  norm: number,
): boolean {
  const residual = residuals[count];
  if (residual === undefined) return false;
  return residual <= converged || (residual <= 0.03 * norm && ritz.values[count]! + residual < ritz.values[count - 1]!);
}

/** Appends orthonormal columns with their products, and the new rows and columns of T. */
function expand(space: SearchSpace, next: Columns, moved: Float64Array, n: number, capacity: number): void {
  space.basis.set(next.data, space.size * n);
  space.products.set(moved, space.size * n);
  const size = space.size + next.count;
  for (let j = space.size; j < size; j++) {
    for (let i = 0; i <= j; i++) {
      const t = dot(space.basis, i * n, space.products, j * n, n);
      space.projected[i * capacity + j] = t;
      space.projected[j * capacity + i] = t;
    }
  }
  space.size = size;
}

/** Thick restart: the search space becomes the span of its first `keep` Ritz vectors. */
function compress(space: SearchSpace, ritz: SmallEigen, n: number, keep: number): void {
  const capacity = Math.sqrt(space.projected.length);
  const basis = combine(space.basis, ritz, space.size, n, keep);
  const products = combine(space.products, ritz, space.size, n, keep);
  space.basis.set(basis);
  space.products.set(products);
  space.projected.fill(0);
  for (let i = 0; i < keep; i++) space.projected[i * capacity + i] = ritz.values[i]!;
  space.size = keep;
}

/** The first `count` combinations of the columns with the Ritz coefficients. */
function combine(columns: Float64Array, ritz: SmallEigen, size: number, n: number, count: number): Float64Array {
  const result = new Float64Array(n * count);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < size; i++) addScaled(ritz.vectors[j * size + i]!, columns, i * n, result, j * n, n);
  }
  return result;
}

/** A y − θ y of the first `count` Ritz vectors, from the stored products, one after the other. */
interface RitzResiduals {
  readonly vectors: Float64Array;
  readonly norms: readonly number[];
}

function ritzResiduals(space: SearchSpace, ritz: SmallEigen, n: number, count: number): RitzResiduals {
  const vectors = combine(space.basis, ritz, space.size, n, count);
  const products = combine(space.products, ritz, space.size, n, count);
  const norms = Array.from({ length: count }, (_, j) => {
    addScaled(-ritz.values[j]!, vectors, j * n, products, j * n, n);
    return Math.sqrt(dot(products, j * n, products, j * n, n));
  });
  return { vectors: products, norms };
}

/** The residuals of the first `blockSize` pairs that have not converged. */
function unconverged(residuals: RitzResiduals, isConverged: readonly boolean[], n: number, blockSize: number): Columns {
  const open = isConverged.flatMap((done, j) => (done ? [] : [j])).slice(0, blockSize);
  const data = new Float64Array(n * open.length);
  open.forEach((j, i) => {
    data.set(residuals.vectors.subarray(j * n, (j + 1) * n), i * n);
  });
  return { dimension: n, data, count: open.length };
}

function compact(space: SearchSpace, capacity: number): Float64Array {
  const { size, projected } = space;
  return Float64Array.from({ length: size * size }, (_, i) => projected[Math.floor(i / size) * capacity + (i % size)]!);
}

function basisOf(space: SearchSpace, n: number): Columns {
  return { dimension: n, data: space.basis, count: space.size };
}

function joined(n: number, first: Float64Array | undefined, second: Float64Array): Columns {
  const data = new Float64Array((first?.length ?? 0) + second.length);
  if (first) data.set(first);
  data.set(second, first?.length ?? 0);
  return { dimension: n, data, count: data.length / n };
}

function random(stream: RandomStream, length: number): Float64Array {
  return Float64Array.from({ length }, () => stream.normal());
}

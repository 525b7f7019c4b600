import { UsageError } from '../../errors.js';
import { sampleMean } from '../statistics/confidence-interval.js';
import { innerProducts } from '../kernels/inner-products.js';
import { orthonormaliseProgram } from '../kernels/orthonormalise.js';
import { drawn, type Pausing } from '../kernels/pausing.js';
import { projectOutProgram } from '../kernels/project-out.js';
import { runProgram, runProgramAsync, type ProductProgram } from '../lanczos/product-program.js';
import { randomStream } from '../random.js';
import { scaleFree } from '../kernels/scale-free.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from '../kernels/symmetric-operator.js';

/** What the estimate may cost. */
export interface TraceOptions {
  /** Products to spend, at least 6; default 30. A third, rounded down, goes to each of the three steps. */
  readonly products?: number;
  readonly seed?: number;
}

/** tr A with its error band. */
export interface TraceEstimate {
  readonly trace: number;
  /** Of the sampled part over the random signs, from its spread over m/3 samples. */
  readonly standardError: number;
  /** The 95 % interval: Student's t on m/3 − 1 degrees of freedom, corrected for skewness. */
  readonly lower: number;
  readonly upper: number;
  /** tr(QᵀAQ), the part that is not sampled. */
  readonly lowRank: number;
  readonly products: number;
}

/**
 * The trace of a symmetric operator by Hutch++ (Meyer, Musco, Musco & Woodruff 2021, arXiv:2010.09649, Algorithm 1): with m
 * products, a third for Q, an orthonormal basis of A S with random signs S; a third for tr(QᵀAQ); and a third for Hutchinson's
 * estimator (Hutchinson 1990) of what is left, tr((1 − QQᵀ)A(1 − QQᵀ)) = E gᵀ(1 − QQᵀ)A(1 − QQᵀ)g with random signs g.
 *
 * Exact for an operator of rank ≤ m/3; the relative error for a positive semidefinite one is O(1/m) instead of Hutchinson's
 * O(1/√m). Throws UsageError for an illegal number of products. Cost: m products and O(n m²).
 */
export function hutchPlusPlus(operator: SymmetricOperator, options: TraceOptions = {}): TraceEstimate {
  return runProgram(operator, scaleFree(traceProgram(operator.dimension, options), scaled));
}

/** The same for an operator whose products are awaited. */
export function hutchPlusPlusAsync(
  operator: AsyncSymmetricOperator,
  options: TraceOptions = {},
): Promise<TraceEstimate> {
  return runProgramAsync(operator, scaleFree(traceProgram(operator.dimension, options), scaled));
}

/** The estimate for s A, given that for A. */
function scaled({ trace, standardError, lower, upper, lowRank, products }: TraceEstimate, s: number): TraceEstimate {
  const [t, error, low, high] = [trace, standardError, lower, upper].map((x) => s * x) as [
    number,
    number,
    number,
    number,
  ];
  return { trace: t, standardError: error, lower: low, upper: high, lowRank: s * lowRank, products };
}

function* traceProgram(n: number, { products = 30, seed = 1 }: TraceOptions): ProductProgram<TraceEstimate> {
  if (!Number.isInteger(products) || products < 6) {
    throw new UsageError(`products must be an integer of at least 6, received ${products}`);
  }
  const third = Math.floor(products / 3);
  const signs = (key: string, columns: number): Pausing<Float64Array> => {
    const stream = randomStream(seed, 'hutch-plus-plus', key);
    return drawn(n * columns, () => (stream.integer(2) === 0 ? -1 : 1));
  };
  const sketched = Math.min(third, n);
  const image = yield { block: yield* signs('sketch', sketched), columns: sketched };
  const size = Math.sqrt(image.reduce((largest, x) => Math.max(largest, x * x), 0) * n);
  const none = { dimension: n, data: new Float64Array(0), count: 0 };
  const q = yield* orthonormaliseProgram(
    { dimension: n, data: image, count: sketched },
    none,
    n * Number.EPSILON * size,
  );
  const moved = q.count > 0 ? yield { block: q.data.slice(), columns: q.count } : none.data;
  let lowRank = 0;
  for (let j = 0; j < q.count; j++) {
    const column = (x: Float64Array): Float64Array => x.subarray(j * n, (j + 1) * n);
    lowRank += innerProducts(column(q.data), 1, column(moved), 1, n)[0]!;
  }
  const g = yield* signs('samples', third);
  yield* projectOutProgram(q.data, q.count, g, third, n);
  const last = yield { block: g.slice(), columns: third };
  const samples = Array.from({ length: third }, (_, j) => {
    return innerProducts(g.subarray(j * n, (j + 1) * n), 1, last.subarray(j * n, (j + 1) * n), 1, n)[0]!;
  });
  const sampled = sampleMean(samples);
  return {
    trace: lowRank + sampled.value,
    standardError: sampled.standardError,
    lower: lowRank + sampled.lower,
    upper: lowRank + sampled.upper,
    lowRank,
    products: sketched + q.count + third,
  };
}

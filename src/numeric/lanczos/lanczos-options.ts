import { UsageError } from '../../errors.js';

/** A vector g whose share in the top-m eigenspace, ‖P_m g‖²/‖g‖², is wanted (1 ≤ m < count). */
export interface FractionOf {
  readonly gradient: Float64Array;
  readonly m: number;
  /** ‖g − ĝ‖/‖ĝ‖ where the vector given, ĝ, is not exact; default 0. */
  readonly gradientError?: number;
}

/** When to stop: every pair's residual over ‖A‖ is small, or the share of a vector in the top-m eigenspace is known to ± accuracy. */
export type StopRule =
  { readonly residual: number } | { readonly topFraction: FractionOf & { readonly accuracy: number } };

/** What block Lanczos looks for, when it stops, and what it may cost. */
export interface BlockLanczosOptions {
  /** How many eigenvalues are wanted. */
  readonly count: number;
  /** How many of them, the last ones, need not converge: they are reported as they are; default 0. */
  readonly spare?: number;
  /** The largest or the smallest; default the largest. */
  readonly which?: 'largest' | 'smallest';
  /**
   * Vectors per product; default 4. Larger blocks cost more products, but fewer and cheaper-per-vector calls. With 2 the fewest
   * are needed; with 1 every eigenvalue might be double, which takes a second search to rule out.
   */
  readonly blockSize?: number;
  /** Residual over ‖A‖ at which a pair counts as converged; default 1e-10, at least 10 √n eps. */
  readonly tolerance?: number;
  /** Default { residual: tolerance }. A top fraction that the gap does not let certify falls back to `tolerance`, and is bounded by the cuts on either side. */
  readonly until?: StopRule;
  /** Seed of the random start; default 1. */
  readonly seed?: number;
  /** Vectors to start from besides the random ones, for instance the eigenvectors of a similar operator. */
  readonly start?: Float64Array;
  /**
   * A vector that the first random vector is drawn around, at equal lengths, for instance the sum of eigenvectors of a similar operator: without a product
   * more, the search begins with more of what it looks for. That vector is no witness. Nothing where none is drawn: see `guards`.
   */
  readonly near?: Float64Array;
  /** Random vectors in the first block, the first witness of what a start does not contain; default blockSize, and none where g is to be known to an accuracy: the search begins with it. */
  readonly guards?: number;
  /** A vector whose share in the top-m eigenspace is to be bounded, though it does not decide when to stop. */
  readonly fraction?: FractionOf;
  /**
   * Products that may be spent on what was overlooked, over those spent before, 40 at least; default 1, for a top fraction 4. What they do not
   * decide widens `outer` and `errors`.
   */
  readonly effort?: number;
  /** The probability with which `outer`, `errors` and a certain `topFraction` may fail, over the random vectors; default 1e-4. */
  readonly failure?: number;
  /** Residuals from products of their own (default), `count` more; otherwise from A V = V T + R C, to rounding. */
  readonly verify?: boolean;
  /** Vectors the search space may hold before it is restarted; default 2 count + 16 max(blockSize, 5) and those of `start`. */
  readonly basis?: number;
  /** Vectors it may hold at most, also where those that look for what was overlooked want more room; restarts take its place. Default: no limit. */
  readonly most?: number;
  /** Operator–vector products allowed; default 20 000. */
  readonly maxProducts?: number;
}

/** Options with their defaults, checked. */
export interface LanczosSettings {
  readonly count: number;
  /** How many of them, from the first, are to converge. */
  readonly wanted: number;
  /** −1 where the smallest eigenvalues are wanted: they are the largest of −A. */
  readonly sign: 1 | -1;
  readonly blockSize: number;
  readonly guards: number;
  readonly basis: number;
  readonly most: number;
  readonly tolerance: number;
  /** The fraction that is wanted; an accuracy of 0 is never reached. */
  readonly goal: (FractionOf & { readonly accuracy: number }) | undefined;
  readonly seed: number;
  readonly start: Float64Array;
  readonly near: Float64Array | undefined;
  readonly verify: boolean;
  readonly effort: number;
  readonly failure: number;
  readonly maxProducts: number;
}

const isAccurate = (until: StopRule | undefined): boolean => until !== undefined && 'topFraction' in until;

/** Is a fraction wanted to an accuracy? Otherwise it is only bounded. */
export const isAsked = (goal: LanczosSettings['goal']): goal is NonNullable<LanczosSettings['goal']> =>
  goal !== undefined && goal.accuracy > 0;

/** Throws UsageError for what is not legal. */
export function checkLanczosOptions(n: number, options: BlockLanczosOptions): LanczosSettings {
  const { count, spare = 0, which = 'largest', blockSize = 4, until, seed = 1, near } = options;
  const tolerance = until !== undefined && 'residual' in until ? until.residual : (options.tolerance ?? 1e-10);
  const {
    start = new Float64Array(0),
    guards = isAccurate(until) ? 0 : blockSize,
    verify = true,
    failure = 1e-4,
    maxProducts = 20_000,
    most = Infinity,
  } = options;
  if (!Number.isInteger(count) || count < 1 || count > n) {
    throw new UsageError(`count must be an integer from 1 to the dimension ${n}, received ${count}`);
  }
  for (const [name, value, least] of [
    ['blockSize', blockSize, 1],
    ['guards', guards, isAccurate(until) ? 0 : 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new UsageError(`${name} must be a positive integer, received ${value}`);
    }
  }
  if (!Number.isInteger(spare) || spare < 0 || spare >= count) {
    throw new UsageError(`spare must be an integer from 0 to count − 1 = ${count - 1}, received ${spare}`);
  }
  if (near !== undefined && (near.length !== n || !near.every(Number.isFinite))) {
    throw new UsageError(`near must hold one vector of ${n} finite numbers, received ${near.length} numbers`);
  }
  if (start.length % n !== 0) {
    throw new UsageError(`start must hold whole vectors of length ${n}, received ${start.length} numbers`);
  }
  if (!start.every(Number.isFinite)) throw new UsageError('start must hold finite numbers only');
  const first = start.length / n + guards + (isAccurate(until) ? 1 : 0); // vectors that are multiplied before any restart
  const least = Math.max(count + 3 * blockSize, first);
  const basis = options.basis ?? Math.max(least, Math.min(most, defaultBasis(count, start.length / n, blockSize)));
  if (!Number.isInteger(basis) || basis < Math.min(n, least)) {
    throw new UsageError(`basis must be an integer of at least ${Math.min(n, least)}, received ${basis}`);
  }
  if (!(most >= Math.min(n, basis)))
    throw new UsageError(`most must be at least the basis, ${basis}, received ${most}`);
  if (!(failure > 0 && failure < 1)) throw new UsageError(`failure must lie between 0 and 1, received ${failure}`);
  const wanted = until !== undefined && 'topFraction' in until ? until.topFraction : undefined;
  const effort = options.effort ?? (wanted === undefined ? 1 : 4);
  for (const [name, value] of Object.entries({ tolerance, maxProducts })) {
    if (!(value >= 0)) throw new UsageError(`${name} must be 0 or more, received ${value}`);
  }
  if (!(effort >= 0)) throw new UsageError(`effort must be 0 or more, received ${effort}`);
  const goal = wanted ?? (options.fraction === undefined ? undefined : { ...options.fraction, accuracy: 0 });
  if (wanted !== undefined && !(wanted.accuracy > 0)) {
    throw new UsageError(
      `accuracy of until.topFraction must be positive, received ${wanted.accuracy}; for example 1e-3`,
    );
  }
  if (goal !== undefined) checkFraction(goal, count, n);
  return {
    count,
    wanted: count - spare,
    near,
    sign: which === 'largest' ? 1 : -1,
    blockSize,
    guards: Math.min(guards, n),
    basis,
    most,
    tolerance,
    goal,
    seed,
    start,
    verify,
    effort,
    failure,
    maxProducts,
  };
}

/** Vectors that a search for `count` pairs from `start` vectors holds before it starts anew. */
export function defaultBasis(count: number, start: number, blockSize: number): number {
  return 2 * count + start + 16 * Math.max(blockSize, 5);
}

function checkFraction({ gradient, m, gradientError = 0 }: FractionOf, count: number, n: number): void {
  if (gradient.length !== n) {
    throw new UsageError(`the gradient of until.topFraction must have length ${n}, received ${gradient.length}`);
  }
  if (!gradient.every(Number.isFinite)) {
    throw new UsageError('the gradient of until.topFraction must hold finite numbers only');
  }
  if (!(gradientError >= 0)) {
    throw new UsageError(`gradientError of until.topFraction must be 0 or more, received ${gradientError}`);
  }
  if (!gradient.some((x) => x !== 0)) {
    throw new UsageError('the gradient of until.topFraction must not be zero: its fraction is undefined');
  }
  if (!Number.isInteger(m) || m < 1 || m >= count) {
    throw new UsageError(`m of until.topFraction must be an integer from 1 to count − 1 = ${count - 1}, received ${m}`);
  }
}

import { UsageError } from '../errors.js';
import type { BlockLanczosOptions, StopRule } from './block-lanczos.js';

/** Options with their defaults, checked. */
export interface LanczosSettings {
  readonly count: number;
  /** −1 where the smallest eigenvalues are wanted: they are the largest of −A. */
  readonly sign: 1 | -1;
  readonly blockSize: number;
  readonly guards: number;
  readonly basis: number;
  readonly tolerance: number;
  readonly goal: Extract<StopRule, { topFraction: unknown }>['topFraction'] | undefined;
  readonly seed: number;
  readonly start: Float64Array;
  readonly verify: boolean;
  readonly ceiling: number;
  readonly maxProducts: number;
}

/** Throws UsageError for what is not legal. */
export function checkLanczosOptions(n: number, options: BlockLanczosOptions): LanczosSettings {
  const { count, which = 'largest', blockSize = 4, tolerance = 1e-10, until, seed = 1 } = options;
  const {
    start = new Float64Array(0),
    guards = blockSize,
    verify = true,
    ceiling = Infinity,
    maxProducts = 20_000,
  } = options;
  if (!Number.isInteger(count) || count < 1 || count > n) {
    throw new UsageError(`count must be an integer from 1 to the dimension ${n}, received ${count}`);
  }
  for (const [name, value] of Object.entries({ blockSize, guards })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UsageError(`${name} must be a positive integer, received ${value}`);
    }
  }
  if (start.length % n !== 0) {
    throw new UsageError(`start must hold whole vectors of length ${n}, received ${start.length} numbers`);
  }
  const least = Math.max(count + 3 * blockSize, start.length / n + guards);
  const basis = options.basis ?? Math.max(least, 2 * count + start.length / n + 12 * Math.max(blockSize, 5));
  if (!Number.isInteger(basis) || basis < Math.min(n, least)) {
    throw new UsageError(`basis must be an integer of at least ${Math.min(n, least)}, received ${basis}`);
  }
  if (ceiling < Infinity && start.length / n > count) {
    throw new UsageError(`a ceiling needs a start of at most count = ${count} vectors, received ${start.length / n}`);
  }
  const goal = until !== undefined && 'topFraction' in until ? until.topFraction : undefined;
  if (goal !== undefined) checkGoal(goal, count, n);
  return {
    count,
    sign: which === 'largest' ? 1 : -1,
    blockSize,
    guards: Math.min(guards, n),
    basis,
    tolerance: until !== undefined && 'residual' in until ? until.residual : tolerance,
    goal,
    seed,
    start,
    verify,
    ceiling,
    maxProducts,
  };
}

function checkGoal(goal: NonNullable<LanczosSettings['goal']>, count: number, n: number): void {
  const { gradient, m, accuracy } = goal;
  if (gradient.length !== n) {
    throw new UsageError(`the gradient of until.topFraction must have length ${n}, received ${gradient.length}`);
  }
  if (!gradient.some((x) => x !== 0)) {
    throw new UsageError('the gradient of until.topFraction must not be zero: its fraction is undefined');
  }
  if (!Number.isInteger(m) || m < 1 || m >= count) {
    throw new UsageError(`m of until.topFraction must be an integer from 1 to count − 1 = ${count - 1}, received ${m}`);
  }
  if (!(accuracy > 0)) {
    throw new UsageError(`accuracy of until.topFraction must be positive, received ${accuracy}; for example 1e-3`);
  }
}

import { NumericalError } from '../../errors.js';
import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { checkCorrelation, checkNoise } from './domain.js';
import { flowLogTime } from './flow-time.js';
import { defaultDigits, integralsAt, levelRatios, noisyLevels, type Sector } from './symmetric-levels.js';

/** The margin at which the gradient's level crosses that of another sector, from above. */
export interface Crossing {
  readonly sector: Sector;
  readonly margin: number;
  /** α/α*, α* = 1/σ² the Bayes-optimal margin. */
  readonly relativeMargin: number;
  /** Bound on the error of `margin`: beyond it on either side the gap exceeds its own error estimate and has a definite sign. */
  readonly errorBar: number;
}

const gridPoints = 100;
const gridDigits = 8;
const slopeStep = 1e-5;

/** Where the gradient leaves the top-k eigenspace: the first crossing; those with lower levels follow, in order of the margin. */
export interface Boundary extends Crossing {
  /** log t at which the flow from W(0) = 0 gets there: t itself may be beyond doubles. */
  readonly logTime: number;
  readonly later: readonly Crossing[];
  /** The law for σ → 0: α_c/α* = (1 − 1/√k)/2 for k ≥ 3, 1/2 for k = 2. */
  readonly smallNoiseLaw: number;
}

/** (1 − 1/√k)/2, and 1/2 for k = 2, where the first crossing is with the bulk. */
export function smallNoiseLaw(classes: number): number {
  return classes === 2 ? 1 / 2 : (1 - 1 / Math.sqrt(classes)) / 2;
}

/**
 * Follows the gradient's level λ_trivial down through the others as the margin grows from 0 to 2α*, at noise σ.
 *
 * The top k are standard+ and the trivial level until the first of antisymmetric, symmetric, standard−, bulk lies above it:
 * f_top(k) is 1 before and 0 after. Every crossing is bracketed on a grid of 100 margins, then found to rounding; two
 * crossings of one sector between neighbouring grid points would be missed. The gap is taken in units of Ω, so that levels that
 * underflow can still be compared, and between what they have above the bulk, so that a large σ² hides nothing.
 *
 * Throws UsageError outside the domain, NumericalError if the sign change is not certain. Cost: about 0.3 s.
 */
export function boundary(classes: number, noise: number, correlation = 0): Boundary {
  const [first, ...later] = crossings(classes, noise, correlation);
  const logTime = flowLogTime({ classes, noise, correlation }, first.margin);
  return { ...first, logTime, later, smallNoiseLaw: smallNoiseLaw(classes) };
}

/** The first crossing alone, at a third of the cost. */
export function firstCrossing(classes: number, noise: number, correlation = 0): Crossing {
  return crossings(classes, noise, correlation, true)[0];
}

function crossings(k: number, noise: number, correlation: number, onlyFirst = false): [Crossing, ...Crossing[]] {
  checkNoise(k, noise);
  checkCorrelation(k, correlation);
  const optimal = 1 / noise ** 2;
  const pointAt = (relative: number) => ({ classes: k, dim: k + 1, noise, margin: relative * optimal, correlation });
  const { fine } = defaultDigits(k);
  /** λ_trivial − λ in units of Ω, at one resolution, in every sector. */
  const valuesAt = (relative: number, digits = fine): ReadonlyMap<Sector, number> => {
    const point = pointAt(relative);
    return gapsBelowGradient(
      levelRatios(integralsAt(point, digits), point, Math.sqrt(1 - correlation)),
      (trivial, other) => trivial.aboveBulk - other.aboveBulk,
    );
  };
  const gapsAt = (relative: number): ReadonlyMap<Sector, Gap> =>
    gapsBelowGradient(noisyLevels(pointAt(relative)).levels, (trivial, other) => ({
      value: trivial.aboveBulk - other.aboveBulk,
      error: trivial.aboveBulkError + other.aboveBulkError,
    }));

  const found: Crossing[] = [];
  let before: ReadonlyMap<Sector, number> | undefined;
  for (let i = 1; i <= gridPoints && !(onlyFirst && found.length > 0); i++) {
    const [from, to] = [(2 * (i - 1)) / gridPoints, (2 * i) / gridPoints];
    const after = valuesAt(to, gridDigits);
    for (const [sector, value] of after) {
      if (value > 0 || (before !== undefined && before.get(sector)! <= 0)) continue;
      const root = bracketedRoot((relative) => valuesAt(relative).get(sector)!, Math.max(from, to / 1000), to);
      const slopeAt = (relative: number): number => {
        const step = slopeStep * relative;
        return (valuesAt(relative + step).get(sector)! - valuesAt(relative - step).get(sector)!) / (2 * slopeStep);
      };
      const errorBar = certify(root, slopeAt(root), (relative) => gapsAt(relative).get(sector)!) * optimal;
      found.push({ sector, margin: root * optimal, relativeMargin: root, errorBar });
    }
    before = after;
  }
  const [first, ...later] = found.sort((x, y) => x.margin - y.margin);
  if (first === undefined) {
    throw new NumericalError(
      `the gradient's level crosses no other up to twice the Bayes-optimal margin at noise ${noise}`,
    );
  }
  return [first, ...later];
}

interface Gap {
  readonly value: number;
  readonly error: number;
}

/** The gradient's level against that of every sector that is not part of the top k by itself. */
function gapsBelowGradient<L extends { readonly sector: Sector; readonly multiplicity: number }, T>(
  levels: readonly L[],
  gap: (trivial: L, other: L) => T,
): ReadonlyMap<Sector, T> {
  const trivial = levels.find(({ sector }) => sector === 'trivial')!;
  const others = levels.filter(
    ({ sector, multiplicity }) => multiplicity > 0 && !['trivial', 'standard+', 'gauge'].includes(sector),
  );
  return new Map(others.map((level) => [level.sector, gap(trivial, level)]));
}

/**
 * The smallest distance, of those tried, at which the gap is certainly positive before and certainly negative after the root. `slope`: of the gap
 * by the logarithm of the margin.
 */
function certify(root: number, slope: number, gapAt: (relative: number) => Gap): number {
  const nearest = (2 * gapAt(root).error) / Math.abs(slope) + 4 * Number.EPSILON;
  for (let distance = nearest; distance < 1e-2; distance *= 2) {
    const [before, after] = [gapAt(root * (1 - distance)), gapAt(root * (1 + distance))];
    if (before.value > before.error && after.value < -after.error) return root * distance;
  }
  throw new NumericalError(
    `the crossing at relative margin ${root} cannot be certified: the gap stays within its error`,
  );
}

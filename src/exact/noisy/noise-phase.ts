import { UsageError } from '../../errors.js';
import { ruleNumbers } from '../../sgd-noise/rule.js';
import { expectedFraction } from '../../sgd-noise/gaussian-gradient.js';
import type { LineModel } from './noise-curves.js';
import { noisePath, type NoisePath } from './noise-path.js';
import { takeoversOf, type NoiseTakeover } from './noise-takeover.js';
import { gradientOnLevels, pathLevels } from './path-levels.js';
import { secondOrderSize, squareOfB, unitNoiseEnergy } from './second-order.js';

/** The gradient under SGD at a place of the flow from W(0) = 0. */
export interface NoisePhasePoint {
  /** α/α*. */
  readonly relativeMargin: number;
  /** log t at which the flow is there. */
  readonly logTime: number;
  /**
   * E‖P_k g‖²/E‖g‖² of flow and noise together. A level that k cuts counts not at all in `lower`, whole in `upper`, and in `even` by the share of its dimensions
   * that are in the top: the value for every choice of eigenvectors that does not look at the gradient, where the flow is in another level.
   */
  readonly topFraction: { readonly lower: number; readonly upper: number; readonly even: number };
  /** The share of E‖g‖² that the noise has. */
  readonly noiseShare: number;
  /** Estimate of the relative size of what leading order in η/b leaves out. */
  readonly secondOrder: number;
}

/** The map of one σ. */
export interface NoisePhaseRow {
  readonly noise: number;
  /** At the margins asked for, then at the times. */
  readonly points: readonly NoisePhasePoint[];
  /** Where the noise takes over, for every η/b asked for: the margin over α*, not α. */
  readonly takeovers: readonly { readonly relativeMargin: number; readonly logTime: number }[];
  /** Where the flow leaves the top k. */
  readonly boundary: { readonly relativeMargin: number; readonly logTime: number };
  /** The η/b from which on f_top(k) does not dip. */
  readonly withoutDip: number;
}

/** The lattice of (σ, place along the flow) on which f_top(k) is found. */
export interface NoisePhaseOptions {
  readonly classes: number;
  readonly dim: number;
  /** ρ, the inner product of the means; 0 if left out. */
  readonly correlation?: number;
  /** The σ of the rows, from 0.05 on, in any order. */
  readonly noises: readonly number[];
  /** η/b of the points. */
  readonly learningRateOverBatch: number;
  /** α/α* of the points of each row, between 0 and 1. */
  readonly relativeMargins?: readonly number[];
  /** Times of points, above 0, up to 1e300. */
  readonly times?: readonly number[];
  /** η/b of the takeovers; that of the points if left out. */
  readonly takeoversAt?: readonly number[];
  /** Of the interpolated integrals, 1e-12 to 1e-4; 1e-6 if left out. */
  readonly tolerance?: number;
}

/**
 * The phase diagram of f_top(k) under SGD, row by row: at (σ, α/α*), or at (σ, t), where the flow from W(0) = 0 has brought the margin and the noise its variances
 * (noisePath, noiseAlongFlow, in the limit ηλ → 0). Three regimes: below the boundary the flow has f_top = 1; from there to the takeover it is outside and f_top low; beyond,
 * f_top is that of the noise.
 *
 * Leading order in η/b, with an estimate of the second at each point. Shares err by some ten times `tolerance`. Throws UsageError outside the domain, for σ < 0.05.
 * Cost: 0.1 s (σ = 1) to 0.6 s (σ = 0.1) for each row, then some 0.1 ms for each point, whatever k and d.
 */
export function* noisePhase(options: NoisePhaseOptions): Generator<NoisePhaseRow> {
  const { noises, learningRateOverBatch: ratio, takeoversAt = [ratio], tolerance = 1e-6 } = options;
  checkOptions(options);
  for (const noise of noises) {
    const model = modelOf(options, noise);
    const path = noisePath(model, Infinity, tolerance);
    const optimal = path.clock.optimalMargin;
    const places = [
      ...(options.relativeMargins ?? []).map((c) => ({
        margin: c * optimal,
        logTime: path.clock.logTimeAt(c * optimal),
      })),
      ...(options.times ?? []).map((time) => ({ margin: path.clock.marginAt(time), logTime: Math.log(time) })),
    ];
    const find = takeoversOf(model, path);
    const relative = ({ margin, logTime }: Pick<NoiseTakeover, 'margin' | 'logTime'>) => ({
      relativeMargin: margin / optimal,
      logTime,
    });
    const { boundary, withoutDip } = find(ratio);
    yield {
      noise,
      points: places.map((place) => pointAt(model, path, place, ratio)),
      takeovers: takeoversAt.map((at) => relative(find(at))),
      boundary: relative(boundary),
      withoutDip,
    };
  }
}

function pointAt(
  model: LineModel,
  path: NoisePath,
  { margin, logTime }: { readonly margin: number; readonly logTime: number },
  ratio: number,
): NoisePhasePoint {
  const { clock } = path;
  const rate = clock.rateAt(margin);
  const flow = squareOfB(model) * rate ** 2;
  const levels = pathLevels(model, path, margin);
  const noise = ratio * unitNoiseEnergy(levels);
  const { lower, upper } = expectedFraction(gradientOnLevels(levels, flow, ratio), model.classes);
  return {
    relativeMargin: margin / clock.optimalMargin,
    logTime,
    topFraction: { lower, upper, even: lower + (upper - lower) * shareOfCutLevel(levels, model.classes) },
    noiseShare: noise / (noise + flow),
    secondOrder: ratio * secondOrderSize(levels, squareOfB(model), Math.exp(logTime)),
  };
}

/** The part of the dimensions of the level cut by m that belongs to the top m; 0 if none is cut. */
function shareOfCutLevel(levels: readonly { readonly multiplicity: number }[], m: number): number {
  let above = 0;
  for (const { multiplicity } of levels) {
    if (above + multiplicity > m) return (m - above) / multiplicity;
    above += multiplicity;
  }
  return 0;
}

function modelOf({ classes, dim, correlation = 0 }: NoisePhaseOptions, noise: number): LineModel {
  return { classes, dim, noise, correlation };
}

function checkOptions(options: NoisePhaseOptions): void {
  const {
    noises,
    learningRateOverBatch: ratio,
    relativeMargins = [],
    times = [],
    takeoversAt = [],
    tolerance = 1e-6,
  } = options;
  if (noises.length === 0) throw new UsageError('noises must hold at least one σ, received none; for example [0.3]');
  for (const one of [ratio, ...takeoversAt]) ruleNumbers({ learningRateOverBatch: one });
  for (const c of relativeMargins) {
    if (!(c > 0 && c < 1)) throw new UsageError(`relativeMargins must lie between 0 and 1, received ${c}`);
  }
  for (const time of times) if (!(time > 0)) throw new UsageError(`times must be positive, received ${time}`);
  if (!(tolerance >= 1e-12 && tolerance <= 1e-4)) {
    throw new UsageError(`tolerance must lie between 1e-12 and 1e-4, received ${tolerance}`);
  }
}

import { noisePath, type LineModel, type NoisePath } from '../../../src/exact/noisy/index.js';
import { gradientOnLevels, pathLevels } from '../../../src/exact/noisy/path-levels.js';
import { squareOfB, type MovingLevel } from '../../../src/exact/noisy/second-order.js';
import { multiplicityOf } from '../../../src/exact/noisy/symmetric-levels.js';
import { expectedFraction, gaussianOverlap, type GradientLevel } from '../../../src/sgd-noise/gaussian-gradient.js';

/** A place of the flow with the noise of SGD at η/b = 1, for any d. */
export interface SgdPlace {
  readonly share: number;
  readonly time: number;
  /** ‖G‖² of the flow. */
  readonly flow: number;
  readonly levels: readonly MovingLevel[];
}

/** What is known of the gradient under SGD at a place. */
export interface SgdRow {
  readonly share: number;
  readonly time: number;
  readonly topFraction: { readonly lower: number; readonly upper: number };
}

/** Of the interpolated integrals: a picture shows no more. */
const tolerance = 1e-6;

/** The part of a model on which the noise at η/b = 1 depends, as a text; d changes multiplicities alone. */
export const pathKey = ({ classes, noise, correlation = 0 }: LineModel): string => [classes, noise, correlation].join();

/** The flow with the noise of SGD: one or two seconds for small σ. */
export const takeoverPath = ({ classes, noise, correlation = 0 }: LineModel): NoisePath =>
  noisePath({ classes, dim: classes + 1, noise, correlation }, Infinity, tolerance);

/** The noise at all margins of the path, and at some before its first. */
export function sgdPlaces(model: LineModel, path: NoisePath): SgdPlace[] {
  const { clock } = path;
  const wide = { ...model, dim: model.classes + 1 };
  const margins = path.margins.filter((margin) => margin > 0);
  const early = Array.from({ length: 32 }, (_, i) => margins[0]! * 10 ** ((i - 32) / 8));
  return [...early, ...margins].map((margin) => ({
    share: margin / clock.optimalMargin,
    time: Math.exp(clock.logTimeAt(margin)),
    flow: squareOfB(model) * clock.rateAt(margin) ** 2,
    levels: pathLevels(wide, path, margin),
  }));
}

/** f_top(k) at all places, for one d and one η/b. */
export const sgdRows = (places: readonly SgdPlace[], model: LineModel, ratio: number): SgdRow[] =>
  places.map((place) => ({
    share: place.share,
    time: place.time,
    topFraction: expectedFraction(gradientAt(place, model, ratio), model.classes),
  }));

/** Mean overlap(g, Hg) at a place. */
export const sgdOverlap = (place: SgdPlace, model: LineModel, ratio: number): number =>
  gaussianOverlap(gradientAt(place, model, ratio)).mean;

function gradientAt({ levels, flow }: SgdPlace, model: LineModel, ratio: number): GradientLevel[] {
  const here = levels
    .map((level) => ({ ...level, multiplicity: multiplicityOf(level.sector, model) }))
    .filter(({ multiplicity }) => multiplicity > 0);
  return gradientOnLevels(here, flow, ratio);
}

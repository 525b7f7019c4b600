import { rankMe, leadingShare } from '../../../../observe/matrix-spectrum.js';
import { powerLaw, rankWindows } from '../../../../observe/power-law.js';
import type { Entries } from '../../engine/experiment.js';
import type { LayerSpectra, SpectraOfRun } from '../../probes/layer-spectra.js';
import { meanOfValues } from '../../shared/train-row.js';
import type { tappedLayers, tappedWeights } from './tasks.js';

/** Where a spectrum is from. */
export type Place = (typeof tappedLayers)[number] | (typeof tappedWeights)[number];

const root = (values: readonly number[]): number[] => values.map(Math.sqrt);
const square = (values: readonly number[]): number[] => values.map((value) => value ** 2);

/** The spectrum of a layer's activations, eigenvalues of their covariance, or of the gradients by a weight, singular values. */
export function spectrumAt(place: Place, { activations, gradients }: LayerSpectra): readonly number[] {
  return activations[place] ?? gradients[place]!;
}

/** α over ranks 30–150. Throws where these are missing: the networks are chosen so that they are not. */
export function slopeAt(place: Place, spectra: LayerSpectra): number {
  return powerLaw(spectrumAt(place, spectra), rankWindows.fit)?.exponent ?? NaN;
}

/** The numbers of a spectrum: slope, RankMe of singular values, and what share of the trace, of squared singular values, is in the first ten. */
export function numbersAt(
  place: Place,
  spectra: LayerSpectra,
): { slope: number; head: number; rank: number; share: number } {
  const values = spectrumAt(place, spectra);
  const isOfGradients = place in spectra.gradients;
  return {
    slope: slopeAt(place, spectra),
    head: powerLaw(values, rankWindows.head)?.exponent ?? NaN,
    rank: rankMe(isOfGradients ? values : root(values)),
    share: leadingShare(isOfGradients ? square(values) : values, 10),
  };
}

/** The means over runs, for the cells beside a row, under headings that end with `name`. */
export function besideOf(
  name: string,
  place: Place,
  runs: readonly SpectraOfRun[],
  of: 'last' | 'first' = 'last',
): Entries {
  const found = runs.flatMap((run) => (run[of] === null ? [] : [numbersAt(place, run[of])]));
  const mean = (what: keyof (typeof found)[number], digits: number): string =>
    meanOfValues(found.map((one) => one[what])).toFixed(digits);
  return {
    [name]: `α ${mean('slope', 3)}, head ${mean('head', 2)}, RankMe ${mean('rank', 1)}, top 10 ${mean('share', 3)}`,
  };
}

/** The standard deviation of groups of values about their own means. */
export function pooledDeviation(groups: readonly (readonly number[])[]): number {
  const squares = groups.map((own) => own.reduce((sum, x) => sum + (x - meanOfValues(own)) ** 2, 0));
  const freedom = groups.reduce((sum, own) => sum + own.length - 1, 0);
  return Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / Math.max(1, freedom));
}

/** Paired differences first − last, with the sign of their mean, in pooled standard deviations of the groups. */
export function separation(groups: readonly (readonly number[])[]): number[] {
  const [first, last] = [groups[0]!, groups.at(-1)!];
  const differences = first.map((value, seed) => value - last[seed]!);
  const unit = (meanOfValues(differences) < 0 ? -1 : 1) * pooledDeviation(groups);
  return differences.map((difference) => difference / unit);
}

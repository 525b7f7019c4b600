import type { Entries, Measurement } from '../../engine/experiment.js';
import type { ModelFactors } from '../../probes/model-factors.js';
import {
  closedSpectrum,
  flatInModel,
  levelDeviation,
  levelRatioDeviation,
  levelsText,
  rankOf,
  wrongRanks,
} from './findings.js';
import { factorModel } from './tasks.js';

const inModel =
  (value: (one: readonly ModelFactors[]) => number, beside: (first: readonly ModelFactors[]) => Entries) =>
  ({ model }: { readonly model: readonly (readonly ModelFactors[])[] }): Measurement => ({
    values: model.map(value),
    beside: beside(model[0]!),
    settings: { ...factorModel, flatInModel },
  });

/** The largest deviation of levels from the closed form, in standard errors. */
export const levelDeviations = inModel(levelDeviation, (first) => ({
  'mean and differences over the bulk': levelsText(first, ({ measured }) => measured),
  predicted: levelsText(first, ({ predicted }) => predicted),
  'E G Gᵀ: largest over smallest of k − 1': Math.max(...first.map(({ classes }) => classes[0]! / classes.at(-2)!)),
}));

/** The largest relative deviation of KL-Shampoo's levels over the bulk. */
export const levelRatioDeviations = inModel(levelRatioDeviation, (first) => ({
  'mean and differences over the bulk': levelsText(first, ({ kl }) => kl),
  predicted: levelsText(first, ({ predicted }) => predicted),
}));

/** At how many margins the rank of the spike is another than that of the closed form. */
export const wrongSpikeRanks = inModel(wrongRanks, (first) => ({
  ranks: first.map(({ eigenvalues }) => rankOf(eigenvalues)).join(', '),
  predicted: first.map(({ predicted }) => rankOf(closedSpectrum(predicted))).join(', '),
}));

/** Overlap of the k leading eigenvectors with the means, the lower of both margins. */
export const meanSpaces = inModel(
  (one) => Math.min(...one.map(({ meanSpace }) => meanSpace)),
  () => ({ 'random k/d': factorModel.classes / factorModel.dim }),
);

import { rankMe, leadingShare } from '../../../../observe/matrix-spectrum.js';
import { powerLaw, rankWindows } from '../../../../observe/power-law.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement } from '../../engine/experiment.js';
import type { ModelSpectra } from '../../probes/model-spectra.js';
import type { SlopeVariances } from '../../probes/slope-variances.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { gradientCount, modelPoint, populationSamples } from './tasks.js';

/** Standard deviation over mean of c_i/λ_i. */
export function constancy({
  runs64,
  variances,
}: {
  readonly runs64: readonly TrainDocument[];
  readonly variances: readonly SlopeVariances[];
}): Measurement {
  const ratios = variances.map(({ covariances, eigenvalues }) => covariances.map((c, i) => c / eigenvalues[i]!));
  const variation = (values: readonly number[]): number => {
    const mean = meanOfValues(values);
    return Math.sqrt(meanOfValues(values.map((x) => (x - mean) ** 2))) / mean;
  };
  return {
    values: ratios.map(variation),
    beside: {
      'c_i/λ_i, first seed': ratios[0]!.map((ratio) => ratio.toPrecision(3)).join(', '),
      'means of the seeds': ratios.map((own) => meanOfValues(own).toPrecision(3)).join(', '),
    },
    settings: trainSettings(runs64.map(({ run }) => run)),
  };
}

/** RankMe against its prediction, relatively, with slope and share beside it. */
export const inModel =
  (name: 'population' | 'predicted') =>
  ({ model: found }: { readonly model: readonly ModelSpectra[] }): Measurement => {
    const rank = (values: readonly number[]): number => rankMe(values);
    const mean = (of: (one: ModelSpectra) => number): number => meanOfValues(found.map(of));
    const each = (of: (values: readonly number[]) => number, digits: number): string =>
      `${mean((one) => of(one[name])).toFixed(digits)}, ${mean(({ measured }) => of(measured)).toFixed(digits)}`;
    return {
      values: found.map((one) => Math.abs(rank(one.measured) / rank(one[name]) - 1)),
      beside: {
        'RankMe: predicted, measured': each(rank, 1),
        'top 10': each(
          (values) =>
            leadingShare(
              values.map((value) => value ** 2),
              10,
            ),
          3,
        ),
        'α over ranks 30–150': each((values) => powerLaw(values, rankWindows.fit)?.exponent ?? NaN, 3),
        sectors: found[0]!.levels.map(({ sector, multiplicity }) => `${sector} ${multiplicity}`).join(', '),
      },
      ...(name === 'predicted' && {
        reason: `gradients of single samples differ in length: by (Σ‖∇ℓ‖²)²/Σ‖∇ℓ‖⁴ the ${gradientCount} samples count as ${mean(({ lengths }) => lengths).toFixed(0)}. Gaussian gradients with the lengths of these samples have RankMe ${mean(({ stretched }) => rank(stretched)).toFixed(1)}, ${mean(({ predicted }) => rank(predicted)).toFixed(1)} without, against ${mean(({ measured }) => rank(measured)).toFixed(1)} measured`,
      }),
      settings: { ...modelPoint, samples: name === 'population' ? populationSamples : gradientCount },
    };
  };

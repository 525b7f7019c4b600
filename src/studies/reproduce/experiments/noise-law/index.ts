import { directionEnergiesFigure } from '../../../../../figures/direction-energies.js';
import { noiseLawFigure } from '../../../../../figures/noise-law.js';
import { noiseSettingsFigure } from '../../../../../figures/noise-settings.js';
import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { TrainTask } from '../../engine/task.js';
import { chiSquareCurve, lawPoint, seedMean, type LawPoint } from '../../shared/law-point.js';
import { fullDescents } from '../../shared/full-descents.js';
import {
  largeLaw,
  largestLaw,
  lawRuns,
  reluLaw,
  rowsOfPaper,
  slowLaw,
  smallestLaw,
  type LawName,
  type LawSetting,
} from '../../shared/law-settings.js';
import { trainSettings } from '../../shared/train-settings.js';
import { explained, testNote } from './findings.js';

import { dimensions, modelDeviation, modelRests } from './model-rests.js';

const settings: readonly LawSetting[] = [...rowsOfPaper, smallestLaw, largestLaw];
const names = settings.map(({ name }) => name);

/** Two digits more than the paper's, with what one state scatters, or a standard error. */
const shown = (value: number, around: number): string => `${value.toFixed(3)} ± ${around.toFixed(3)}`;

function lawMeasurement(point: LawPoint, runs: readonly TrainDocument[]): Measurement {
  const { overlap, topFraction, flowShare, top, rest, test, paper } = point;
  return {
    values: overlap.seeds.map((measured) => Math.abs(measured - overlap.law.mean)),
    beside: {
      'overlap: paper': paper ?? '–',
      'overlap, ± standard error': shown(overlap.measured.value, overlap.measured.error),
      'law, ± of one state': shown(overlap.law.mean, overlap.law.spread),
      'law and flow': overlap.withFlow.toFixed(3),
      f_top: shown(topFraction.measured.value, topFraction.measured.error),
      'its law': shown(topFraction.law.mean, topFraction.law.spread),
      'its law and flow': topFraction.withFlow.toFixed(3),
      'flow share': shown(flowShare.value, flowShare.error),
      'top energy over law': top.value.toFixed(2),
      'rest over law': rest.value.toFixed(2),
      'g_i² over law, mean': `${test.mean.toFixed(2)} ± ${test.standardError.toFixed(2)}`,
      'rejected directions': `${test.rejected} of ${test.directions.length}`,
    },
    reason: explained(point),
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

type Found = Readonly<Record<LawName, readonly TrainDocument[]>>;

const pointsOf = (found: Found): LawPoint[] => settings.map((one) => lawPoint(one, found[one.name]));

/** f_top along the settings in which one number is varied. */
function varied(points: readonly LawPoint[], some: readonly LawSetting[], x: (point: LawPoint) => number) {
  return points
    .filter(({ name }) => some.some((one) => one.name === name))
    .map((point) => ({
      x: x(point),
      law: point.topFraction.law.mean,
      measured: point.topFraction.measured.value,
      error: point.topFraction.measured.error,
    }))
    .sort((a, b) => a.x - b.x);
}

/** Of descent on all images, which has no noise and so no law. */
function withoutNoise(descents: readonly TrainDocument[]) {
  const fractions = descents.map(({ records }) => knownTopFraction(records.at(-1)!).middle);
  return {
    x: descents[0]!.run.data.samples,
    law: null,
    measured: seedMean(fractions).value,
    error: seedMean(fractions).error,
  };
}

/** f_top and overlap(g, Hg) of SGD against what its noise alone has. */
export const lawOfNoise = experiment({
  id: 'noise-law',
  title: 'Why it happens: the noise of SGD',
  source: 'the noise law of SGD, derived here; Table 1, Fig. 1',
  data: 'mnist',
  about:
    'The excursions that the noise of batches drives have E g_i² = (η/b) c_iλ_i/(2 − ηλ_i) along an eigenvector of λ_i, c_i the variance over samples of the slope of one sample’s loss: less where the noises of an epoch add up to zero and a mode is slow. From that follow f_top(m) and overlap(g, Hg), mean and scatter of one state, without a fitted number. ' +
    'Here they stand beside SGD late in training, five states of each of three seeds, overlap(g, Hg) every 20 of the steps in which these lie. Softmax regression is as in Table 1 (60,000 images, 2814 steps), the sine as there; the other networks are trained on the first 5000 images for 1500 steps (3000 with η = 0.01), for the time. ' +
    'Ours is |overlap measured − law|, the verdict whether noise alone is it; the bound is ours. Flow share φ: the energy outside the top m that noise does not account for, over ‖g‖². “Law and flow”: the means over Gaussian states with that flow, which is taken to have no curvature; as it is what is left outside the top, it is in part put into f_top, and overlap(g, Hg) is its test. “Rejected directions”: g_i² is χ²₁ about its law, tested for each i, with Holm’s rule at 5 % for all of them.',
  needs: (scale) => ({
    ...(Object.fromEntries(settings.map((one) => [one.name, lawRuns(one, scale)])) as Record<LawName, TrainTask[]>),
    descents: fullDescents(scale),
    rests: modelRests(scale),
  }),
  claims: (claim) => [
    ...settings.map((one) =>
      claim({
        id: `noise-law-${one.name}`,
        statement: one.statement,
        target: { kind: 'at most', bound: 0.02, says: 'noise alone' },
        uses: [one.name],
        measure: ({ [one.name]: runs }) => lawMeasurement(lawPoint(one, runs), runs),
      }),
    ),
    claim({
      id: 'noise-law-model',
      statement: `exact model at rest, d = ${dimensions.join(', ')}: largest deviation of f_top(3), in standard errors`,
      target: { kind: 'at most', bound: 3.5, says: 'as predicted' },
      uses: ['rests'],
      measure: ({ rests }) => modelDeviation(rests),
    }),
  ],
  figures: (_, figureOfAll) => [
    figureOfAll({
      id: 'noise-law',
      uses: names,
      data: (found) => ({ points: pointsOf(found) }),
      draw: noiseLawFigure,
    }),
    figureOfAll({
      id: 'noise-settings',
      uses: [...names, 'descents', 'rests'],
      data: ({ descents, rests, ...found }) => {
        const points = pointsOf(found);
        return {
          panels: [
            {
              axis: 'batch b',
              about:
                'MLP 2×100 on 5000 images, η = 0.1; without a law, at b = 5000: gradient descent after 400 steps, two seeds',
              points: [
                ...varied(points, [reluLaw, largeLaw, smallestLaw, largestLaw], ({ batch }) => batch),
                withoutNoise(descents),
              ],
            },
            {
              axis: 'rate η',
              about: 'The same, b = 64',
              points: varied(points, [reluLaw, slowLaw], ({ learningRate }) => learningRate),
            },
            {
              axis: 'dimension d',
              about:
                'The exact model at rest at α*, k = 3, σ = 0.4, with the exact f_top(3): the bulk has 2(d − 3) directions',
              points: rests.map(({ topFraction: { predicted, measured, standardError } }, i) => ({
                x: dimensions[i]!,
                law: predicted,
                measured,
                error: standardError,
              })),
            },
          ],
        };
      },
      draw: noiseSettingsFigure,
    }),
    figureOfAll({
      id: 'direction-energies',
      uses: names,
      data: (found) => {
        const points = pointsOf(found);
        return {
          settings: points.map(({ name, statement, directions, ratios }) => ({
            statement,
            group: name === 'softmax' ? 'softmax' : name === 'sine' ? 'sine' : 'networks',
            directions,
            ratios,
          })),
          chiSquare: chiSquareCurve(),
          note: testNote(points),
        };
      },
      draw: directionEnergiesFigure,
    }),
  ],
});

import { spectralLensFigure } from '../../../../../figures/spectral-lens.js';
import { rankWindows } from '../../../../observe/power-law.js';
import { experiment } from '../../engine/declare.js';
import { apart, sameRatio, uses } from './batches.js';
import { spectrumAt, type Place } from './numbers.js';
import { constancy, inModel } from './predictions.js';
import {
  comparedBatches,
  endLoss,
  equalLossRuns,
  gradientCount,
  imageCount,
  lookedEvery,
  middleBatch,
  modelSpectraOf,
  populationSamples,
  sharedRate,
  spectraOf,
  variancesOf,
  wideModel,
} from './tasks.js';

/** Spectra of activations and of gradients by layer, against the batch. */
export const spectralLens = experiment({
  id: 'spectral-lens',
  title: 'Spectral Lens: spectra of activations and gradients against the batch',
  source: 'Spectral Lens (arXiv:2605.05683)',
  data: 'mnist',
  about:
    `${wideModel} on ${imageCount} images of MNIST, plain SGD, three seeds, stopped where the training loss is ${endLoss} (looked for every ${lookedEvery} steps): batches are compared at equal loss, as the work does with language models, not at equal steps. η = ${sharedRate} for all batches, and then η/b that of batch ${middleBatch}. ` +
    `Activations: eigenvalues of the centred covariance (n − 1) of each hidden layer behind its activation over all ${imageCount} images. Gradients: singular values of the matrix of gradients of single samples, not centred, of ${gradientCount} images by one weight. α = −slope of log s over log rank at ranks 30–150, head 1–10; RankMe = exp(entropy) of singular values, of activations those of the centred matrix; top 10: share of the trace, of gradients of Σσ². ` +
    'Hidden layers have 200 units, since a layer of 100 has no rank 150. Known of the work are definitions, ranks and the abstract; the sizes of its differences are not, so that the bounds are ours: a difference counts where it is, for every seed and with one sign, twice the standard deviation between seeds.',
  work: {
    arxiv: '2605.05683',
    name: 'Spectral Lens',
    definition:
      'α = −slope of log s over log rank, ranks 30–150, of the eigenvalues of the centred covariance of a layer’s activations',
    claim: 'runs with other batches that reach equal loss settle into systematically distinct activation spectra',
    headline: 'spectral-lens-batch',
  },
  needs: (scale) => {
    const at = (batch: number, learningRate = sharedRate) => equalLossRuns(batch, learningRate, scale);
    const sameRatioAt = (batch: number) => spectraOf(at(batch, (sharedRate * batch) / middleBatch), false, scale);
    const [runs16, runs64, runs256] = [at(16), at(64), at(256)];
    return {
      runs16,
      runs64,
      runs256,
      spectra16: spectraOf(runs16, false, scale),
      spectra64: spectraOf(runs64, true, scale),
      spectra256: spectraOf(runs256, false, scale),
      ratio16: sameRatioAt(16),
      ratio256: sameRatioAt(256),
      variances: variancesOf(runs64, scale),
      large: modelSpectraOf(populationSamples, 0, scale),
      small: modelSpectraOf(gradientCount, 4, scale),
    };
  },
  claims: (claim) => [
    claim({
      id: 'spectral-lens-batch',
      statement: 'second hidden layer at equal loss: |α(16) − α(256)| in standard deviations between seeds',
      target: { kind: 'at least', bound: 2, says: 'distinct' },
      uses,
      measure: apart('activation2'),
    }),
    claim({
      id: 'spectral-lens-batch-first',
      statement: 'first hidden layer: the same',
      target: { kind: 'at least', bound: 2, says: 'distinct' },
      uses,
      measure: apart('activation1'),
    }),
    claim({
      id: 'spectral-lens-gradients-first',
      statement: 'gradients of single samples, first layer: the same',
      target: { kind: 'none' },
      uses,
      measure: apart('dense1.weight'),
    }),
    claim({
      id: 'spectral-lens-gradients',
      statement: 'gradients of single samples, second layer: the same',
      target: { kind: 'none' },
      uses,
      measure: apart('dense2.weight'),
    }),
    claim({
      id: 'spectral-lens-rate-over-batch',
      statement: 'second hidden layer at equal loss and equal η/b: |α(16) − α(256)| over that at equal η',
      target: { kind: 'at most', bound: 0.5, says: 'the batch acts by η/b' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'to leading order the batch enters by η/b alone, as the size of the excursions about one flow: with the same η/b, other batches have the same spectra at the same loss',
      },
      uses: ['runs64', 'spectra16', 'spectra64', 'spectra256', 'ratio16', 'ratio256'],
      measure: sameRatio,
    }),
    claim({
      id: 'spectral-lens-curvature',
      statement: 'c_i/λ_i along the top 10 eigenvectors of the Hessian: standard deviation over mean',
      target: { kind: 'at most', bound: 0.25, says: 'C ∝ H' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'where C ∝ H, c_i/λ_i is one number: here along the top 10 eigenvectors, of the rest it says nothing',
      },
      uses: ['runs64', 'variances'],
      measure: constancy,
    }),
    claim({
      id: 'spectral-lens-model',
      statement: `exact model, n = ${populationSamples}: RankMe of single gradients against the sectors, relative`,
      target: { kind: 'at most', bound: 0.02, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'σ²/n → c (and c + ‖G‖² in the trivial sector): one number for each sector, with its multiplicity',
      },
      uses: ['large'],
      measure: ({ large }) => inModel('population')({ model: large }),
    }),
    claim({
      id: 'spectral-lens-model-samples',
      statement: `exact model, n = ${gradientCount}: RankMe of single gradients against Gaussian ones with the exact sectors, relative`,
      target: { kind: 'at most', bound: 0.05, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'not explained',
        says: 'the sectors’ variances and the number of samples alone, with as many Gaussian gradients of these variances, give the whole spectrum at finite n',
      },
      uses: ['small'],
      measure: ({ small }) => inModel('predicted')({ model: small }),
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'spectral-lens',
      uses: [...uses, 'small'],
      data: ({ spectra16, spectra64, spectra256, small }) => {
        const of = (place: Place) => [
          { name: 'before training', values: spectrumAt(place, spectra64.first!) },
          ...[spectra16, spectra64, spectra256].map((one, i) => ({
            name: `batch ${comparedBatches[i]!}`,
            values: spectrumAt(place, one.last),
          })),
        ];
        return {
          activations: of('activation2'),
          gradients: of('dense2.weight'),
          model: { measured: small.measured, predicted: small.predicted, population: small.population },
          windows: rankWindows,
        };
      },
      draw: spectralLensFigure,
    }),
  ],
});

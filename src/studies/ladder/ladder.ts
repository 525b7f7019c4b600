import { activeFeatures, keepFeatures } from '../../data/active-features.js';
import type { Dataset } from '../../data/dataset.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { randomStream } from '../../numeric/random.js';
import { tensorHermite } from '../../exact/population/index.js';
import { digitsRung } from './digits-rung.js';
import { fittedDigits } from './fitted-digits.js';
import { gaussianFit } from './gaussian-fit.js';
import type { LadderDocument, LadderRung, LadderSettings } from './ladder-document.js';
import { ladderPoint, lossesOf } from './ladder-point.js';
import { closedFormReference, populationReference, type Reference } from './reference.js';
import { sampledMixture } from './sampled-mixture.js';
import { syntheticRungs, withConstantFeature, type SyntheticRung } from './rungs.js';
import { trainedPath, type NetworkToTrain, type TrainedPath } from './trained-path.js';

export const ladderDefaults: LadderSettings = { seeds: [1, 2, 3], samples: 20_000, times: [1, 4, 12, 36] };

interface LadderOptions {
  readonly runtime: Runtime;
  /** Digits in units of 255, float32; null leaves out what needs them. */
  readonly digits: Dataset | null;
  /** Default: all of them. */
  readonly synthetic?: readonly SyntheticRung[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly note: string }) => void;
}

/** Its error, of first order, is not extrapolated away: differences of some error bars are its, or of the order of 1/n. */
const learningRate = 1 / 32;

/**
 * From the solvable model to the network, one change at a time: k = 3 mixtures trained by gradient descent, then digits by SGD. Each network is
 * measured along its training and set beside the nearest exact prediction. Cost: two to three
 * minutes of one core with 10,000 digits, less than half of it without.
 */
export async function ladder(settings: LadderSettings, options: LadderOptions): Promise<LadderDocument> {
  const { digits, onProgress, synthetic = syntheticRungs } = options;
  const total = synthetic.length + (digits === null ? 0 : 2);
  const rungs: LadderRung[] = [];
  for (const rung of synthetic) {
    onProgress?.({ done: rungs.length, total, note: rung.adds });
    rungs.push(await syntheticRung(rung, settings, options));
  }
  if (digits === null) return { settings, rungs, fit: null };
  onProgress?.({ done: rungs.length, total, note: 'MNIST, softmax regression' });
  const active = keepFeatures(digits, activeFeatures(digits));
  const fit = gaussianFit(active, 60);
  const fitted = await fittedDigits(active, fit, options);
  onProgress?.({ done: rungs.length + 1, total, note: 'MNIST, 100-100 ReLU' });
  rungs.push(await digitsRung(active, fit, options));
  onProgress?.({ done: total, total, note: '' });
  return { settings, rungs, fit: fitted };
}

async function syntheticRung(
  { adds, data, model, bias, isExact }: SyntheticRung,
  { seeds, samples, times }: LadderSettings,
  { runtime, signal }: LadderOptions,
): Promise<LadderRung> {
  const { classes, dim, noises } = data;
  const network: NetworkToTrain = {
    model,
    bias,
    initialisation: model === 'softmax' ? 'zeros' : 'glorot-normal',
    batch: null,
    learningRate,
    stops: times.map((t) => Math.round(t / learningRate)),
    precision: 'f64',
  };
  const paths: TrainedPath[] = [];
  for (const seed of seeds) {
    const drawn = sampledMixture(data, samples, randomStream(seed, 'ladder', adds).integer(2 ** 30));
    paths.push(
      await trainedPath(
        network,
        { classes, inputs: dim, samples: drawn },
        { runtime, seed, ...(signal && { signal }) },
      ),
    );
  }
  const isSolvable = adds === syntheticRungs[0]!.adds;
  const reference: Reference = isSolvable
    ? closedFormReference({ classes, dim, noise: noises[0]!, correlation: 0, norm: 1 })
    : populationReference(bias ? withConstantFeature(data) : data, tensorHermite(24), { until: 3000, tolerance: 1e-8 });
  const known = isExact ? reference.at(times) : reference.atLoss(lossesOf(paths));
  return {
    adds,
    network: `${model}${bias ? ', bias' : ''}`,
    classes,
    parameters: paths[0]!.parameters,
    samples,
    seeds,
    prediction: isSolvable
      ? 'closed form'
      : isExact
        ? 'population flow, by quadrature'
        : 'softmax regression on the same mixture, by quadrature',
    isExact,
    comparedAt: isExact ? 'time' : 'loss',
    points: times.map((time, i) => ladderPoint(time, paths, i, known[i]!)),
  };
}

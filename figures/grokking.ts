import { knownTopFraction } from '../src/train/known-top-fraction.js';
import type { RecordedRun } from '../src/train/load-run.js';
import { decadesAround, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { dataName, trainedCaption, trainedNetwork, type TrainingFacts } from './network-data.js';
import { logarithmicSteps, stepAxis } from './step-axis.js';
import { columnWidth, errorBars, guide, palette } from './style.js';

/** One measurement of a run that memorises first and generalises later. */
export interface GrokkingRecord {
  readonly step: number;
  readonly accuracy: number;
  readonly testAccuracy: number;
  readonly loss: number;
  readonly topFraction: { readonly lower: number; readonly middle: number; readonly upper: number };
  readonly overlap: number;
  readonly sharpness: number;
}

/** What the figure of such a run draws. */
export interface GrokkingData {
  readonly network: TrainingFacts;
  readonly weightDecay: number;
  readonly subspace: number;
  readonly parameters: number;
  readonly records: readonly GrokkingRecord[];
}

/** Accuracies, loss, f_top(m), overlap(g, Hg) and ηλ₁ of a run with a test split: what grokkingFigure draws. */
export function grokkingData({ run, records }: RecordedRun): GrokkingData {
  const { optimizer, schedule } = run.config;
  return {
    network: trainedNetwork(run),
    weightDecay: 'weightDecay' in optimizer ? optimizer.weightDecay : 0,
    subspace: run.subspace,
    parameters: run.parameters,
    records: records.map((record) => ({
      step: record.step,
      accuracy: record.accuracy!,
      testAccuracy: record.testAccuracy!,
      loss: record.loss,
      topFraction: knownTopFraction(record),
      overlap: record.overlapGradientHessianGradient,
      sharpness: schedule.rate * record.eigenvalues[0]!,
    })),
  };
}

/** Against the step, which is logarithmic: accuracies on both splits, training loss, the share of the gradient in the top m Hessian eigenvectors, and ηλ₁. */
export function grokkingFigure(data: GrokkingData): Figure {
  const { network, subspace: m, parameters, records } = data;
  const random = m / parameters;
  const { axes, x, across, series } = stepAxis(records, true);
  const training = series('training accuracy', (r) => r.accuracy, palette.blue, { y: 'accuracy' });
  const test = series('test accuracy', (r) => r.testAccuracy, palette.ink, { y: 'accuracy', dash: [4, 2] });
  const loss = series('training loss', (r) => r.loss, palette.blue, { y: 'loss' });
  const fraction = series(`f_top(${m})`, (r) => r.topFraction.middle, palette.vermilion);
  const intervals = records.flatMap(({ step, topFraction: { lower, upper } }) =>
    errorBars(`f_top(${m}), interval`, [{ x: step, low: lower, high: upper }], palette.vermilion, {
      x: step === 0 ? x : 'x',
    }),
  );
  const overlap = series('overlap(g, Hg)', (r) => r.overlap, palette.sky, { width: 1, dash: [3, 1.5] });
  const direction = guide('f_top of a random direction: m/parameters', across(random));
  const sharpness = series('ηλ₁', (r) => r.sharpness, palette.green, { y: 'sharpness' });
  const positive = records.map((r) => r.sharpness).filter((value) => value > 0);
  const [lowLoss, highLoss] = decadesAround(records.map((r) => r.loss));
  const [lowSharpness, highSharpness] = decadesAround(positive);
  const lowest = Math.min(-0.05, ...records.map((r) => r.overlap * 1.1));
  const [memorised, generalised] = turns(records);
  const ranges = {
    accuracy: [-0.05, 1.08],
    loss: [lowLoss, highLoss],
    y: [lowest, 1.08],
    sharpness: [lowSharpness, highSharpness],
  };
  const turned = Object.entries(ranges).flatMap(([y, ends]) =>
    [memorised, generalised].flatMap((record) =>
      record === undefined
        ? []
        : [
            guide(
              'accuracy above 0.99',
              ends.map((at) => ({ x: record.step, y: at })),
              { y, dash: [1, 2] },
            ),
          ],
    ),
  );
  const panel = { side: 'left', share: 5 } as const;
  return {
    id: 'grokking',
    title: `${network.model} on ${dataName(network)}: memorised first, generalised later`,
    caption: captionOf(data),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 500,
    chart: chart(
      [...fraction, ...intervals, ...overlap, direction, ...sharpness, ...loss, ...test, ...training, ...turned],
      {
        ...axes,
        sharpness: logAxis({ ...panel, title: 'ηλ₁', min: lowSharpness, max: highSharpness, every: 1 }),
        lowestGap: gap('left', 0.7),
        y: linearAxis({
          ...panel,
          title: 'alignment',
          min: lowest,
          max: 1.5, // room for the legend
          ticks: [-1, -0.5, 0, 0.5, 1].filter((tick) => tick >= lowest),
          share: 9,
        }),
        lowGap: gap('left', 0.7),
        loss: logAxis({ ...panel, title: 'training loss', min: lowLoss, max: highLoss, every: 2 }),
        gap: gap('left', 0.7),
        accuracy: linearAxis({ ...panel, title: 'accuracy', min: -0.05, max: 1.08, ticks: [0, 0.5, 1] }),
      },
      {
        panels: Object.keys(ranges).map((y) => ({ x, y })),
        labels: [
          {
            text: `${network.model}, ${dataName(network)}`,
            x: 0,
            y: 1.08,
            dx: -15,
            dy: -8,
            xAxis: x,
            yAxis: 'accuracy',
          },
        ],
        top: 20,
        legends: [
          {
            yAxis: 'accuracy',
            entries: [
              { text: 'training', like: training.at(-1)! },
              { text: 'test', like: test.at(-1)! },
            ],
          },
          {
            entries: [
              { text: `fₜₒₚ(${m})`, like: fraction.at(-1)! },
              { text: 'overlap(g, Hg)', like: overlap.at(-1)! },
              { text: `random direction: ${random.toPrecision(2)}`, like: direction },
            ],
          },
        ],
      },
    ),
  };
}

/** The first measurements with a training and with a test accuracy above 0.99. */
function turns(records: readonly GrokkingRecord[]): readonly [GrokkingRecord | undefined, GrokkingRecord | undefined] {
  return [records.find(({ accuracy }) => accuracy > 0.99), records.find(({ testAccuracy }) => testAccuracy > 0.99)];
}

function captionOf({ network, weightDecay, subspace: m, parameters, records }: GrokkingData): string {
  const [memorised, generalised] = turns(records);
  const at = (record: GrokkingRecord | undefined): string => (record === undefined ? 'none' : `step ${record.step}`);
  return [
    trainedCaption(network, { parameters, records }, logarithmicSteps),
    `Weight decay ${weightDecay}, which is no part of that loss. (a) Accuracy on the training samples and, dashed, on all other sums; dotted lines: the first measurements above 0.99, ${at(memorised)} on the training samples, ${at(generalised)} on the others. (b) Training loss.`,
    `(c) The fraction of the squared gradient in the top ${m} Hessian eigenvectors, bars: where it is known to lie; a random direction has ${(m / parameters).toPrecision(2)}. Dashed: overlap(g, Hg).`,
    `(d) The learning rate times the largest Hessian eigenvalue. Steps of ${network.optimizer} are divided by the root of the mean squared gradient in each parameter, so that 2 is no limit of stability here, as it is for gradient descent.`,
  ].join(' ');
}

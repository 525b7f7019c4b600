import { knownTopFraction } from '../src/train/known-top-fraction.js';
import type { TrainDocument } from '../src/train/train-document.js';
import { decimalTicks, evenTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { dataName, trainedNetwork, type TrainingFacts } from './network-data.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** The same run with all of the gradient, with its dominant part and with its bulk part after a switch. */
export interface DominantBulk {
  readonly sgd: TrainDocument;
  readonly dominant: TrainDocument;
  readonly bulk: TrainDocument;
}

/** What the figure draws of them. */
export interface DominantBulkData {
  readonly network: TrainingFacts;
  readonly subspace: number;
  readonly steps: number;
  /** The step from which parts are followed, with χ above `threshold`; null where that did not come. */
  readonly since: number | null;
  readonly threshold: number;
  readonly refresh: number;
  readonly records: Readonly<
    Record<
      keyof DominantBulk,
      readonly { readonly step: number; readonly loss: number; readonly topFraction: number }[]
    >
  >;
}

/** Loss and f_top(k) by step of SGD and of the runs that follow P_k g and (1 − P_k) g from the same weights: what dominantBulkFigure draws. */
export function dominantBulkData(runs: DominantBulk): DominantBulkData {
  const { run } = runs.sgd;
  const { follow } = runs.dominant.run.config;
  const since = runs.dominant.summary.followed?.since ?? null;
  const recordsOf = ({ records }: TrainDocument, from: number) =>
    records
      .filter(({ step }) => step >= from)
      .map((record) => ({ step: record.step, loss: record.loss, topFraction: knownTopFraction(record).middle }));
  return {
    network: trainedNetwork(run),
    subspace: run.subspace,
    steps: run.config.steps,
    since,
    threshold: follow.switch?.threshold ?? 0,
    refresh: follow.refresh,
    records: {
      sgd: recordsOf(runs.sgd, 0),
      dominant: recordsOf(runs.dominant, since ?? 0),
      bulk: recordsOf(runs.bulk, since ?? 0),
    },
  };
}

const drawn = [
  { key: 'bulk', name: 'Bulk-SGD', colour: palette.sky, style: { width: 4, marker: 'circle' } }, // it may lie under SGD
  { key: 'sgd', name: 'SGD', colour: palette.ink, style: { width: 1.2, marker: 'circle' } },
  { key: 'dominant', name: 'Dom-SGD', colour: palette.vermilion, style: { dash: [4, 1.5], marker: 'rectRot' } },
] as const;

/** Training loss and f_top against the step. */
export function dominantBulkFigure(data: DominantBulkData): Figure {
  const { network, subspace: m, steps: last, since, threshold, refresh, records } = data;
  const losses = Object.values(records).flatMap((one) => one.map(({ loss }) => loss));
  const [low, high] = [Math.min(...losses) / 1.15, Math.max(...losses) * 1.15];
  const lines = drawn.map(({ key, name, colour, style }) => ({
    name,
    end: records[key].at(-1)!.loss,
    loss: curve(
      `${name}, loss`,
      records[key].map(({ step, loss }) => ({ x: step, y: loss })),
      colour,
      { ...style, y: 'loss', dots: key === 'dominant' ? 2.2 : 1.5 },
    ),
    fraction: curve(
      `${name}, f_top(${m})`,
      records[key].map(({ step, topFraction }) => ({ x: step, y: topFraction })),
      colour,
      { ...style, dots: key === 'dominant' ? 2.2 : 1.5 },
    ),
  }));
  const switches = (y: string, ends: readonly number[]) =>
    since === null
      ? []
      : [
          guide(
            'switch',
            ends.map((at) => ({ x: since, y: at })),
            { y },
          ),
        ];
  const switched = switches('loss', [low, high]);
  return {
    id: 'dominant-bulk',
    title: `${network.model} on ${dataName(network)}: SGD in the dominant subspace and in the bulk`,
    caption:
      `(a) Full training loss and (b) f_top(${m}) of ${network.model} (${network.activation}) on ${network.samples} samples of ${dataName(network)}, ${network.loss}, batch ${network.batch ?? 'all'}, learning rate ${network.rate}, seed ${network.seed}, the same batches for all. ` +
      (since === null
        ? 'The switch did not come: all runs are the same.'
        : `From step ${since} on (vertical line), where the moving average of χ exceeded ${threshold}, Dom-SGD follows the part of the batch gradient in the top ${m} Hessian eigenvectors and Bulk-SGD the rest; eigenvectors are renewed every ${refresh} steps. Losses at the end: ${lines.map(({ name, end }) => `${name} ${end.toPrecision(3)}`).join(', ')}.`),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 310,
    chart: chart(
      [
        // The first is drawn on top.
        ...lines.toReversed().flatMap(({ loss, fraction }) => [loss, fraction]),
        ...switched,
        ...switches('y', [0, 1.05]),
      ],
      {
        x: linearAxis({
          title: 'step',
          side: 'bottom',
          min: -0.01 * last,
          max: last * 1.02,
          ticks: evenTicks(0, last, 5),
        }),
        y: linearAxis({ title: `fₜₒₚ(${m})`, side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 6 }),
        gap: gap('left', 0.7),
        loss: logAxis({
          title: 'training loss',
          side: 'left',
          min: low,
          max: high,
          ticks: decimalTicks(low, high),
          share: 10,
        }),
      },
      {
        panels: [{ y: 'loss' }, { y: 'y' }],
        legends: [
          {
            yAxis: 'loss',
            entries: [
              ...lines.map(({ name, loss }) => ({ text: name, like: loss })),
              ...switched.map((line) => ({ text: 'switch', like: line })),
            ],
          },
        ],
      },
    ),
  };
}

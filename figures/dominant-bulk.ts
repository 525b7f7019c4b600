import { knownTopFraction } from '../src/run/known-top-fraction.js';
import type { TrainDocument } from '../src/run/train-document.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** The same run with all of the gradient, with its dominant part and with its bulk part after a switch. */
export interface DominantBulk {
  readonly sgd: TrainDocument;
  readonly dominant: TrainDocument;
  readonly bulk: TrainDocument;
}

const drawn = [
  { key: 'sgd', name: 'SGD', colour: palette.ink },
  { key: 'dominant', name: 'Dom-SGD', colour: palette.vermilion },
  { key: 'bulk', name: 'Bulk-SGD', colour: palette.blue },
] as const;

/** Training loss and f_top against the step. */
export function dominantBulkFigure(runs: DominantBulk): Figure {
  const { config, data, subspace: m } = runs.sgd.run;
  const { followed } = runs.dominant.summary;
  const since = followed?.since ?? null;
  const { follow } = runs.dominant.run.config;
  const last = config.steps;
  const after = (key: keyof DominantBulk) =>
    runs[key].records.filter(({ step }) => key === 'sgd' || step >= (since ?? 0));
  const losses = drawn.flatMap(({ key }) => runs[key].records.map(({ loss }) => loss));
  const [low, high] = [Math.min(...losses) / 1.15, Math.max(...losses) * 1.15];
  const decades = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
  return {
    id: 'dominant-bulk',
    title: `${config.model} on ${data.name}: SGD in the dominant subspace and in the bulk`,
    caption:
      `Full training loss (above) and f_top(${m}) (below) of ${config.model} (${config.activation}) on ${data.samples} samples of ${data.name}, ${config.loss}, batch ${config.batch ?? 'all'}, learning rate ${config.schedule.rate}, seed ${config.seed}, the same batches for all. ` +
      (since === null
        ? 'The switch did not come: all runs are the same.'
        : `From step ${since} on (dashed), where the moving average of χ exceeded ${follow.switch?.threshold ?? 0}, Dom-SGD follows the part of the batch gradient in the top ${m} Hessian eigenvectors and Bulk-SGD the rest; eigenvectors are renewed every ${follow.refresh} steps. Losses at the end: ${drawn.map(({ key, name }) => `${name} ${runs[key].summary.finalLoss.toPrecision(3)}`).join(', ')}.`),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 280,
    chart: chart(
      [
        ...drawn.flatMap(({ key, name, colour }) => [
          curve(
            `${name}, loss`,
            after(key).map(({ step, loss }) => ({ x: step, y: loss })),
            colour,
            { y: 'loss', dots: 1.5, width: key === 'bulk' ? 4 : 1.5 }, // it may lie under SGD
          ),
          curve(
            `${name}, f_top(${m})`,
            after(key).map((record) => ({ x: record.step, y: knownTopFraction(record).middle })),
            colour,
            { dots: 1.5 },
          ),
        ]),
        ...(since === null
          ? []
          : [
              guide(
                'switch',
                [low, high].map((y) => ({ x: since, y })),
                { y: 'loss' },
              ),
              guide(
                'switch',
                [0, 1.05].map((y) => ({ x: since, y })),
              ),
            ]),
      ],
      {
        x: linearAxis({
          title: 'step',
          side: 'bottom',
          min: 0,
          max: last * 1.02,
          ticks: [0, 0.25, 0.5, 0.75, 1].map((s) => s * last),
        }),
        y: linearAxis({ title: `fₜₒₚ(${m})`, side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 6 }),
        gap: gap('left', 0.7),
        loss: logAxis({
          title: 'training loss',
          side: 'left',
          min: low,
          max: high,
          ticks: decades.filter((tick) => tick >= low && tick <= high),
          share: 10,
        }),
      },
      drawn.map(({ name, colour }, i) => ({
        text: name,
        x: 0.98 * last,
        y: high,
        dy: 10 + 12 * i,
        yAxis: 'loss',
        colour,
        align: 'right' as const,
      })),
    ),
  };
}

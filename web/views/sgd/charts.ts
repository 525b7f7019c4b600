import * as Plot from '@observablehq/plot';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import type { ChartTable } from '../../core/table.js';
import type { DescentMethod } from '../../../src/studies/simulate/descent-config.js';
import type { RunMean } from '../../../src/studies/simulate/sgd-ensemble.js';
import { methodNames } from './controls.js';
import type { ExpectedRun, ExpectedPoint, LivePoint, Plan } from './messages.js';

/** What the charts are drawn from. */
export interface Drawn {
  readonly plan: Plan;
  readonly points: readonly LivePoint[];
  readonly expected: ExpectedRun | undefined;
  /** Losses of whole runs of other methods with the same settings. */
  readonly traces: ReadonlyMap<DescentMethod, readonly LivePoint[]>;
}

const stepAxis = ({ recorded }: Plan): Plot.ScaleOptions => ({
  type: 'log',
  domain: [1, recorded.at(-1)! * 1.1],
  label: 'step',
  ticks: 6,
  tickFormat: 'd',
});

const isShare = ({ top, gradient }: ExpectedPoint): boolean => top.lower >= 0 && top.upper <= gradient;

const stepsOf = (points: readonly ExpectedPoint[]): string => {
  const [first, last] = [points[0]!.step, points.at(-1)!.step];
  return first === last ? `At step ${first}` : `From step ${first} to ${last}`;
};

/** Where settings were changed, and where the flow crosses α_c. */
const marksOf = ({ plan, expected }: Drawn): Plot.Markish[] => {
  const boundary = expected?.boundary ?? 0;
  const crossed = expected?.flow.find(({ margin }) => margin >= boundary);
  const starts = plan.config.margin < boundary;
  const changes = plan.changes.slice(1);
  return [
    Plot.ruleX(changes, { x: 'from', stroke: colours.purple, strokeDasharray: '1 4', strokeWidth: 2 }),
    ...(crossed === undefined || !starts
      ? []
      : [Plot.ruleX([crossed.step], { stroke: colours.grey, strokeDasharray: '2 3' })]),
  ];
};

const dots = (points: readonly LivePoint[], of: (point: LivePoint) => RunMean, least: number): Plot.Markish[] => [
  Plot.ruleX(points, {
    x: 'step',
    y1: (p: LivePoint) => Math.max(least, of(p).mean - of(p).standardError),
    y2: (p: LivePoint) => of(p).mean + of(p).standardError,
    stroke: colours.blue,
  }),
  Plot.dot(points, { x: 'step', y: (p: LivePoint) => of(p).mean, r: 2.6, fill: colours.blue }),
];

const measuredKey = { text: 'measured, mean of the runs', colour: colours.blue, kind: 'dot' } as const;

/** f_top(k) against the step. */
export function shareChart(drawn: Drawn): ChartContent {
  const { plan, points, expected } = drawn;
  const { classes: k } = plan.config;
  const { flow = [], noisy = [], rest } = expected ?? {};
  const last = plan.recorded.at(-1)!;
  const share = (end: 'lower' | 'upper') => (p: ExpectedPoint) => (isShare(p) ? p.top[end] / p.gradient : NaN);
  const missing = noisy.filter((p) => !isShare(p));
  return {
    caption:
      `How much of the squared gradient lies in the ${k} sharpest directions. Without noise it is 1 until the run reaches the boundary α_c and 0 beyond. ` +
      'The noise of SGD stays in sharp directions and takes over when the flow has died down: f_top rises to that of the noise alone. ' +
      (missing.length > 0
        ? `${stepsOf(missing)} leading order in η/b gives no share between 0 and 1, and nothing is drawn: close to the crossing it fails.`
        : 'The prediction is the closed form to leading order in η/b, without a fit; it fails close to the crossing.'),
    plot: {
      x: stepAxis(plan),
      y: { domain: [0, 1.02], label: `share of the gradient in the top space, f_top(${k})`, grid: true },
      marks: [
        ...marksOf(drawn),
        ...(rest == null
          ? []
          : [
              Plot.rect([rest], { x1: 1, x2: last, y1: 'lower', y2: 'upper', fill: colours.green, fillOpacity: 0.13 }),
              Plot.ruleY([rest.lower, rest.upper], { stroke: colours.green, strokeDasharray: '6 3' }),
            ]),
        Plot.line(flow, { x: 'step', y: (p: ExpectedPoint) => Number(p.margin < (expected?.boundary ?? 0)), stroke: colours.grey, strokeWidth: 5, strokeOpacity: 0.55 }), // prettier-ignore
        Plot.areaY(noisy, { x: 'step', y1: share('lower'), y2: share('upper'), fill: colours.vermilion, fillOpacity: 0.18 }), // prettier-ignore
        ...(['lower', 'upper'] as const).map((end) =>
          Plot.line(noisy, { x: 'step', y: share(end), stroke: colours.vermilion, strokeWidth: 1.8 }),
        ),
        ...dots(points, ({ topFraction }) => topFraction, 0),
      ],
    },
    key: [
      measuredKey,
      { text: 'predicted with the noise of SGD', colour: colours.vermilion },
      { text: 'flow alone, exact', colour: colours.grey },
      ...(rest == null ? [] : [{ text: 'noise alone at rest, f_noise', colour: colours.green, dash: '6 3' }]),
      ...(plan.changes.length > 1 ? [{ text: 'settings changed', colour: colours.purple, dash: '1 4' }] : []),
    ],
    table: () => tableOf(drawn),
  };
}

/** ‖g‖² against the step. */
export function gradientChart(drawn: Drawn): ChartContent {
  const { plan, points, expected } = drawn;
  const noisy = expected?.noisy ?? [];
  const flow = expected?.flow ?? [];
  const noise = noisy.map(({ step, gradient, flow: own }) => ({ step, value: gradient - own }));
  const values = [...flow.map((p) => p.flow), ...noisy.map((p) => p.gradient), ...points.map((p) => p.gradient.mean)];
  const largest = Math.max(...values, 1e-12);
  const floor = Math.max(largest * 1e-5, Math.min(...values.filter((x) => x > 0), largest) / 2);
  const visible = { clip: true } as const;
  return {
    caption:
      'The squared length of the gradient of the whole population. The part of the flow dies out; that of the noise stays, because every batch pushes the weights about. ' +
      'Where the curves of flow and noise cross, the noise takes over.',
    plot: {
      x: stepAxis(plan),
      y: { type: 'log', domain: [floor, largest * 1.5], label: 'squared gradient, ‖g‖²', grid: true, ticks: 5, tickFormat: (x: number) => (Math.log10(x) % 1 === 0 ? x.toExponential(0) : '') }, // prettier-ignore
      marks: [
        ...marksOf(drawn),
        Plot.line(flow, {
          x: 'step',
          y: 'flow',
          stroke: colours.grey,
          strokeWidth: 5,
          strokeOpacity: 0.55,
          ...visible,
        }),
        Plot.line(noise.filter(({ value }) => value > floor), { x: 'step', y: 'value', stroke: colours.green, strokeDasharray: '6 3', ...visible }), // prettier-ignore
        Plot.line(noisy, { x: 'step', y: 'gradient', stroke: colours.vermilion, strokeWidth: 1.8, ...visible }),
        ...dots(points.filter(({ gradient }) => gradient.mean > floor), ({ gradient }) => gradient, floor), // prettier-ignore
      ],
    },
    key: [
      measuredKey,
      { text: 'predicted: flow and noise', colour: colours.vermilion },
      { text: 'of the flow', colour: colours.grey },
      { text: 'of the noise', colour: colours.green, dash: '6 3' },
    ],
    table: () => tableOf(drawn),
  };
}

const methodLooks: Readonly<Record<DescentMethod, { readonly colour: string; readonly dash: string }>> = {
  gd: { colour: colours.ink, dash: '1 3' },
  sgd: { colour: colours.blue, dash: '' },
  'dom-sgd': { colour: colours.orange, dash: '7 3' },
  'bulk-sgd': { colour: colours.purple, dash: '3 3' },
};

/** The loss against the step, with the runs of other methods before. */
export function lossChart(drawn: Drawn): ChartContent {
  const { plan, points, expected, traces } = drawn;
  const { method } = plan.changes.at(-1)!.setting;
  const shown = [...traces].filter(([other]) => other !== method);
  const all = [...shown, [method, points] as const];
  return {
    caption:
      'The loss of the population. Dom-SGD follows only the top space, Bulk-SGD only the rest: before the boundary the first learns and the second stands still, beyond it is the other way round. ' +
      'Curves of the methods before stay as long as nothing else is changed.',
    plot: {
      x: stepAxis(plan),
      y: { label: 'loss', grid: true, zero: false, nice: true },
      marginRight: 64,
      marks: [
        ...marksOf(drawn),
        Plot.line(expected?.flow ?? [], { x: 'step', y: 'loss', stroke: colours.grey, strokeWidth: 5, strokeOpacity: 0.55 }), // prettier-ignore
        ...all.flatMap(([name, run]) => {
          const { colour, dash } = methodLooks[name];
          return [
            Plot.line(run, { x: 'step', y: (p: LivePoint) => p.loss.mean, stroke: colour, strokeDasharray: dash, strokeWidth: 2 }), // prettier-ignore
            Plot.text(run.slice(-1), { x: 'step', y: (p: LivePoint) => p.loss.mean, text: () => methodNames[name], textAnchor: 'start', dx: 6, fill: colour }), // prettier-ignore
          ];
        }),
      ],
    },
    key: [
      { text: 'gradient descent without noise, exact', colour: colours.grey },
      ...all.map(([name]) => ({ text: `${methodNames[name]}, measured`, ...methodLooks[name] })),
    ],
    table: () => lossTable(all),
  };
}

function tableOf({ points, expected }: Drawn): ChartTable {
  const noisy = new Map(expected?.noisy.map((p) => [p.step, p]));
  const flow = new Map(expected?.flow.map((p) => [p.step, p]));
  const of = (p: LivePoint, at: ExpectedPoint | undefined) => [
    ...[p.step, p.time, p.margin, p.topFraction.mean, p.topFraction.standardError],
    ...(at === undefined ? [null, null] : [at.top.lower / at.gradient, at.top.upper / at.gradient]),
    ...[p.gradient.mean, p.gradient.standardError, at?.gradient ?? null, flow.get(p.step)?.flow ?? null],
    ...[p.loss.mean, p.loss.standardError, at?.loss ?? null, p.overlap.mean, at?.overlap ?? null],
  ];
  return {
    columns: [
      ...['step', 'time', 'margin', 'f_top', 'f_top error', 'f_top predicted from', 'f_top predicted to'],
      ...['gradient²', 'gradient² error', 'gradient² predicted', 'gradient² of the flow'],
      ...['loss', 'loss error', 'loss predicted', 'overlap(g, Hg)', 'overlap predicted'],
    ],
    rows: points.map((p) => of(p, noisy.get(p.step))),
  };
}

const lossTable = (all: readonly (readonly [DescentMethod, readonly LivePoint[]])[]): ChartTable => ({
  columns: ['method', 'step', 'loss', 'standard error'],
  rows: all.flatMap(([name, run]) =>
    run.map(({ step, loss }) => [methodNames[name], step, loss.mean, loss.standardError]),
  ),
});

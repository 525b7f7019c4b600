import { areaY, line, rect, ruleX, ruleY, text } from '@observablehq/plot';
import type { ChartContent, KeyEntry } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { pointer } from './levels-chart.js';
import { regimesOf, type Picture, type Regime } from './picture.js';

interface Share {
  readonly x: number;
  readonly lower: number;
  readonly upper: number;
  /** Points of one run are joined: between runs f_top jumps. */
  readonly run: number;
}

const regimeLooks: Readonly<Record<Regime['name'], { readonly text: string; readonly colour: string }>> = {
  I: { text: 'I: the flow in the top space', colour: colours.sky },
  II: { text: 'II: the flow outside', colour: colours.orange },
  III: { text: 'III: the noise takes over', colour: colours.purple },
};

/** f_top(k) as an interval beside overlap(g, Hg), the share of a random direction, and what rules where. */
export function alignmentChart(picture: Picture): ChartContent {
  const { rows, settings, along, sgdOverlaps, model, sgdRows } = picture;
  const { classes: k, dim, sgd } = settings;
  const hasNoise = sgd === 'on' && model.noise > 0;
  const flow = runsOf(
    rows.flatMap(({ topFraction, ...row }) => {
      const x = along.of(row);
      return x === undefined ? [] : [{ x, ...topFraction }];
    }),
  );
  const noisy = runsOf(
    (sgdRows ?? []).flatMap(({ topFraction, ...row }) => {
      const x = along.of(row);
      return x === undefined ? [] : [{ x, ...topFraction }];
    }),
  );
  const drawn = hasNoise ? noisy : flow;
  const overlaps = (hasNoise ? (sgdOverlaps ?? []) : rows).flatMap((row) => {
    const x = along.of(row);
    return x === undefined ? [] : [{ x, overlap: row.overlap }];
  });
  const random = k / (k * dim);
  const regimes = regimesOf(picture);
  const takes = regimes.find(({ name }) => name === 'III');
  const main = { stroke: colours.vermilion, strokeWidth: 3 };
  return {
    caption: captionOf(picture, hasNoise),
    height: 330,
    plot: {
      marginLeft: 52,
      marginTop: 26,
      marginRight: 14,
      marginBottom: 40,
      x: along.scale,
      y: { domain: [-0.12, 1.08], label: '↑ share', ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: String, grid: true },
      marks: [
        rect(regimes, {
          x1: 'from',
          x2: 'to',
          y1: -0.12,
          y2: 1.08,
          fill: ({ name }: Regime) => regimeLooks[name].colour,
          fillOpacity: 0.13,
        }),
        text(regimes, {
          x: ({ from, to }: Regime) => along.between(from, to),
          text: 'name',
          frameAnchor: 'top',
          dy: -18,
          fontWeight: 'bold',
          fill: colours.ink,
        }),
        ruleX(takes === undefined ? [] : [takes.from], {
          stroke: colours.purple,
          strokeDasharray: '6 3',
          strokeWidth: 1.5,
        }),
        ruleY([random], { stroke: colours.grey, strokeDasharray: '2 3', strokeWidth: 1.5 }),
        ...(hasNoise
          ? [
              line(flow, {
                x: 'x',
                y: 'lower',
                z: 'run',
                stroke: colours.green,
                strokeDasharray: '3 3',
                strokeWidth: 1.5,
              }),
            ]
          : []),
        line(overlaps, { x: 'x', y: 'overlap', stroke: colours.blue, strokeDasharray: '8 4', strokeWidth: 1.8 }),
        areaY(drawn, { x: 'x', y1: 'lower', y2: 'upper', z: 'run', fill: colours.vermilion, fillOpacity: 0.25 }),
        line(drawn, { x: 'x', y: 'lower', z: 'run', ...main }),
        line(drawn, { x: 'x', y: 'upper', z: 'run', ...main, strokeWidth: 1.5 }),
        // A choice at the first place alone has no width.
        ruleX(drawn.slice(0, 1), { x: 'x', y1: 'lower', y2: 'upper', stroke: colours.vermilion, strokeWidth: 5 }),
        ...pointer(picture),
      ],
    },
    key: keyOf(picture, hasNoise, regimes),
    table: () => ({
      columns: ['series', settings.against === 'time' ? 'time' : 'share of margin', 'lower', 'upper'],
      rows: [
        ...flow.map(({ x, lower, upper }) => [`f_top(${k}) of the flow`, x, lower, upper]),
        ...noisy.map(({ x, lower, upper }) => [`f_top(${k}) with the noise of SGD`, x, lower, upper]),
        ...overlaps.map(({ x, overlap }) => ['overlap(g, Hg)', x, overlap, overlap]),
        ...along.ends.map((x) => ['random direction', x, random, random]),
        ...regimes.map(({ name, from, to }) => [`regime ${name}`, null, from, to]),
      ],
    }),
  };
}

/** A change from one point to the next that is no slope: a level has passed another. */
const jump = 0.15;

/** Points in runs within which f_top does not jump. */
function runsOf(points: readonly Omit<Share, 'run'>[]): Share[] {
  let run = 0;
  return points.map((point, i) => {
    const before = points[i - 1];
    const step = before && Math.max(Math.abs(before.lower - point.lower), Math.abs(before.upper - point.upper));
    if (step !== undefined && step > jump) run++;
    return { ...point, run };
  });
}

function keyOf({ settings }: Picture, hasNoise: boolean, regimes: readonly Regime[]): KeyEntry[] {
  const f = `f_top(${settings.classes})`;
  return [
    { text: hasNoise ? `${f} with SGD's noise` : f, colour: colours.vermilion },
    ...(hasNoise ? [{ text: `${f} of the flow alone`, colour: colours.green, dash: '3 3' }] : []),
    { text: 'overlap(g, Hg)', colour: colours.blue, dash: '8 4' },
    { text: 'a random direction', colour: colours.grey, dash: '2 3' },
    ...regimes.map(({ name }) => ({ ...regimeLooks[name], kind: 'area' as const })),
  ];
}

function captionOf({ settings, isSketch, sgdRows, takeover, boundary }: Picture, hasNoise: boolean): string {
  const k = settings.classes;
  const what = `f_top(${k}) is the share of the squared gradient that lies in the ${k} steepest directions, a band where equal eigenvalues leave open which these are.`;
  const rest = isSketch ? ' Drawn to three digits while settings move.' : '';
  if (settings.noise === 0)
    return `${what} It is 1 at every time after the start${settings.sgd === 'on' ? ', and the noise of SGD, which has no other directions to go to, changes nothing about it' : ''}.${rest}`;
  if (!hasNoise)
    return `${what} It falls from 1 to 0 at once where the gradient's level is passed, and overlap(g, Hg), which is often shown in its place, stays 1: it does not see which eigenvalue the gradient belongs to.${rest}`;
  if (sgdRows === undefined) return `${what} The noise of SGD is being solved for these settings.${rest}`;
  if (takeover === undefined || boundary === undefined)
    return `${what} Where the noise takes over is being solved.${rest}`;
  const isDip = takeover.logTime > takeover.boundary.logTime;
  return (
    `${what} ${isDip ? 'First the flow is in the top space (I), then it has left it (II), and at last the noise of SGD outlives the flow (III): noise is strongest where the loss is steepest, so that the gradient is partly in the top space again' : 'The noise of SGD takes over (III) before the flow leaves the top space (I), and from there on f_top is that of the noise'}. ` +
    `The law is to leading order in η/b; "second order" below says how far to trust it.${rest}`
  );
}

import { areaY, dot, line, ruleX, text } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { powersOfTen } from './axis.js';
import { isGradients, type CurveLevel } from './flow-rows.js';
import { crossingMarks, type CrossingMark, type Picture } from './picture.js';
import { lookOf } from './sector-style.js';

interface LevelPoint {
  readonly sector: string;
  readonly multiplicity: number;
  readonly x: number;
  readonly value: number;
}

/** All positive levels along the flow, the k largest eigenvalues shaded, with the crossings of the gradient's level. */
export function levelsChart(picture: Picture): ChartContent {
  const { rows, settings, along, boundary, isSketch } = picture;
  const k = settings.classes;
  const isRelative = settings.scale === 'relative';
  const scaled = (level: CurveLevel, gradient: CurveLevel): number =>
    isRelative ? level.ratio / gradient.ratio : level.value;
  const placed = rows.flatMap((row) => {
    const x = along.of(row);
    const gradient = row.levels.find(isGradients)!;
    return x === undefined ? [] : [{ x, row, gradient, cut: scaled(row.cut, gradient) }];
  });
  const points = placed.flatMap(({ x, row, gradient }) =>
    row.levels.map(({ sector, multiplicity, ...level }): LevelPoint => ({
      sector,
      multiplicity,
      x,
      value: scaled({ sector, multiplicity, ...level }, gradient),
    })),
  );
  const seen = points.filter(({ value }) => value > 0);
  const values = seen.map(({ value }) => value);
  const domain = [Math.min(...values) / 1.5, Math.max(...values) * 2] as const;
  const sectors = [...new Map(seen.map((point) => [point.sector, point.multiplicity])).entries()].sort(
    ([x], [y]) => Number(isGradients({ sector: y })) - Number(isGradients({ sector: x })),
  );
  const gradients = seen.filter(isGradients);
  const heightAt = (x: number): number => heightOf(gradients, x, along.between(1, 100) === 10);
  const crossings = crossingMarks(picture).map((mark) => ({ ...mark, y: heightAt(mark.at) }));
  const [leaves] = crossings;
  const side = endOf(leaves?.at, along.ends, settings.against);
  const yTicks = powersOfTen(domain, 8);
  return {
    caption:
      `The curvature of the loss: every distinct eigenvalue of its Hessian, by the number of directions that share it. Shaded are the k = ${k} largest; the gradient is an eigenvector on the thick level throughout. ` +
      causeText(picture, leaves !== undefined) +
      (isSketch ? ' Drawn to three digits while settings move.' : ''),
    height: 385,
    plot: {
      marginLeft: 52,
      marginTop: 22,
      marginRight: 14,
      marginBottom: 40,
      x: along.scale,
      y: {
        type: 'log',
        domain: [...domain],
        label: isRelative ? "↑ eigenvalue over the gradient's" : '↑ eigenvalue λ',
        ...(yTicks.ticks.length > 1 ? yTicks : { ticks: 4 }),
        grid: true,
      },
      marks: [
        areaY(placed, {
          x: 'x',
          y1: ({ cut }: { cut: number }) => Math.max(cut, domain[0]),
          y2: domain[1],
          fill: colours.sky,
          fillOpacity: 0.18,
        }),
        ...sectors.map(([sector]) => {
          const { colour, dash, width } = lookOf(sector);
          return line(
            seen.filter((point) => point.sector === sector),
            { x: 'x', y: 'value', stroke: colour, strokeWidth: width, strokeDasharray: dash },
          );
        }),
        ruleX(leaves === undefined ? [] : [leaves.at], { stroke: colours.ink, strokeDasharray: '6 3' }),
        dot(crossings, { x: 'at', y: 'y', r: 4.5, fill: colours.ink, stroke: 'var(--ground)' }),
        text(leaves === undefined ? [] : [leaves], {
          x: 'at',
          text: ({ sector, share }: CrossingMark) => `${lookOf(sector).name} passes at α/α* = ${short(share, 3)}`,
          frameAnchor: 'top',
          textAnchor: side,
          dx: { start: 5, middle: 0, end: -5 }[side],
          dy: 5,
          fill: colours.ink,
          stroke: 'var(--ground)',
          strokeWidth: 4,
        }),
        ...pointer(picture),
      ],
    },
    key: [
      ...sectors.map(([sector, multiplicity]) => {
        const { name, colour, dash } = lookOf(sector);
        return { text: `${isGradients({ sector }) ? "the gradient's" : name} × ${multiplicity}`, colour, dash };
      }),
      { text: `the k = ${k} largest`, colour: colours.sky, kind: 'area' as const },
      ...(boundary === undefined ? [] : [{ text: "passes the gradient's", colour: colours.ink, kind: 'dot' as const }]),
    ],
    table: () => ({
      columns: [
        'series',
        settings.against === 'time' ? 'time' : 'share of margin',
        isRelative ? 'relative eigenvalue' : 'eigenvalue',
        'multiplicity',
      ],
      rows: [
        ...seen.map(({ sector, x, value, multiplicity }) => [lookOf(sector).name, x, value, multiplicity]),
        ...placed.map(({ x, cut }) => ['k-th largest', x, cut, null]),
        ...crossings.map(({ sector, at, y }) => [`crossing: ${lookOf(sector).name}`, at, y, null]),
      ],
    }),
  };
}

function causeText({ settings, boundary }: Picture, isOnAxis: boolean): string {
  if (settings.noise === 0)
    return `Without noise it stays the largest of all${settings.against === 'time' ? '; at t = 0, left of this axis, all levels are one' : '; at α = 0 all levels are one'}.`;
  if (boundary === undefined) return 'Where another level passes it is being solved.';
  if (!isOnAxis)
    return `The ${lookOf(boundary.crossedBy).name} level passes it only beyond this axis: run along the margin to see it.`;
  return `Where the ${lookOf(boundary.crossedBy).name} level passes it (dot), the gradient drops out of the k largest; the further dots are the levels that pass it later.`;
}

/** The height of a line between its points, on logarithmic axes as drawn. */
function heightOf(points: readonly LevelPoint[], x: number, isLogarithmic: boolean): number {
  const after = points.findIndex((point) => point.x >= x);
  const [right, left] = [points[after] ?? points.at(-1)!, points[Math.max(0, after - 1)]!];
  const along = isLogarithmic ? Math.log : (value: number): number => value;
  const share = right.x === left.x ? 0 : (along(x) - along(left.x)) / (along(right.x) - along(left.x));
  return left.value * (right.value / left.value) ** share;
}

/** Which way a label at a place may run without leaving the frame. */
function endOf(at = 0, [from, to]: readonly [number, number], against: string): 'start' | 'middle' | 'end' {
  const share = against === 'time' ? Math.log(at / from) / Math.log(to / from) : (at - from) / (to - from);
  return share < 0.25 ? 'start' : share > 0.75 ? 'end' : 'middle';
}

/** The place that is pointed at. */
export const pointer = ({ along }: Picture) => [
  ruleX([along.pointed], { stroke: colours.grey, strokeWidth: 1.5, strokeDasharray: '2 3' }),
  text([along.pointed], {
    x: (at: number) => at,
    text: () => '▲ here',
    frameAnchor: 'bottom',
    textAnchor: 'start',
    dx: -5,
    dy: -3,
    fill: colours.ink,
  }),
];

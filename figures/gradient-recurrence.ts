import { evenTicks, gap, linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** g ← (1 − ηH) g at a fixed H. */
export interface Recurrence {
  readonly eigenvalues: readonly number[];
  readonly rate: number;
  readonly insideRayleigh: readonly number[];
  readonly wholeRayleigh: readonly number[];
  readonly wholeTopFraction: readonly number[];
}

/** What the figure draws of one recurrence. */
export interface RecurrenceCurves {
  readonly name: string;
  readonly about: string;
  /** Number of iterations. */
  readonly last: number;
  /** Curvatures over λ_k of the iterates from g_top and from g, and the share of the latter in the top space. */
  readonly points: readonly {
    readonly iteration: number;
    readonly inside: number;
    readonly whole: number;
    readonly share: number;
  }[];
}

/** At most 75 points and the last: with several for a pixel, lines get notches. */
export function recurrenceCurves(name: string, about: string, found: Recurrence): RecurrenceCurves {
  const { eigenvalues, insideRayleigh, wholeRayleigh, wholeTopFraction } = found;
  const smallest = eigenvalues.at(-1)!;
  const last = insideRayleigh.length - 1;
  const every = Math.ceil(insideRayleigh.length / 75);
  const points = insideRayleigh.flatMap((inside, iteration) =>
    iteration % every === 0 || iteration === last
      ? [
          {
            iteration,
            inside: inside / smallest,
            whole: wholeRayleigh[iteration]! / smallest,
            share: wholeTopFraction[iteration]!,
          },
        ]
      : [],
  );
  return { name, about, last, points };
}

/** What is lower, or negative, is drawn here. */
const low = 0.01;

/** The curvature along g under the recurrence, inside the top space and without the restriction, for a network and the exact model. */
export function gradientRecurrenceFigure({ cases }: { readonly cases: readonly RecurrenceCurves[] }): Figure {
  const all = cases.flatMap(({ points }) => points);
  const largest = Math.max(...all.map(({ inside }) => inside));
  const isBelow = all.some(({ whole }) => whole < low);
  const panels = cases.map((one, i) => {
    const { name, last, points } = one;
    const x = panelAxis(i);
    const line = (label: string, y: (p: (typeof points)[number]) => number, colour: string, style = {}) =>
      curve(
        `${label}, ${name}`,
        points.map((p) => ({ x: p.iteration, y: y(p) })),
        colour,
        { x, ...style },
      );
    return {
      ...one,
      x,
      limit: guide(
        `λ_k, ${name}`,
        [0, last].map((t) => ({ x: t, y: 1 })),
        { x },
      ),
      whole: line('from g', ({ whole }) => Math.max(whole, low), palette.ink),
      inside: line('from g_top', ({ inside }) => Math.max(inside, low), palette.vermilion, { dash: [6, 1.5] }),
      share: line('f_top', ({ share }) => share, palette.ink, { y: 'share' }),
    };
  });
  const [{ limit, whole, inside }] = panels as [(typeof panels)[number]];
  return {
    id: 'gradient-recurrence',
    title: 'g ← (1 − ηH) g',
    caption: `Iterating g ← (1 − ηH) g at fixed H. ${cases.map(({ name, about }, i) => `${panelLetter(i)} ${name}: ${about}.`).join(' ')} Above: the curvature vᵀHv/vᵀv of the iterate over λ_k, the smallest eigenvalue of the top space; from g_top (dashed) it falls to 1, from all of g (solid) on below it, towards the smallest eigenvalues that g has a part in${isBelow ? `; what is below ${low}, or negative, is drawn at ${low}` : ''}. Below: the share of the iterate in the top space, from all of g.`,
    columns: ['series', 'iteration', 'relative curvature or share'],
    width: columnWidth,
    height: 284,
    chart: chart(
      panels.flatMap((one) => [one.limit, one.whole, one.inside, one.share]),
      {
        ...sideBySide(
          panels.map(({ last }) =>
            linearAxis({
              title: 'iteration',
              side: 'bottom',
              min: 0,
              max: last,
              ticks: evenTicks(0, last, 4),
              share: 10,
            }),
          ),
          2.2,
        ),
        share: linearAxis({ title: 'fₜₒₚ', side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 5 }),
        gap: gap('left', 0.7),
        y: logAxis({ title: 'vᵀHv/λₖ', side: 'left', min: low, max: largest * 1.5, every: 1, share: 10 }),
      },
      {
        panels: panels.map(({ name, x }) => ({ x, title: name })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'from g', like: whole },
              { text: 'from g_{top}', like: inside },
              { text: 'λₖ', like: limit },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}

import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** g ← (1 − ηH) g at a fixed H. */
export interface Recurrence {
  readonly eigenvalues: readonly number[];
  readonly rate: number;
  readonly insideRayleigh: readonly number[];
  readonly wholeRayleigh: readonly number[];
  readonly wholeTopFraction: readonly number[];
}

/** What is lower, or negative, is drawn here. */
const low = 0.01;

/** The curvature along g under the recurrence, inside the top space and without the restriction, for a network and the exact model. */
export function gradientRecurrenceFigure(
  cases: readonly { readonly name: string; readonly about: string; readonly found: Recurrence }[],
): Figure {
  const panels = cases.map(({ name, found }, i) => ({ name, found, x: i === 0 ? 'x' : `x${i}` }));
  const relativeTo = ({ eigenvalues }: Recurrence, values: readonly number[]) =>
    values.map((q) => q / eigenvalues.at(-1)!);
  const largest = Math.max(...cases.flatMap(({ found }) => relativeTo(found, found.insideRayleigh)));
  const isBelow = cases.some(({ found }) => relativeTo(found, found.wholeRayleigh).some((q) => q < low));
  return {
    id: 'gradient-recurrence',
    title: 'g ← (1 − ηH) g',
    caption: `Iterating g ← (1 − ηH) g at fixed H. ${cases.map(({ name, about }) => `${name}: ${about}.`).join(' ')} Above: the curvature vᵀHv/vᵀv of the iterate over λ_k, the smallest eigenvalue of the top space; from g_top (red) it falls to 1, from all of g (black) on below it, towards the smallest eigenvalues that g has a part in${isBelow ? `; what is below ${low}, or negative, is drawn at ${low}` : ''}. Below: the share of the iterate in the top space, from all of g.`,
    columns: ['series', 'iteration', 'relative curvature or share'],
    width: columnWidth,
    height: 260,
    chart: chart(
      panels.flatMap(({ name, found, x }) => {
        const last = found.insideRayleigh.length - 1;
        const relative = (values: readonly number[]) =>
          drawn(relativeTo(found, values)).map(({ x: t, y }) => ({ x: t, y: Math.max(y, low) }));
        return [
          guide(
            `λ_k, ${name}`,
            [0, last].map((t) => ({ x: t, y: 1 })),
            { x },
          ),
          curve(`from g, ${name}`, relative(found.wholeRayleigh), palette.ink, { x }),
          curve(`from g_top, ${name}`, relative(found.insideRayleigh), palette.vermilion, { x }),
          curve(`f_top, ${name}`, drawn(found.wholeTopFraction), palette.ink, { x, y: 'share' }),
        ];
      }),
      {
        ...Object.fromEntries(
          panels.flatMap(({ found, x }, i) => {
            const last = found.insideRayleigh.length - 1;
            const spec = {
              title: 'iteration',
              side: 'bottom',
              min: 0,
              max: last,
              ticks: [0, last / 2, last],
              share: 10,
            } as const;
            return [...(i === 0 ? [] : [[`gap${i}`, gap('bottom', 1.2)] as const]), [x, linearAxis(spec)] as const];
          }),
        ),
        share: linearAxis({ title: 'fₜₒₚ', side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 5 }),
        gap: gap('left', 0.7),
        y: logAxis({ title: 'vᵀHv/λₖ', side: 'left', min: low, max: largest * 1.5, every: 1, share: 10 }),
      },
      [
        ...panels.map(({ name, x }) => ({ text: name, x: 0, y: largest * 1.5, dy: -8, xAxis: x })),
        ...labels(panels[0]!.found),
      ],
      18,
    ),
  };
}

/** At most 75 points and the last: with several for a pixel, lines get notches. */
function drawn(values: readonly number[]) {
  const every = Math.ceil(values.length / 75);
  return values.flatMap((y, t) => (t % every === 0 || t === values.length - 1 ? [{ x: t, y }] : []));
}

/** Names of the curves, in the first panel. */
function labels({ insideRayleigh, wholeRayleigh, eigenvalues }: Recurrence) {
  const last = insideRayleigh.length - 1;
  const middle = Math.round(0.4 * last);
  const below = Math.max(low, wholeRayleigh[middle]! / eigenvalues.at(-1)!);
  return [
    { text: 'from gₜₒₚ', x: 0.97 * last, y: 1, dy: -9, align: 'right' as const, colour: palette.vermilion },
    { text: 'from g', x: middle, y: below, dy: 8, dx: -4, align: 'right' as const },
  ];
}

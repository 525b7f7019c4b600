import { dot, line, rect, text } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import { sectorName } from '../../../src/exact/noisy/index.js';
import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { sectorLines } from '../../core/sectors.js';

/** The eigenvalues at the point, by their rank: which are the top k, and whether the gradient's is among them. */
export function spectrumChart({ model, states }: SolveDocument, command: string): ChartContent {
  const { classes: k, noise } = model;
  const state = states[0]!;
  let above = 0;
  const steps = state.levels
    .filter(({ value }) => value > 0)
    .map((level) => {
      const first = above;
      above += level.multiplicity;
      return { ...level, from: first + 0.5, to: above + 0.5, ...sectorLines[level.sector]! };
    });
  const gradient = steps.find(({ sector }) => sector === 'trivial')!;
  const isInside = state.topFraction.lower === 1;
  return {
    caption:
      `Every positive eigenvalue of the Hessian at σ = ${short(noise)}, α = ${short(state.margin!)}, largest first; equal ones make a step, and the shaded ranks are the top k = ${k}. ` +
      (isInside
        ? `The gradient is the eigenvector marked: it is among the top k, so f_top(k) of the flow is 1.`
        : `The gradient is still an eigenvector, the one marked, but ${Math.round(gradient.to - 1.5)} eigenvalues are larger: it is not among the top k, so f_top(k) of the flow is 0 although overlap(g, Hg) = 1.`),
    height: 340,
    plot: {
      marginTop: 28,
      marginLeft: 62,
      marginBottom: 42,
      x: {
        type: 'log',
        domain: [0.5, above + 0.5],
        label: 'rank of the eigenvalue →',
        labelAnchor: 'center',
        ticks: 5,
        tickFormat: '~s',
      },
      y: {
        domain: [0, 1.12 * steps[0]!.value],
        label: '↑ eigenvalue λ',
        ticks: 5,
        tickFormat: (y: number) => short(y, 3),
      },
      marks: [
        rect([{}], { x1: 0.5, x2: k + 0.5, y1: 0, y2: 1.12 * steps[0]!.value, fill: colours.blue, fillOpacity: 0.16 }),
        ...steps.flatMap(({ from, to, value, colour }) => [
          rect([{}], { x1: from, x2: to, y1: 0, y2: value, fill: colour, fillOpacity: 0.12 }),
          line(
            [
              [from, value],
              [to, value],
            ],
            { stroke: colour, strokeWidth: 3 },
          ),
        ]),
        dot([[gradient.from + 0.5, gradient.value]], { symbol: 'diamond', r: 7, fill: colours.vermilion }),
        text([[gradient.from + 0.5, gradient.value]], {
          text: ['gradient'],
          dy: -13,
          fill: colours.vermilion,
          fontWeight: 600,
          stroke: 'var(--ground)',
          strokeWidth: 4,
        }),
      ],
    },
    key: [
      { text: `the top k = ${k}`, colour: colours.blue, kind: 'area', opacity: 0.16 },
      ...steps.map(({ sector, multiplicity, colour }) => ({
        text: `${sectorName(sector)} × ${multiplicity}`,
        colour,
        kind: sector === 'trivial' ? ('dot' as const) : ('area' as const),
      })),
    ],
    table: () => ({
      columns: ['level', 'multiplicity', 'eigenvalue', 'relative error'],
      rows: state.levels.map(({ sector, multiplicity, value, relativeError }) => [
        sectorName(sector),
        multiplicity,
        value,
        relativeError,
      ]),
    }),
    command,
  };
}

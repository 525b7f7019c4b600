import { evenTicks, gap, linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** Eigenvalues over the largest, descending, with log(AM/GM) of what is below the r largest, r = 0 … n − 1, and the rank of the spike that is fitted. */
export interface FactorSpectrum {
  readonly name: string;
  readonly rank: number;
  readonly eigenvalues: readonly number[];
  readonly costs: readonly number[];
}

/** Factors of one gradient; `beside` is drawn dashed. */
export interface FactorCase {
  readonly name: string;
  readonly about: string;
  readonly spectra: readonly FactorSpectrum[];
  readonly beside: FactorSpectrum;
}

/** What is lower is drawn here. */
const low = 1e-4;
const lowestCost = 1e-4;

/** Spectra of Shampoo's factors by rank, with the flat level of the rest, and below them what flatness costs against the rank of the spike. */
export function spikeAndFlatFigure({ cases }: { readonly cases: readonly FactorCase[] }): Figure {
  const drawn = cases.map(({ name, spectra, beside }, i) => {
    const x = panelAxis(i);
    const last = Math.max(...spectra.map(({ eigenvalues }) => eigenvalues.length));
    const styles = [
      { colour: palette.ink, marker: 'circle' },
      { colour: palette.vermilion, marker: 'triangle' },
    ] as const;
    const dots = spectra.map((one, s) =>
      curve(
        `${one.name}, ${name}`,
        one.eigenvalues.map((y, r) => ({ x: r + 1, y: Math.max(low, y) })),
        styles[s]!.colour,
        { x, width: 0, dots: s === 0 ? 1.4 : 2, marker: styles[s]!.marker },
      ),
    );
    const flats = spectra.map((one, s) => {
      const rest = one.eigenvalues.slice(one.rank);
      const level = rest.reduce((sum, y) => sum + y, 0) / rest.length;
      return curve(
        `flat part, ${one.name}, ${name}`,
        [one.rank + 0.5, one.eigenvalues.length].map((at) => ({ x: at, y: level })),
        styles[s]!.colour,
        { x, width: 1 },
      );
    });
    const costs = (one: FactorSpectrum, colour: string, dash: readonly number[]) =>
      curve(
        `log(AM/GM), ${one.name}, ${name}`,
        one.costs.map((y, r) => ({ x: r, y: Math.max(lowestCost, y) })),
        colour,
        { x, y: 'cost', width: 1.2, dash },
      );
    return {
      x,
      last,
      dots,
      spike: guide(
        `rank of the spike, ${name}`,
        [low, 2].map((y) => ({ x: spectra[0]!.rank + 0.5, y })),
        { x, dash: [1.5, 1.5], width: 0.8 },
      ),
      flats,
      beside: guide(
        `${beside.name}, ${name}`,
        beside.eigenvalues.map((y, r) => ({ x: r + 1, y: Math.max(low, y) })),
        { x },
      ),
      costs: [...spectra.map((one, s) => costs(one, styles[s]!.colour, [])), costs(beside, palette.grey, [4, 3])],
    };
  });
  const [first] = drawn as [(typeof drawn)[number]];
  return {
    id: 'spike-and-flat',
    title: "Shampoo's factors: a spike and a flat rest?",
    caption: `Above: eigenvalues of the factors over the largest, by rank; lines: the mean of what is below the spike, whose rank (dotted) is that of the class space. Below: log(AM/GM) of the eigenvalues below the r largest, the KL cost of calling them flat; 0 where they are equal. ${cases.map(({ name, about, beside }, i) => `${panelLetter(i)} ${name}: ${about}; dashed: ${beside.name}.`).join(' ')} What is below ${low} is drawn there.`,
    columns: ['series', 'rank', 'eigenvalue over the largest, or log(AM/GM)'],
    width: columnWidth,
    height: 300,
    chart: chart(
      drawn.flatMap((one) => [one.spike, one.beside, ...one.flats, ...one.dots, ...one.costs]),
      {
        ...sideBySide(
          drawn.map(({ last }) =>
            linearAxis({
              title: 'rank r',
              side: 'bottom',
              min: 0,
              max: last + 1,
              ticks: evenTicks(0, last, 4),
              share: 10,
            }),
          ),
          1.6,
        ),
        cost: logAxis({ title: 'log(AM/GM)', side: 'left', min: lowestCost, max: 10, every: 1, share: 8 }),
        gap: gap('left', 0.7),
        y: logAxis({ title: 'λ/λ₁', side: 'left', min: low, max: 2, every: 1, share: 10 }),
      },
      {
        panels: drawn.map(({ x }, i) => ({ x, title: cases[i]!.name })),
        legends: [
          {
            row: 9,
            entries: [
              ...first.dots.map((dots, s) => ({ text: cases[0]!.spectra[s]!.name, like: dots })),
              { text: 'flat part', like: first.flats[0]! },
              { text: 'm', like: first.spike },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}

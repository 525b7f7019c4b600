import { decadesAround, evenTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** A run of gradient descent. */
export interface EdgeCurves {
  /** η. */
  readonly rate: number;
  /** m of f_top(m). */
  readonly subspace: number;
  readonly records: readonly {
    /** η times the step. */
    readonly time: number;
    /** ηλ₁. */
    readonly sharpness: number;
    readonly topFraction: number;
    readonly loss: number;
  }[];
}

const styles = [
  { colour: palette.blue, dash: [], marker: 'circle' },
  { colour: palette.ink, dash: [5, 2], marker: 'triangle' },
  { colour: palette.vermilion, dash: [2, 1.5], marker: 'rectRot' },
] as const;

/** ηλ₁, f_top(m) and the loss of gradient descent at several learning rates, against ηt: the gradient comes into the top space where ηλ₁ has come to 2. */
export function edgeOfStabilityFigure({ runs }: { readonly runs: readonly EdgeCurves[] }): Figure {
  const last = Math.max(...runs.map(({ records }) => records.at(-1)!.time));
  const highest = 1.1 * Math.max(2, ...runs.flatMap(({ records }) => records.map(({ sharpness }) => sharpness)));
  const [low, high] = decadesAround(runs.flatMap(({ records }) => records.map(({ loss }) => loss)));
  const m = runs[0]!.subspace;
  const drawn = runs.map(({ rate, records }, i) => {
    const { colour, dash, marker } = styles[i % styles.length]!;
    const line = (name: string, y: string, of: (record: EdgeCurves['records'][number]) => number) =>
      curve(
        `${name}, η = ${rate}`,
        records.map((record) => ({ x: record.time, y: of(record) })),
        colour,
        { y, dash, marker, dots: 2, width: 1.2 },
      );
    return {
      rate,
      sharpness: line('ηλ₁', 'sharpness', (record) => record.sharpness),
      others: [
        line(`f_top(${m})`, 'y', (record) => record.topFraction),
        line('training loss', 'loss', (record) => record.loss),
      ],
    };
  });
  const edge = guide(
    '2',
    [0, last].map((x) => ({ x, y: 2 })),
    { y: 'sharpness' },
  );
  return {
    id: 'edge-of-stability',
    title: 'Gradient descent at the edge of stability',
    caption: `Gradient descent by all of 500 images of MNIST, squared error, tanh 2×50, at ${runs.length} learning rates, seed 1, against learning rate times step. (a) ηλ₁, the sharpness over that at which a quadratic is no longer stable; dashed: 2. (b) The share of the squared gradient in the top ${m} Hessian eigenvectors: after the first steps next to nothing, until ηλ₁ has come to 2, and most of the time nearly all from there on. (c) The training loss.`,
    columns: ['series', 'learning rate times step', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      [...drawn.flatMap(({ sharpness, others }) => [sharpness, ...others]), edge],
      {
        x: linearAxis({
          title: 'learning rate × step',
          side: 'bottom',
          min: 0,
          max: 1.02 * last,
          ticks: evenTicks(0, last),
        }),
        loss: logAxis({ title: 'training loss', side: 'left', min: low, max: high, every: 1, share: 6 }),
        lowGap: gap('left', 0.7),
        y: linearAxis({ title: `fₜₒₚ(${m})`, side: 'left', min: -0.05, max: 1.08, ticks: [0, 0.5, 1], share: 7 }),
        gap: gap('left', 0.7),
        sharpness: linearAxis({
          title: 'ηλ₁',
          side: 'left',
          min: 0,
          max: highest,
          ticks: evenTicks(0, highest, 4),
          share: 7,
        }),
      },
      {
        panels: [{ y: 'sharpness' }, { y: 'y' }, { y: 'loss' }],
        legends: [{ row: 9, entries: drawn.map(({ rate, sharpness }) => ({ text: `η = ${rate}`, like: sharpness })) }],
        top: 20,
      },
    ),
  };
}

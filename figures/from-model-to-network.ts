import type { Averaged, LadderDocument, LadderPoint, LadderRung } from '../src/studies/ladder/ladder-document.js';
import { decimalTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { columnWidth, curve, errorBars, guide, palette } from './style.js';

/** Short names of the steps, by what they add. */
const names: Readonly<Record<string, string>> = {
  'solvable model': 'model',
  'non-orthogonal means': 'means',
  'unequal priors': 'priors',
  'anisotropic noise': 'covariance',
  'linear hidden layer': 'linear layer',
  'second hidden layer': 'depth',
};

/** f_top(k), overlap(g, Hg) and the ratio of levels of every step, in the order of training, measured and predicted. */
export function fromModelToNetworkFigure({ rungs }: LadderDocument): Figure {
  const place = (step: number, i: number, count: number): number => step + (0.7 * i) / (count - 1) - 0.35;
  const exact = rungs.filter(({ isExact }) => isExact).length;
  const measured = (label: string, value: (p: LadderPoint) => Averaged, y: string) =>
    rungs.flatMap(({ adds, points }, step) => {
      const placed = points.map((p, i) => ({ x: place(step, i, points.length), ...value(p) }));
      const bars = placed.flatMap(({ x, mean, standardError: error }) =>
        error === null ? [] : [{ x, low: mean - error, high: mean + error }],
      );
      return [
        curve(
          `${label}, measured: ${adds}`,
          placed.map(({ x, mean }) => ({ x, y: mean })),
          palette.vermilion,
          { y, width: 0, dots: 2.5 },
        ),
        ...errorBars(`${label}, measured, mean ∓ standard error: ${adds}`, bars, palette.vermilion, { y }),
      ];
    });
  const predicted = (label: string, value: (p: NonNullable<LadderPoint['predicted']>) => number, y: string) =>
    rungs.map(({ adds, points, isExact }, step) =>
      curve(
        `${label}, predicted: ${adds}`,
        points.flatMap((p, i) =>
          p.predicted === null ? [] : [{ x: place(step, i, points.length), y: value(p.predicted) }],
        ),
        palette.blue,
        { y, ...(isExact ? {} : { width: 1, dash: [3, 2] }) },
      ),
    );
  const end = rungs.length - 0.5;
  const border = (y: string, low: number, high: number) =>
    guide(
      'end of what is solved',
      [low, high].map((at): DrawnPoint => ({ x: exact - 0.5, y: at })),
      { y },
    );
  const ratios = rungs.flatMap(({ points }) => points.flatMap((p) => [p.ratio.mean, p.predicted?.ratio ?? 1]));
  const [lowestRatio, highestRatio] = [0.9, 1.3 * Math.max(...ratios)];
  const lowestOverlap = Math.min(-0.05, ...rungs.flatMap(({ points }) => points.map((p) => p.overlap.mean - 0.1)));
  const dots = {
    fraction: measured('f_top', ({ topFraction }) => topFraction, 'y'),
    overlap: measured('overlap', ({ overlap }) => overlap, 'overlap'),
    ratio: measured('ratio of levels', ({ ratio }) => ratio, 'ratio'),
  };
  const lines = {
    fraction: predicted('f_top', ({ lower, upper }) => (lower + upper) / 2, 'y'),
    overlap: predicted('overlap', ({ overlap }) => overlap, 'overlap'),
    ratio: predicted('ratio of levels', ({ ratio }) => ratio, 'ratio'),
  };
  return {
    id: 'from-model-to-network',
    title: 'From the solvable model to the network: where theory ends',
    caption: captionOf(rungs),
    columns: ['series', 'step of the ladder', 'value'],
    width: 2 * columnWidth,
    height: 430,
    chart: chart(
      [
        ...dots.fraction,
        ...lines.fraction,
        border('y', -0.05, 1.05),
        ...dots.overlap,
        ...lines.overlap,
        border('overlap', lowestOverlap, 1.08),
        ...dots.ratio,
        ...lines.ratio,
        border('ratio', lowestRatio, highestRatio),
      ],
      {
        x: linearAxis({
          title: 'step of the ladder (within each: along training, left to right)',
          side: 'bottom',
          min: -0.5,
          max: end,
          ticks: rungs.map((_, i) => i),
        }),
        ratio: logAxis({
          title: 'λₜₒₚ/λₙₑₓₜ',
          side: 'left',
          min: lowestRatio,
          max: highestRatio,
          ticks: decimalTicks(1, highestRatio),
          share: 8,
        }),
        lowGap: gap('left', 0.7),
        overlap: linearAxis({
          title: 'overlap(g, Hg)',
          side: 'left',
          min: lowestOverlap,
          max: 1.08,
          ticks: [-1, -0.5, 0, 0.5, 1].filter((tick) => tick >= lowestOverlap),
          share: 8,
        }),
        gap: gap('left', 0.7),
        y: linearAxis({ title: 'fₜₒₚ(k)', side: 'left', min: -0.08, max: 1.28, ticks: [0, 0.5, 1], share: 11 }),
      },
      {
        panels: [{ y: 'y' }, { y: 'overlap' }, { y: 'ratio' }],
        labels: rungs.map(({ adds }, step) => ({
          text: step === 0 || adds === 'MNIST' ? (names[adds] ?? adds) : `+ ${names[adds] ?? adds}`,
          x: step,
          y: 1.18,
          align: 'center' as const,
        })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'measured', like: dots.fraction[0]! },
              { text: 'exact prediction', like: lines.fraction[0]! },
              ...(exact < rungs.length
                ? [{ text: 'nearest exact prediction, at equal loss', like: lines.fraction.at(-1)! }]
                : []),
            ],
          },
        ],
        top: 20,
      },
    ),
  };
}

function captionOf(rungs: readonly LadderRung[]): string {
  const [first, digits] = [rungs[0]!, rungs.find(({ adds }) => adds === 'MNIST')];
  const steps = rungs.flatMap(({ adds }, i) => (adds === 'MNIST' ? [] : [`${i} ${adds}`])).join(', ');
  const times = (rung: LadderRung): string => rung.points.map(({ time }) => time).join(', ');
  const off = rungs
    .filter(({ isExact }) => isExact)
    .flatMap(({ points }) => points.map((p) => Math.abs(p.topFraction.mean - middle(p.predicted!))));
  return [
    `Dots: networks trained on k = ${first.classes} Gaussian classes (${first.samples} samples, gradient descent, t = ${times(first)}, mean over ${first.seeds.length} seeds, bars: its standard error), each step with everything the ones before added: ${steps}.${digits === undefined ? '' : ` The last is another network on real data: ${digits.network}, on ${digits.samples} MNIST digits (k = ${digits.classes}, one seed, SGD with batches of 64, t = ${times(digits)}).`}`,
    `Lines: exact predictions, the closed form for step 0, then gradient flow of the population loss; up to the dashed vertical line they are of the very network at the same time, and f_top differs by at most ${Math.max(...off).toPrecision(2)}. Beyond it (dashed curves) they are of softmax regression on the same mixture at the time when it has the network's loss${digits === undefined ? '' : ', for MNIST on an equiangular mixture fitted to it'}.`,
    '(a) The share of the squared gradient in the top k Hessian eigenvectors. (b) overlap(g, Hg). (c) The mean of the k largest eigenvalues over the next one.',
  ].join(' ');
}

function middle({ lower, upper }: { readonly lower: number; readonly upper: number }): number {
  return (lower + upper) / 2;
}

import { descend, type DescentConfig, type DescentMethod } from '../src/dynamics/index.js';
import { firstCrossing, marginPoint } from '../src/noise/index.js';
import { gap, linearAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, palette, type CurveStyle } from './style.js';

const methods: readonly { method: DescentMethod; name: string; colour: string; style: CurveStyle }[] = [
  { method: 'gd', name: 'GD, population', colour: '#c4c4c4', style: { width: 5 } },
  { method: 'sgd', name: 'SGD', colour: palette.ink, style: { width: 1.2 } },
  { method: 'dom-sgd', name: 'Dom-SGD', colour: palette.vermilion, style: { width: 0, dots: 2 } },
  { method: 'bulk-sgd', name: 'Bulk-SGD', colour: palette.blue, style: { width: 0, dots: 2 } },
];

const setting: Omit<DescentConfig, 'noise' | 'method' | 'seed'> = {
  classes: 5,
  dim: 8,
  margin: 4.5,
  learningRate: 2,
  steps: 160,
  every: 20,
  batch: 200,
  samples: 2000,
  online: true,
  refresh: 20,
};

/** The loss under SGD, and under its parts in the top-k eigenspace and outside it, on both sides of the line. */
export function verdictFlip({ seed }: { readonly seed: number }): Figure {
  const { classes: k, dim, margin, learningRate, steps, batch, samples, refresh } = setting;
  const sides = [0.1, 0.3].map((noise, i) => {
    const bayes = marginPoint({ classes: k, noise, margin: 1 / noise ** 2 }).loss;
    const runs = methods.map((run) => {
      const records = descend({ ...setting, noise, method: run.method, seed });
      const start = records[0]!.loss - bayes;
      return { ...run, points: records.map(({ step, loss }) => ({ x: step, y: (loss - bayes) / start })) };
    });
    const edge = firstCrossing(k, noise).relativeMargin;
    return { noise, runs, edge, relative: margin * noise ** 2, x: i === 0 ? 'x' : 'noisy' };
  });
  const [quiet, noisy] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const left = ({ runs }: typeof quiet, method: DescentMethod): string =>
    runs
      .find((run) => run.method === method)!
      .points.at(-1)!
      .y.toFixed(2);
  const stepAxis = { title: 'step', side: 'bottom', min: -6, max: steps + 6, ticks: [0, 50, 100, 150] } as const;
  return {
    id: 'verdict-flip',
    title: 'The same optimisers, the opposite verdict',
    caption:
      `Loss minus the Bayes-optimal loss, over its value at the start, under SGD and under SGD whose steps are projected onto the top k eigenvectors of the Hessian (Dom-SGD) or onto their complement (Bulk-SGD, both after Song, Ahn & Yun 2024): k = ${k}, d = ${dim}, ` +
      `fresh batches of ${batch}, step ${learningRate}, from W = ${margin} B (α = ${margin}); Hessian and loss are those of ${samples} further points (seed ${seed}), the eigenvectors renewed every ${refresh} steps. Grey band: gradient descent on the population, exact, with the population's loss. SGD departs from it by the sampling error of the loss on those points, and the projections work less sharply than in the population, since the eigenvectors are those of a sample. ` +
      `Left: σ = ${quiet.noise}, where the start α/α* = ${quiet.relative.toFixed(3)} lies before the edge ${quiet.edge.toFixed(3)} of the phase diagram: Dom-SGD does the work (${left(quiet, 'dom-sgd')} left after ${steps} steps, SGD ${left(quiet, 'sgd')}) and Bulk-SGD stalls (${left(quiet, 'bulk-sgd')}). ` +
      `Right: σ = ${noisy.noise}, start ${noisy.relative.toFixed(3)} beyond the edge ${noisy.edge.toFixed(3)}: Bulk-SGD does the work (${left(noisy, 'bulk-sgd')}, SGD ${left(noisy, 'sgd')}) and Dom-SGD stalls (${left(noisy, 'dom-sgd')}).`,
    columns: ['series', 'step', 'relative excess loss'],
    width: columnWidth,
    height: 200,
    chart: chart(
      sides
        .flatMap(({ noise, runs, x }) =>
          runs.map(({ name, points, colour, style }) =>
            curve(`${name}, σ = ${noise}`, points, colour, { ...style, x }),
          ),
        )
        .reverse(),
      {
        x: linearAxis({ ...stepAxis, share: 10 }),
        between: gap('bottom', 1.5),
        noisy: linearAxis({ ...stepAxis, share: 10 }),
        y: linearAxis({ title: 'excess loss / start', side: 'left', min: 0, max: 1.1, ticks: [0, 0.5, 1] }),
      },
      sides.flatMap(({ noise, x }, i) => [
        { text: `σ = ${noise}`, x: -6, y: 1.1, xAxis: x, dy: -8 },
        ...(i === 0
          ? [
              { text: 'SGD', x: 36, y: 0.78, xAxis: x },
              { text: 'GD', x: 36, y: 0.68, xAxis: x, colour: palette.grey },
            ]
          : []),
        ...methods
          .filter(({ method }) => method.endsWith('sgd') && method !== 'sgd')
          .map(({ name, method, colour }) => {
            const stalls = (method === 'bulk-sgd') === (i === 0);
            return { text: name, x: 155, y: stalls ? 0.9 : 0.46, xAxis: x, colour, align: 'right' as const };
          }),
      ]),
      18,
    ),
  };
}

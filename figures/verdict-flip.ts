import { descend, type DescentConfig, type DescentMethod } from '../src/studies/simulate/index.js';
import { firstCrossing, marginPoint } from '../src/exact/noisy/index.js';
import { evenTicks, gap, linearAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { columnWidth, curve, errorBars, palette, type CurveStyle } from './style.js';

const methods: readonly { method: DescentMethod; name: string; colour: string; style: CurveStyle }[] = [
  { method: 'gd', name: 'GD, population', colour: '#c4c4c4', style: { width: 5 } },
  { method: 'sgd', name: 'SGD', colour: palette.ink, style: { width: 1.2 } },
  { method: 'dom-sgd', name: 'Dom-SGD', colour: palette.vermilion, style: { width: 0, dots: 3, marker: 'rectRot' } },
  { method: 'bulk-sgd', name: 'Bulk-SGD', colour: palette.blue, style: { width: 0, dots: 2 } },
];

const setting: Omit<DescentConfig, 'classes' | 'dim' | 'margin' | 'noise' | 'method' | 'seed'> = {
  learningRate: 2,
  steps: 160,
  every: 20,
  batch: 200,
  samples: 2000,
  online: true,
  refresh: 20,
};

const defaults = { classes: 5, dim: 8, margin: 4.5, draws: 4 };

export const verdictFlipProgram: FigureProgram = {
  name: 'verdict-flip',
  help: 'the loss under Dom-SGD and Bulk-SGD on both sides of the line',
  isRandom: true,
  defaults,
  bounds: { classes: [2, 20], dim: [2, 50], margin: [0, 10], draws: [1, 100] },
  draw: verdictFlipFigure,
};

/** The loss under SGD, and under its parts in the top-k eigenspace and outside it, on both sides of the line; mean and standard deviation over `draws` runs from the margin given. */
export async function verdictFlipFigure({
  seed = 1,
  classes: k = defaults.classes,
  dim = defaults.dim,
  margin = defaults.margin,
  draws = defaults.draws,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Promise<Figure> {
  const { learningRate, steps, batch, samples, refresh } = setting;
  const seeds = Array.from({ length: draws }, (_, i) => seed + i);
  const sides = await inTurn([0.1, 0.3], async (noise, side) => {
    const bayes = marginPoint({ classes: k, noise, margin: 1 / noise ** 2 }).loss;
    const runs = await inTurn(methods, async (run, i) => {
      onProgress((side + i / methods.length) / 2);
      const repeated = await inTurn(run.method === 'gd' ? seeds.slice(0, 1) : seeds, async (own) => {
        const records = await descend({ ...setting, classes: k, dim, margin, noise, method: run.method, seed: own });
        const start = records[0]!.loss - bayes;
        return records.map(({ step, loss }) => ({ step, left: (loss - bayes) / start }));
      });
      const points = repeated[0]!.map(({ step }, j) => ({ x: step, ...meanOf(repeated.map((one) => one[j]!.left)) }));
      const x = side === 0 ? 'x' : 'noisy';
      const line = curve(
        `${run.name}, σ = ${noise}, mean`,
        points.map(({ x: step, mean }) => ({ x: step, y: mean })),
        run.colour,
        { ...run.style, x },
      );
      const bars = points.map(({ x: step, mean, deviation }) => ({
        x: step,
        low: mean - deviation,
        high: mean + deviation,
      }));
      const name = `${run.name}, σ = ${noise}, mean ∓ deviation`;
      return { ...run, points, line, bars: run.method === 'gd' ? [] : errorBars(name, bars, run.colour, { x }) };
    });
    const edge = firstCrossing(k, noise).relativeMargin;
    return { noise, runs, edge, relative: margin * noise ** 2, x: side === 0 ? 'x' : 'noisy' };
  });
  const [quiet, noisy] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const left = ({ runs }: typeof quiet, method: DescentMethod): string => {
    const { mean, deviation } = runs.find((run) => run.method === method)!.points.at(-1)!;
    return `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
  };
  const side = ({ relative, edge }: typeof quiet): string => (relative < edge ? 'before' : 'beyond');
  const results = (one: typeof quiet): string =>
    `σ = ${one.noise}, where the start α/α* = ${one.relative.toFixed(3)} lies ${side(one)} the edge ${one.edge.toFixed(3)} of the phase diagram: ` +
    `after ${steps} steps SGD has ${left(one, 'sgd')} left, Dom-SGD ${left(one, 'dom-sgd')}, Bulk-SGD ${left(one, 'bulk-sgd')}.`;
  const all = sides.flatMap(({ runs }) => runs.flatMap(({ points }) => points.map(({ mean }) => mean)));
  const stepAxis = { title: 'step', side: 'bottom', min: -6, max: steps + 6, ticks: [0, 50, 100, 150] } as const;
  return {
    id: 'verdict-flip',
    title: 'The same optimisers, the opposite verdict',
    caption:
      `Loss minus the Bayes-optimal loss, over its value at the start, under SGD and under SGD whose steps are projected onto the top k eigenvectors of the Hessian (Dom-SGD) or onto their complement (Bulk-SGD, both after Song, Ahn & Yun 2024): k = ${k}, d = ${dim}, ` +
      `fresh batches of ${batch}, step ${learningRate}, from W = ${margin} B (α = ${margin}); Hessian and loss are those of ${samples} further points, the eigenvectors renewed every ${refresh} steps; mean over ${draws} runs (seeds ${seed} to ${seed + draws - 1}), bars: their standard deviation. Thick, light: gradient descent on the population, exact, with the population's loss. SGD departs from it by the sampling error of the loss on those points, and the projections work less sharply than in the population, since the eigenvectors are those of a sample. ` +
      `(a) ${results(quiet)} (b) ${results(noisy)}`,
    columns: ['series', 'step', 'relative excess loss'],
    width: columnWidth,
    height: 216,
    chart: chart(
      sides.flatMap(({ runs }) => runs.toReversed().flatMap(({ line, bars }) => [...bars, line])),
      {
        x: linearAxis({ ...stepAxis, share: 10 }),
        between: gap('bottom', 1.5),
        noisy: linearAxis({ ...stepAxis, share: 10 }),
        y: linearAxis({
          title: 'excess loss / start',
          side: 'left',
          min: Math.min(0, ...all),
          max: 1.1 * Math.max(1, ...all),
          ticks: evenTicks(Math.min(0, ...all), 1.1 * Math.max(1, ...all), 5),
        }),
      },
      {
        panels: sides.map(({ noise, x }) => ({ x, title: `σ = ${noise}` })),
        legends: [
          {
            row: 9,
            entries: quiet.runs.map(({ name, line }) => ({ text: name.replace(', population', ''), like: line })),
          },
        ],
        top: 34,
      },
    ),
  };
}

/** One after the other. */
async function inTurn<T, R>(items: readonly T[], of: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) results.push(await of(item, i));
  return results;
}

function meanOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

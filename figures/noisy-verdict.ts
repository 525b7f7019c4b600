import { marginPoint } from '../src/exact/noisy/index.js';
import { lineBlocks, runsStudy, predictedRun } from '../src/studies/simulate/index.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { columnWidth, curve, errorBars, logSpaced, palette } from './style.js';

/** The last of the simulated steps is that of the projected methods, whose eigenvectors cost most of the time. */
const methods = [
  {
    method: 'sgd',
    name: 'SGD',
    colour: palette.ink,
    style: { width: 1.2 },
    ink: palette.ink,
    marker: { dots: 2.2 },
    last: 1500,
  },
  {
    method: 'dom-sgd',
    name: 'Dom-SGD',
    colour: palette.vermilion,
    style: { dash: [6, 2] },
    ink: palette.vermilion,
    marker: { dots: 3.2, marker: 'rectRot' },
    last: 150,
  },
  {
    method: 'bulk-sgd',
    name: 'Bulk-SGD',
    colour: palette.sky,
    style: { width: 4.5 },
    ink: palette.blue,
    marker: { dots: 4.5, marker: 'triangle' },
    last: 150,
  },
] as const;

const setting = { classes: 3, learningRate: 0.5, batch: 32, refresh: 10, linearised: false } as const;
/** Steps that are simulated; the prediction is drawn in between too. */
const simulated = [2, 5, 10, 20, 40, 80, 150, 300, 700, 1500];

const defaults = { dim: 6, noise: 0.4, margin: 3, draws: 4 };

export const noisyVerdictProgram: FigureProgram = {
  name: 'noisy-verdict',
  help: 'SGD, Dom-SGD and Bulk-SGD past the boundary: loss and f_top(k), predicted and simulated',
  isRandom: true,
  defaults,
  bounds: { dim: [3, 20], noise: [0.3, 0.6], margin: [0, 10], draws: [3, 1000] },
  draw: noisyVerdictFigure,
};

/** Loss and f_top(k) under SGD and its two parts from beyond the first crossing: with the noise of SGD, predicted, and simulated. */
export async function noisyVerdictFigure({
  seed = 1,
  dim = defaults.dim,
  noise = defaults.noise,
  margin = defaults.margin,
  draws = defaults.draws,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Promise<Figure> {
  const { classes: k } = setting;
  const model = { classes: k, dim, noise };
  const line = lineBlocks(model);
  const bayes = marginPoint({ classes: k, noise, margin: 1 / noise ** 2 }).loss;
  const steps = [...new Set([...logSpaced(0, Math.log10(simulated.at(-1)!), 40).map(Math.round), ...simulated])].sort(
    (a, b) => a - b,
  );
  let done = 0;
  const onRun = (): void => {
    onProgress(++done / (methods.length * draws));
  };
  const drawn = [];
  for (const { method, name, colour, style, ink, marker, last } of methods) {
    const recorded = simulated.filter((step) => step <= last);
    const config = { ...model, ...setting, margin, method, steps: recorded };
    const predicted = predictedRun({ ...config, steps }, line);
    const { records } = await runsStudy(config, { runs: draws, seed, onRun }, line);
    const measured = (quantity: string, less = 0) =>
      records.map(({ step, quantities }) => {
        const { measured: value, standardError } = quantities.find((one) => one.name === quantity)!;
        return { x: step, y: value - less, low: value - less - standardError, high: value - less + standardError };
      });
    const panel = (quantity: string, law: (record: (typeof predicted)[number]) => number, less: number, y: string) => {
      const label = `${name}, ${quantity}`;
      const values = measured(quantity, less);
      return {
        law: curve(
          `${label}, predicted`,
          predicted.map((record) => ({ x: record.step, y: law(record) })),
          colour,
          { ...style, y },
        ),
        dots: curve(
          `${label}, simulated`,
          values.map(({ x, y: value }) => ({ x, y: value })),
          ink,
          { ...marker, y, width: 0 },
        ),
        bars: errorBars(`${label}, simulated, ± standard error`, values, ink, { y }),
      };
    };
    drawn.push({
      name,
      loss: panel('loss', ({ loss }) => loss - bayes, bayes, 'loss'),
      share: panel('f_top', ({ top, gradient }) => top.upper / gradient, 0, 'y'),
    });
  }
  const all = drawn.flatMap(({ loss, share }) => [loss, share]);
  const highest = Math.max(...drawn.flatMap(({ loss }) => [...loss.law.data, ...loss.dots.data].map(({ y }) => y)));
  const compared = methods.at(-1)!.last;
  const ends = drawn.map(({ name, loss, share }) => {
    const beside = ({ law, dots }: typeof loss, digits: number): string => {
      const at = ({ data }: typeof law): string => data.find(({ x }) => x === compared)!.y.toFixed(digits);
      return `${at(dots)} (predicted ${at(law)})`;
    };
    return `${name} ${beside(loss, 4)} and ${beside(share, 3)}`;
  });
  const above = 1.12 * highest;
  return {
    id: 'noisy-verdict',
    title: 'Past the boundary the noise is in the top, the progress outside it',
    caption:
      `SGD, and SGD whose steps are projected onto the top ${k} eigenvectors of the Hessian (Dom-SGD) or onto their complement (Bulk-SGD, both after Song, Ahn & Yun 2024), from W = ${margin} B, beyond the margin at which the level of the flow leaves the top ${k}: k = ${k}, d = ${dim}, σ = ${noise}, η = ${setting.learningRate}, fresh batches of ${setting.batch}. ` +
      `Lines: closed form with the noise of SGD, to leading order in η/b, without a fit. Markers: ${draws} simulated runs each (seed ${seed}), population quantities by quadrature, the eigenvectors renewed every ${setting.refresh} steps; bars: the standard error over runs. The projected methods are simulated for ${compared} steps. ` +
      `(a) f_top(${k}) as E‖Pg‖²/E‖g‖²: under SGD it grows towards its noise value, although the steps in the top achieve nothing. (b) Loss above that of the Bayes classifier: Dom-SGD stalls but for a drift of first order in η/b, Bulk-SGD learns as SGD does, and a little better, without the noise of the top. ` +
      `After ${compared} steps excess loss and f_top are: ${ends.join('; ')}.`,
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      all.flatMap(({ law, dots, bars }) => [dots, ...bars, law]),
      {
        x: logAxis({ title: 'step', side: 'bottom', min: 0.9, max: simulated.at(-1)! * 1.2, every: 1 }),
        loss: linearAxis({
          title: 'loss − Bayes loss',
          side: 'left',
          min: 0,
          max: above,
          ticks: [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.3, 0.4].filter((tick) => tick <= above),
          share: 10,
        }),
        gap: gap('left', 0.8),
        y: linearAxis({ title: `fₜₒₚ(${k})`, side: 'left', min: -0.06, max: 1.08, ticks: [0, 0.5, 1], share: 9 }),
      },
      {
        panels: [{ y: 'y' }, { y: 'loss' }],
        legends: [{ entries: drawn.map(({ name, share: { law } }) => ({ text: name, like: law })) }],
      },
    ),
  };
}

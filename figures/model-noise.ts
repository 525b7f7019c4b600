import { lineBlocks, runsStudy, predictedRun, type PredictedQuantity } from '../src/studies/simulate/index.js';
import { decadesAround, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { columnWidth, curve, errorBars, logSpaced, palette } from './style.js';

const setting = { method: 'sgd', margin: 0, learningRate: 0.5, batch: 16, refresh: 1, linearised: false } as const;
/** Steps that are simulated, and the last; the prediction is drawn in between too. */
const simulated = [2, 5, 10, 15, 22, 35, 53, 90, 150, 282, 450, 650, 1000, 1500];

const defaults = { classes: 3, dim: 6, noise: 0.4, draws: 12 };

export const modelNoiseProgram: FigureProgram = {
  name: 'model-noise',
  help: 'f_top(k) along a run: of the flow, with the noise of SGD, and simulated',
  isRandom: true,
  defaults,
  bounds: { classes: [2, 4], dim: [2, 20], noise: [0.3, 1], draws: [3, 1000] },
  draw: modelNoiseFigure,
};

/** f_top(k) along a run of SGD in the model, of the flow alone, with the noise, and simulated; and the squared gradient it is a share of. */
export async function modelNoiseFigure({
  seed = 1,
  classes: k = defaults.classes,
  dim = defaults.dim,
  noise = defaults.noise,
  draws = defaults.draws,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Promise<Figure> {
  const model = { classes: k, dim, noise };
  const config = { ...model, ...setting, steps: simulated };
  const last = simulated.at(-1)!;
  const line = lineBlocks(model);
  const steps = [...new Set(logSpaced(0, Math.log10(last), 70).map(Math.round))];
  const predicted = predictedRun({ ...config, steps }, line);
  let done = 0;
  const onRun = (): void => {
    onProgress(++done / draws);
  };
  const { records } = await runsStudy(config, { runs: draws, seed, onRun }, line);

  const measured = (name: string) =>
    records.map(({ step, quantities }) => ({ step, ...quantities.find((one) => one.name === name)! }));
  const along = (of: (record: (typeof predicted)[number]) => number) =>
    predicted.map((record) => ({ x: record.step, y: of(record) }));
  const share = measured('f_top');
  const flowShare = curve(
    'flow alone',
    along(({ flowTopFraction }) => flowTopFraction.upper),
    '#c4c4c4',
    { width: 4 },
  );
  const noisyShare = [
    curve(
      'with noise, predicted, lower',
      along(({ top, gradient }) => top.lower / gradient),
      palette.ink,
    ),
    curve(
      'with noise, predicted, upper',
      along(({ top, gradient }) => top.upper / gradient),
      palette.ink,
      { band: true },
    ),
  ];
  const unturned = curve(
    'with noise, predicted on fixed eigenvectors, upper',
    along(({ topOfLine, gradient }) => topOfLine.upper / gradient),
    palette.ink,
    { width: 1, dash: [2, 2] },
  );
  const dots = curve('SGD, simulated', points(share), palette.blue, { width: 0, dots: 2.4 });
  const bars = errorBars('SGD, simulated, ± standard error', ends(share, 0), palette.blue);

  const y = 'energy';
  const flow = curve(
    'squared gradient of the flow',
    along((record) => record.flow),
    '#c4c4c4',
    { width: 4, y },
  );
  const noiseEnergy = curve(
    'noise, predicted',
    along(({ gradient, flow: mean }) => gradient - mean),
    palette.vermilion,
    { y, dash: [6, 2] },
  );
  const total = curve(
    'squared gradient, predicted',
    along(({ gradient }) => gradient),
    palette.ink,
    { y },
  );
  const size = measured('gradient');
  const sizes = curve('squared gradient, simulated', points(size), palette.blue, { width: 0, dots: 2.4, y });
  const sizeBars = errorBars('squared gradient, simulated, ± standard error', ends(size, 1e-12), palette.blue, { y });
  const energies = [...flow.data, ...noiseEnergy.data].map((point) => point.y).filter((value) => value > 0);
  const [low, high] = decadesAround([Math.max(Math.min(...energies), 1e-7), Math.max(...energies)]);
  const at = (step: number): string => {
    const { predicted: law, measured: value, standardError } = share.find((one) => one.step === step)!;
    return `${law.upper.toFixed(2)} predicted and ${value.toFixed(2)} ± ${standardError.toFixed(2)} simulated at step ${step}`;
  };
  return {
    id: 'model-noise',
    title: 'The noise of SGD makes the subspace tiny again',
    caption:
      `SGD on fresh samples from W = 0: k = ${k} Gaussian classes about orthonormal means, d = ${dim}, σ = ${noise}, learning rate η = ${setting.learningRate}, batches of ${setting.batch}. ` +
      `(a) f_top(${k}), as E‖Pg‖²/E‖g‖², g the gradient of the population and P on the top ${k} eigenvectors of its Hessian. Light: gradient descent without noise, which leaves the top space where its level is crossed. Solid: with the noise of SGD, closed form to leading order in η/b, without a fit. Dots: ${draws} simulated runs (seed ${seed}), gradient and Hessian by quadrature at the weights, bars: the standard error over runs. ` +
      `It is ${[53, 282, 1500].map(at).join(', ')}. Dotted: the same prediction on the eigenvectors of the path without noise, which misses part of it while the flow is strong. ` +
      `(b) The squared gradient: of the flow (light), of the noise (broken), their sum (solid), and simulated. The subspace is tiny first because of the flow, then it is not, and in the end again, because the noise has outlived the flow.`,
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      [dots, ...bars, ...noisyShare, unturned, flowShare, sizes, ...sizeBars, noiseEnergy, total, flow],
      {
        x: logAxis({ title: 'step', side: 'bottom', min: 0.9, max: last * 1.2, every: 1 }),
        energy: logAxis({ title: 'squared gradient', side: 'left', min: low, max: high, every: 1, share: 9 }),
        gap: gap('left', 0.8),
        y: linearAxis({ title: `fₜₒₚ(${k})`, side: 'left', min: -0.06, max: 1.08, ticks: [0, 0.5, 1], share: 10 }),
      },
      {
        panels: [{ y: 'y' }, { y: 'energy' }],
        legends: [
          {
            entries: [
              { text: 'flow alone', like: flowShare },
              { text: 'with noise, predicted', like: noisyShare[0]! },
              { text: 'on fixed eigenvectors', like: unturned },
              { text: 'SGD, simulated', like: dots },
            ],
          },
          {
            yAxis: 'energy',
            entries: [
              { text: 'flow', like: flow },
              { text: 'noise, predicted', like: noiseEnergy },
              { text: 'both', like: total },
              { text: 'SGD, simulated', like: sizes },
            ],
          },
        ],
      },
    ),
  };
}

type Measured = PredictedQuantity & { readonly step: number };

function points(quantities: readonly Measured[]) {
  return quantities.map(({ step, measured }) => ({ x: step, y: measured }));
}

/** Bars of one standard error, which end at `least`. */
function ends(quantities: readonly Measured[], least: number) {
  return quantities.map(({ step, measured, standardError }) => ({
    x: step,
    low: Math.max(least, measured - standardError),
    high: measured + standardError,
  }));
}

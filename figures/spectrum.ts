import {
  exactFlow,
  exactSnapshot,
  randomWeights,
  symmetricLevels,
  symmetricPoint,
} from '../src/exact/noiseless/index.js';
import { decadesAround, decimalTicks, gap, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure, Series } from './figure.js';
import type { FigureProgram } from './program.js';
import { columnWidth, curve, logSpaced, palette } from './style.js';

const defaults = { classes: 10, dim: 50, scale: 0.5 };

export const spectrumProgram: FigureProgram = {
  name: 'spectrum',
  help: 'every positive eigenvalue of the Hessian against time, with its multiplicity',
  isRandom: true,
  defaults,
  bounds: { classes: [3, 30] },
  draw: spectrumFigure,
};

/** Every positive eigenvalue of the Hessian against time with its multiplicity: from W(0) = 0, and from one W(0) ~ N(0, scale²). */
export function spectrumFigure({
  seed = 1,
  classes: k = defaults.classes,
  dim = defaults.dim,
  scale = defaults.scale,
} = {}): Figure {
  const times = logSpaced(-2, 6, 65);
  const flow = exactFlow(k, randomWeights(k, scale, seed));
  const random = times.map((time) => exactSnapshot(flow.at(time), dim, Infinity).spectrum.levels.map((l) => l.value));
  const symmetric = times.map((time) => symmetricLevels(symmetricPoint(k, time), dim));
  const miniBulk = symmetric.map((levels) => levels[1]!.value);
  const nulls = symmetric[0]!.find((level) => level.sector === 'null')!.multiplicity;

  const sector = (index: number, colour: string, relative: boolean) => {
    const { sector: name, multiplicity } = symmetric[0]![index]!;
    return curve(
      `${name}, multiplicity ${multiplicity}, W(0) = 0${relative ? ', over λ₂' : ''}`,
      times.map((x, i) => ({ x, y: symmetric[i]![index]!.value / (relative ? miniBulk[i]! : 1) })),
      colour,
      { width: 2, y: relative ? 'ratio' : 'y' },
    );
  };
  const rays = (relative: boolean) =>
    random[0]!.map((_, rank) =>
      curve(
        `eigenvalue ${rank + 1}, random W(0)${relative ? ', over λ₂ of W(0) = 0' : ''}`,
        times.map((x, i) => ({ x, y: random[i]![rank]! / (relative ? miniBulk[i]! : 1) })),
        rank < k ? '#e8935c' : '#b5d3e8',
        { width: 0.5, y: relative ? 'ratio' : 'y' },
      ),
    );
  const [levels, ratios] = [
    [sector(0, palette.vermilion, false), sector(1, palette.blue, false)],
    [sector(0, palette.vermilion, true), sector(1, palette.blue, true)],
  ] as const;
  const [thin, thinRatios] = [rays(false), rays(true)];
  const valuesOf = (drawn: readonly Series[]): number[] => drawn.flatMap(({ data }) => data.map(({ y }) => y));
  const [low, high] = decadesAround(valuesOf([...levels, ...thin]));
  const relative = valuesOf([...ratios, ...thinRatios]);
  const [lowRatio, highRatio] = [Math.min(...relative) / 1.4, 2 * Math.max(...relative)];
  return {
    id: 'spectrum',
    title: 'k outliers leave the mini-bulk',
    caption:
      `Every positive eigenvalue of the Hessian against time in the noiseless model with k = ${k} classes, d = ${dim}, solved exactly. Thick: W(0) = 0, where they form two levels, λ₁ (sector gradient) with multiplicity k = ${k}, which contains the gradient, and λ₂ (sector mini-bulk) with multiplicity k(k − 2) = ${k * (k - 2)}; they coincide at t = 0. ` +
      `Thin: one W(0) with independent normal entries of standard deviation ${scale} (seed ${seed}). The other ${nulls} of the ${k * dim} eigenvalues are exactly 0. (a) The eigenvalues; (b) the same over λ₂ of W(0) = 0.`,
    columns: ['series', 'time', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      [...levels, ...thin, ...ratios, ...thinRatios],
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: 1e-2, max: 1e6, every: 2 }),
        ratio: logAxis({
          title: 'eigenvalue / λ₂',
          side: 'left',
          min: lowRatio,
          max: highRatio,
          ticks: decimalTicks(lowRatio, highRatio),
          share: 10,
        }),
        gap: gap('left', 0.8),
        y: logAxis({ title: 'eigenvalue', side: 'left', min: low, max: high, every: 2, share: 12 }),
      },
      {
        panels: [{ y: 'y' }, { y: 'ratio' }],
        legends: [
          {
            entries: [
              { text: `λ₁, gradient, × ${k}: W(0) = 0`, like: levels[0] },
              { text: `λ₂, mini-bulk, × ${k * (k - 2)}: W(0) = 0`, like: levels[1] },
              { text: `${k} largest, random W(0)`, like: { ...thin[0]!, borderWidth: 1 } },
              { text: `next ${k * (k - 2)}, random W(0)`, like: { ...thin[k]!, borderWidth: 1 } },
              { text: `not shown: 0 × ${nulls}`, like: { ...levels[0], borderWidth: 0 } },
            ],
          },
        ],
      },
    ),
  };
}

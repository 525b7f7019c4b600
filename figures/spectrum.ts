import { exactFlow, exactSnapshot, randomWeights, symmetricLevels, symmetricPoint } from '../src/model/index.js';
import { gap, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, logSpaced, palette } from './style.js';

/** Every positive eigenvalue of the Hessian against time with its multiplicity: from W(0) = 0, and from one random W(0). */
export function spectrum({ seed, scale = 0.5 }: { readonly seed: number; readonly scale?: number }): Figure {
  const k = 10;
  const dim = 50;
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
        rank < k ? '#f0b48c' : '#a8cbe4',
        { width: 0.5, y: relative ? 'ratio' : 'y' },
      ),
    );
  return {
    id: 'spectrum',
    title: 'k outliers leave the mini-bulk',
    caption:
      `Every positive eigenvalue of the Hessian against time in the noiseless model with k = ${k} classes, d = ${dim}, solved exactly. Thick: W(0) = 0, where they form two levels, λ₁ with multiplicity k = ${k}, which contains the gradient, and λ₂ with multiplicity k(k − 2) = ${k * (k - 2)}; they coincide at t = 0. ` +
      `Thin: one W(0) with independent normal entries of standard deviation ${scale} (seed ${seed}), the ${k} largest in orange. The other ${nulls} of the ${k * dim} eigenvalues are exactly 0. Bottom: the same over λ₂ of W(0) = 0.`,
    columns: ['series', 'time', 'value'],
    width: columnWidth,
    height: 330,
    chart: chart(
      [
        sector(0, palette.vermilion, false),
        sector(1, palette.blue, false),
        ...rays(false),
        sector(0, palette.vermilion, true),
        sector(1, palette.blue, true),
        ...rays(true),
      ],
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: 1e-2, max: 1e6, every: 2 }),
        ratio: logAxis({ title: 'λ / λ₂', side: 'left', min: 0.2, max: 20, every: 1, share: 10 }),
        gap: gap('left', 0.8),
        y: logAxis({ title: 'eigenvalue λ', side: 'left', min: 1e-8, max: 1e-1, every: 2, share: 10 }),
      },
      [
        { text: `λ₁ × ${k}`, x: 1e3, y: symmetric[40]![0]!.value, dy: -9, dx: 3, colour: palette.vermilion },
        {
          text: `λ₂ × ${k * (k - 2)}`,
          x: 1e3,
          y: symmetric[40]![1]!.value,
          dy: 10,
          dx: -3,
          align: 'right',
          colour: palette.blue,
        },
        {
          text: `${k} outliers, λ₁/λ₂ → k`,
          x: 7e5,
          y: 10,
          dy: -10,
          align: 'right',
          yAxis: 'ratio',
          colour: palette.vermilion,
        },
        { text: `mini-bulk of ${k * (k - 2)}`, x: 7e5, y: 0.4, align: 'right', yAxis: 'ratio', colour: palette.blue },
        { text: `0 × ${nulls} (not on this axis)`, x: 2e-2, y: 3e-8, colour: palette.ink },
      ],
    ),
  };
}

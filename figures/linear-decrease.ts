import type { TrainRun } from '../src/run/train-document.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

type Parts = Readonly<Record<'top' | 'bulk' | 'all', number>>;

/** Changes of the loss along parts of the gradient. */
export interface PartialDecrease {
  readonly topFraction: { readonly lower: number; readonly upper: number };
  readonly squaredGradient: number;
  readonly steps: readonly {
    readonly rate: number;
    readonly firstOrder: Parts;
    readonly secondOrder: Parts;
    readonly actual: Parts;
  }[];
  readonly descents: Readonly<Record<'top' | 'bulk' | 'all', readonly number[]>>;
}

const drawn = [
  { part: 'all', name: 'g', colour: palette.ink },
  { part: 'top', name: 'g_top', colour: palette.vermilion },
  { part: 'bulk', name: 'g_bulk', colour: palette.blue },
] as const;

/** One step along g, g_top and g_bulk, as far as its loss is linear, and many steps. */
export function linearDecreaseFigure({ config, data }: TrainRun, found: PartialDecrease, m: number): Figure {
  const { steps, squaredGradient, descents, topFraction } = found;
  const [first, last] = [steps[0]!.rate, steps.at(-1)!.rate];
  const relative = (rate: number, change: number): number => -change / (rate * squaredGradient);
  const count = descents.all.length - 1;
  const losses = Object.values(descents).flat();
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const margin = 0.08 * (high - low);
  const fallen = (part: 'top' | 'bulk' | 'all'): number => descents[part][0]! - descents[part].at(-1)!;
  return {
    id: 'linear-decrease',
    title: `${config.model} on ${data.name}: the loss along g_top and g_bulk`,
    caption:
      `Change of the full training loss from the last weights of ${config.model} (${config.activation}) on ${data.samples} samples of ${data.name}, seed ${config.seed}, along the gradient g, g_top = P g with P on the top ${m} Hessian eigenvectors, and g_bulk = g − g_top. ` +
      `Left: one step of learning rate η, over −η‖g‖²; dots: computed, lines: to second order, dashed: to first order, where g_top has f_top = ${topFraction.lower.toFixed(3)}. ` +
      `Right: the loss along gradient descent (η = ${config.schedule.rate}) that follows one part alone; of the decrease by g after ${count} steps, g_top reaches ${(fallen('top') / fallen('all')).toFixed(2)}, g_bulk ${(fallen('bulk') / fallen('all')).toFixed(2)}.`,
    columns: ['series', 'learning rate or step', 'relative decrease or loss'],
    width: columnWidth,
    height: 190,
    chart: chart(
      drawn.flatMap(({ part, name, colour }) => [
        guide(
          `${name}, first order`,
          steps.map(({ rate, firstOrder }) => ({ x: rate, y: relative(rate, firstOrder[part]) })),
          {},
          colour,
        ),
        curve(
          `${name}, second order`,
          steps.map(({ rate, secondOrder }) => ({ x: rate, y: relative(rate, secondOrder[part]) })),
          colour,
          { width: 1 },
        ),
        curve(
          `${name}, computed`,
          steps.map(({ rate, actual }) => ({ x: rate, y: relative(rate, actual[part]) })),
          colour,
          { width: 0, dots: 2 },
        ),
        curve(
          `${name}, descent`,
          descents[part].map((y, x) => ({ x, y })),
          colour,
          { x: 'step', y: 'loss' },
        ),
      ]),
      {
        x: logAxis({
          title: 'learning rate η',
          side: 'bottom',
          min: first / 1.3,
          max: last * 1.3,
          every: 1,
          share: 10,
        }),
        between: gap('bottom', 1.5),
        step: linearAxis({
          title: 'step',
          side: 'bottom',
          min: 0,
          max: count,
          ticks: [0, count / 2, count],
          share: 10,
        }),
        y: linearAxis({ title: '−δL/(η‖g‖²)', side: 'left', min: 0, max: 1.08, ticks: [0, 0.5, 1] }),
        loss: linearAxis({
          title: 'loss',
          side: 'right',
          min: low - margin,
          max: high + margin,
          ticks: [low, high].map((value) => Number(value.toPrecision(3))),
        }),
      },
      drawn.map(({ part, name, colour }) => {
        const at = Math.round(count * { top: 1, bulk: 0.6, all: 0.6 }[part]); // beside the curve, not on it
        return {
          text: name.replace('_top', 'ₜₒₚ').replace('_bulk', ' bulk'),
          x: at,
          y: descents[part][at]!,
          dy: part === 'all' ? 8 : -9,
          dx: part === 'bulk' ? 2 : -6,
          align: part === 'bulk' ? ('left' as const) : ('right' as const),
          xAxis: 'step',
          yAxis: 'loss',
          colour,
        };
      }),
      14,
    ),
  };
}

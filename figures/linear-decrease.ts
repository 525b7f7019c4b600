import { evenTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { dataName, type TrainingFacts } from './network-data.js';
import { columnWidth, curve, guide, palette } from './style.js';

type Parts = Readonly<Record<'top' | 'bulk' | 'all', number>>;

/** What the figure draws: of which run, and the changes of the loss. */
export interface LinearDecreaseData {
  readonly network: TrainingFacts;
  readonly subspace: number;
  readonly found: PartialDecrease;
}

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
  { part: 'all', name: 'g', text: 'g', colour: palette.ink, marker: 'circle', dash: [] },
  { part: 'top', name: 'g_top', text: 'g_{top}', colour: palette.vermilion, marker: 'triangle', dash: [6, 1.5] },
  { part: 'bulk', name: 'g_bulk', text: 'g_{bulk}', colour: palette.blue, marker: 'rectRot', dash: [2, 1.5] },
] as const;

/** One step along g, g_top and g_bulk, as far as its loss is linear, and many steps. */
export function linearDecreaseFigure({ network, subspace: m, found }: LinearDecreaseData): Figure {
  const { steps, squaredGradient, descents, topFraction } = found;
  const [first, last] = [steps[0]!.rate, steps.at(-1)!.rate];
  const relative = (rate: number, change: number): number => -change / (rate * squaredGradient);
  const count = descents.all.length - 1;
  const losses = Object.values(descents).flat();
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const margin = 0.08 * (high - low);
  const fallen = (part: 'top' | 'bulk' | 'all'): number => descents[part][0]! - descents[part].at(-1)!;
  const lines = drawn.map(({ part, name, text, colour, marker, dash }) => ({
    text,
    first: guide(
      `${name}, first order`,
      steps.map(({ rate, firstOrder }) => ({ x: rate, y: relative(rate, firstOrder[part]) })),
      {},
      colour,
    ),
    second: curve(
      `${name}, second order`,
      steps.map(({ rate, secondOrder }) => ({ x: rate, y: relative(rate, secondOrder[part]) })),
      colour,
      { width: 1 },
    ),
    computed: curve(
      `${name}, computed`,
      steps.map(({ rate, actual }) => ({ x: rate, y: relative(rate, actual[part]) })),
      colour,
      { width: 0, dots: marker === 'circle' ? 2 : 3, marker },
    ),
    descent: curve(
      `${name}, descent`,
      descents[part].map((y, x) => ({ x, y })),
      colour,
      { x: 'step', y: 'loss', dash },
    ),
  }));
  return {
    id: 'linear-decrease',
    title: `${network.model} on ${dataName(network)}: the loss along g_top and g_bulk`,
    caption:
      `Change of the full training loss from the last weights of ${network.model} (${network.activation}) on ${network.samples} samples of ${dataName(network)}, seed ${network.seed}, along the gradient g, g_top = P g with P on the top ${m} Hessian eigenvectors, and g_bulk = g − g_top. ` +
      `(a) One step of learning rate η, over −η‖g‖²; markers: computed, lines: to second order, dashed: to first order, where g_top has f_top = ${topFraction.lower.toFixed(3)}. ` +
      `(b) The loss along gradient descent (η = ${network.rate}) that follows one part alone; of the decrease by g after ${count} steps, g_top reaches ${(fallen('top') / fallen('all')).toFixed(2)}, g_bulk ${(fallen('bulk') / fallen('all')).toFixed(2)}.`,
    columns: ['series', 'learning rate or step', 'relative decrease or loss'],
    width: columnWidth,
    height: 232,
    chart: chart(
      lines.flatMap(({ first: linear, second, computed, descent }) => [linear, second, computed, descent]),
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
          ticks: evenTicks(low - margin, high + margin, 5),
        }),
      },
      {
        panels: [{ title: 'one step' }, { x: 'step', y: 'loss', title: 'descent along one part' }],
        legends: [
          {
            row: 9,
            entries: lines.map(({ text, descent, computed }) => ({
              text,
              like: { ...descent, pointRadius: computed.pointRadius, pointStyle: computed.pointStyle },
            })),
          },
          {
            row: 23,
            entries: [
              { text: 'computed', like: lines[0]!.computed },
              { text: 'second order', like: lines[0]!.second },
              { text: 'first order', like: lines[0]!.first },
            ],
          },
        ],
        top: 48,
      },
    ),
  };
}

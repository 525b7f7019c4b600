import { evenTicks, linearAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, palette } from './style.js';

/** What the figure draws of one phase: the loss every so many steps, without losses and with those of one probability. */
export interface LostPhase {
  readonly name: string;
  readonly none: readonly number[];
  readonly lost: readonly { readonly part: string; readonly probability: number; readonly losses: readonly number[] }[];
}

export interface LostGradientsData {
  readonly phases: readonly LostPhase[];
  readonly every: number;
  readonly probability: number;
  readonly about: string;
}

const styles = [
  { part: 'coordinates', colour: palette.blue, dash: [2, 1.5] },
  { part: 'top', colour: palette.vermilion, dash: [6, 1.5] },
  { part: 'bulk', colour: palette.green, dash: [1, 2.5] },
] as const;

/** The loss over a phase of training, over that where it begins, with parts of the gradient lost. */
export function lostGradientsFigure({ phases, every, probability, about }: LostGradientsData): Figure {
  const panels = phases.map(({ name, none, lost }, i) => {
    const x = panelAxis(i);
    const line = (label: string, losses: readonly number[], colour: string, dash: readonly number[]) =>
      curve(
        `${label}, ${name}`,
        losses.map((loss, n) => ({ x: every * n, y: loss / none[0]! })),
        colour,
        { x, dash },
      );
    return {
      name,
      x,
      last: every * (none.length - 1),
      none: line('none lost', none, palette.ink, []),
      lost: styles.map(({ part, colour, dash }) => {
        const { losses } = lost.find((one) => one.part === part && one.probability === probability)!;
        return line(`${part} lost`, losses, colour, dash);
      }),
      most:
        Math.max(...none, ...lost.filter((one) => one.probability === probability).flatMap((one) => one.losses)) /
        none[0]!,
    };
  });
  const most = Math.max(1.05, ...panels.map((panel) => 1.05 * panel.most));
  const [{ none, lost }] = panels as [(typeof panels)[number]];
  return {
    id: 'lost-gradients',
    title: 'The loss where parts of the gradient are lost, early and late',
    caption: `${about}: the training loss over that where the phase begins, with the same batches. Solid: nothing is lost. Lost with probability ${probability} at every step: each coordinate on its own (dotted blue), the part in the top 10 Hessian eigenvectors (dashed), all of the rest (dotted green); curves may lie on each other. ${phases.map(({ name }, i) => `(${'ab'[i]!}) ${name}.`).join(' ')}`,
    columns: ['series', 'step', 'loss over that at first'],
    width: columnWidth,
    height: 220,
    chart: chart(
      panels.flatMap((panel) => [panel.none, ...panel.lost]),
      {
        ...sideBySide(
          panels.map(({ last }) =>
            linearAxis({
              title: 'step of the phase',
              side: 'bottom',
              min: 0,
              max: last,
              ticks: evenTicks(0, last, 4),
              share: 10,
            }),
          ),
          1.6,
        ),
        y: linearAxis({ title: 'relative loss', side: 'left', min: 0, max: most, ticks: evenTicks(0, most, 5) }),
      },
      {
        panels: panels.map(({ name, x }) => ({ x, title: name })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'none lost', like: none },
              ...styles.map(({ part }, i) => ({ text: part, like: lost[i]! })),
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}

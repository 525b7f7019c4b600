import { evenTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, palette } from './style.js';

type Compressed = 'none' | 'top' | 'last' | 'random';

/** What the figure draws: shares of sent gradients by the lag, and losses every so many rounds. */
export interface FederatedData {
  readonly about: string;
  readonly sent: readonly {
    readonly lag: number;
    readonly sentTop: number;
    readonly sentLast: number;
    readonly correlation: number;
    readonly predicted: { readonly sentTop: number; readonly correlation: number };
  }[];
  readonly rounds: Readonly<Record<Compressed, readonly number[]>>;
  readonly every: number;
}

const kinds = [
  { kind: 'none', text: 'all', colour: palette.ink, dash: [] },
  { kind: 'top', text: 'top', colour: palette.vermilion, dash: [6, 1.5] },
  { kind: 'last', text: 'last', colour: palette.blue, dash: [2, 1.5] },
  { kind: 'random', text: 'random', colour: palette.grey, dash: [1, 2.5] },
] as const;

/** How gradients that are sent recur, and what sending only that costs. */
export function federatedFigure({ about, sent, rounds, every }: FederatedData): Figure {
  const [first, last] = [sent[0]!.lag, sent.at(-1)!.lag];
  type State = FederatedData['sent'][number];
  const measured = (
    label: string,
    of: (at: State) => number,
    colour: string,
    marker: 'circle' | 'triangle' | 'rectRot',
  ) =>
    curve(
      label,
      sent.map((at) => ({ x: at.lag, y: of(at) })),
      colour,
      { width: 0, dots: marker === 'circle' ? 2 : 3, marker },
    );
  const predicted = (label: string, of: (at: State) => number, colour: string) =>
    curve(
      `${label}, predicted`,
      sent.map((at) => ({ x: at.lag, y: of(at) })),
      colour,
      { width: 1 },
    );
  const inTop = measured('sent, in the top space', ({ sentTop }) => sentTop, palette.vermilion, 'triangle');
  const inLast = measured('sent, in the last gradients', ({ sentLast }) => sentLast, palette.blue, 'rectRot');
  const correlated = measured(
    'correlation of the full gradient',
    ({ correlation }) => correlation,
    palette.ink,
    'circle',
  );
  const lines = kinds.map(({ kind, text, colour, dash }) => ({
    text,
    curve: curve(
      `loss, sent: ${text}`,
      rounds[kind].map((y, i) => ({ x: every * i, y })),
      colour,
      { x: 'round', y: 'loss', dash },
    ),
  }));
  const losses = kinds.flatMap(({ kind }) => rounds[kind]);
  const most = 1.05 * Math.max(...losses);
  const end = every * (rounds.none.length - 1);
  const shares = sent.flatMap((at) => [at.correlation, at.predicted.correlation]);
  const low = Math.min(-0.1, ...shares.map((x) => x - 0.05));
  return {
    id: 'federated',
    title: 'Gradients that clients send recur, and what sending only that costs',
    caption: `${about}. (a) Late in training: the share of the gradient sent τ rounds after round t in the top eigenvectors of round t (triangles) and in the span of as many gradients sent before (diamonds), and the correlation ⟨g_t, g_{t+τ}⟩/‖g_t‖² of the full gradient (circles); lines: by the law of SGD's noise from round t alone. (b) From an early state on: the training loss where clients send all; or, but for the first rounds of each cycle, only the part in the server's top eigenvectors, in the last gradients sent whole, or in as many random dimensions, where the whole rounds alone are left.`,
    columns: ['series', 'τ or round', 'share or loss'],
    width: columnWidth,
    height: 240,
    chart: chart(
      [
        predicted('top', (at) => at.predicted.sentTop, palette.vermilion),
        predicted('correlation', (at) => at.predicted.correlation, palette.ink),
        inTop,
        inLast,
        correlated,
        ...lines.map((line) => line.curve),
      ],
      {
        x: logAxis({
          title: 'rounds τ',
          side: 'bottom',
          min: first / 1.2,
          max: last * 1.2,
          ticks: sent.map(({ lag }) => lag),
          share: 10,
        }),
        between: gap('bottom', 1.5),
        round: linearAxis({ title: 'round', side: 'bottom', min: 0, max: end, ticks: evenTicks(0, end, 4), share: 10 }),
        y: linearAxis({ title: 'share, correlation', side: 'left', min: low, max: 1.05, ticks: [0, 0.5, 1] }),
        loss: linearAxis({ title: 'loss', side: 'right', min: 0, max: most, ticks: evenTicks(0, most, 5) }),
      },
      {
        panels: [{ title: 'along time' }, { x: 'round', y: 'loss', title: 'compressed' }],
        legends: [
          {
            row: 9,
            entries: [
              { text: 'top', like: inTop },
              { text: 'last', like: inLast },
              { text: 'correlation', like: correlated },
            ],
          },
          { row: 23, entries: lines.map(({ text, curve: like }) => ({ text, like })) },
        ],
        top: 48,
      },
    ),
  };
}

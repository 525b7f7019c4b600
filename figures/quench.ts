import { decadesAround, gap, linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, errorBars, guide, palette } from './style.js';

interface Energies {
  readonly top: readonly number[];
  readonly rest: number;
  readonly topFraction: number;
}

/** What the figure draws of a switch: energies of the gradient by the step after it, predicted and measured. */
export interface SwitchedPhase {
  readonly states: readonly {
    readonly step: number;
    readonly predicted: Energies;
    readonly measured: Energies & {
      readonly errors: { readonly whole: number; readonly rest: number; readonly topFraction: number } | null;
    };
  }[];
}

/** Noise off, and on again after the last step of that. */
export interface QuenchCase {
  readonly name: string;
  readonly about: string;
  /** m of f_top(m). */
  readonly m: number;
  readonly quench: SwitchedPhase;
  readonly recovery: SwitchedPhase;
}

/** f_top and the energies of the gradient in the top space and outside against the steps after the switch, predicted and measured. */
export function quenchFigure({ cases }: { readonly cases: readonly QuenchCase[] }): Figure {
  const panels = cases.map(({ name, quench, recovery }, i) => {
    const off = quench.states.at(-1)!.step;
    const states = [...quench.states, ...recovery.states.map((state) => ({ ...state, step: off + state.step }))];
    const unit = total(states[0]!.measured.top) + states[0]!.measured.rest;
    const last = states.at(-1)!.step;
    const x = panelAxis(i);
    const predicted = (label: string, of: (e: Energies) => number, y: string, dash: readonly number[] = []) =>
      curve(
        `${label}, predicted, ${name}`,
        states.map(({ step, predicted: e }) => ({ x: step, y: of(e) })),
        dash.length > 0 ? palette.vermilion : palette.ink,
        { x, y, width: 1.2, dash },
      );
    const measured = (label: string, of: (e: Energies) => number, y: string, marker: 'circle' | 'triangle') =>
      curve(
        `${label}, measured, ${name}`,
        states.map(({ step, measured: e }) => ({ x: step, y: of(e) })),
        marker === 'triangle' ? palette.vermilion : palette.ink,
        { x, y, width: 0, dots: marker === 'triangle' ? 2.6 : 2, marker },
      );
    const bars = (
      label: string,
      of: (e: Energies) => number,
      error: (e: { readonly whole: number; readonly rest: number; readonly topFraction: number }) => number,
      y: string,
      colour: string,
    ) =>
      errorBars(
        `${label}, ± a standard error, ${name}`,
        states.flatMap(({ step, measured: e }) =>
          e.errors === null
            ? []
            : [{ x: step, low: Math.max(low, of(e) - error(e.errors)), high: of(e) + error(e.errors) }],
        ),
        colour,
        { x, y, width: 0.8 },
      );
    const share = ({ topFraction }: Energies): number => topFraction;
    const top = ({ top: e }: Energies): number => Math.max(low, total(e) / unit);
    const rest = ({ rest: e }: Energies): number => e / unit;
    const on = (y: string, from: number, to: number) =>
      guide(
        `noise on again, ${name}`,
        [from, to].map((value) => ({ x: off, y: value })),
        { x, y, dash: [1, 3] },
      );
    return {
      x,
      off,
      last,
      largest: Math.max(...states.map(({ measured: e }) => (total(e.top) + e.rest) / unit)),
      lines: [predicted('top', top, 'y'), predicted('rest', rest, 'y', [5, 2])] as const,
      dots: [measured('top', top, 'y', 'circle'), measured('rest', rest, 'y', 'triangle')] as const,
      series: [
        on('share', 0, 1.05),
        on('y', low, 10),
        ...bars('f_top', share, ({ topFraction }) => topFraction, 'share', palette.ink),
        predicted('f_top', share, 'share'),
        measured('f_top', share, 'share', 'circle'),
        ...bars('top', top, ({ whole }) => whole / unit, 'y', palette.ink),
        ...bars('rest', rest, (e) => e.rest / unit, 'y', palette.vermilion),
      ],
    };
  });
  const [{ lines, dots }] = panels as [(typeof panels)[number]];
  const [, most] = decadesAround([1, ...panels.map(({ largest }) => largest)]);
  return {
    id: 'quench',
    title: 'Noise off, and on again',
    caption: `SGD switched to full batches at step 0, and back at the dotted line. ${cases.map(({ name, about, m, recovery, quench }, i) => `${panelLetter(i)} ${name}: ${about}, f_top(${m}), ${quench.states[0]!.measured.errors === null ? 'one switch' : 'means over switches'}, ${recovery.states[0]!.measured.errors === null ? 'one recovery' : 'then means over recoveries ± a standard error'}.`).join(' ')} Above: the share of the full gradient's energy in the top space; below: its energy there (circles) and outside (triangles) over the whole at the switch. Lines: predicted from the eigenvalues, the covariance of single samples' gradients, and the energies at each switch, in the exact model from theory alone, by g_i² (1 − ηλ_i)^{2n} + (η/b) c_iλ_i/(2 − ηλ_i) (1 − (1 − ηλ_i)^{2n}), the second term with noise alone. What is below ${low} is drawn there.`,
    columns: ['series', 'step', 'share or energy'],
    width: columnWidth,
    height: 300,
    chart: chart(
      panels.flatMap(({ series, lines: [a, b], dots: [c, d] }) => [...series, a, b, c, d]),
      {
        ...sideBySide(
          panels.map(({ last, off }) =>
            linearAxis({
              title: 'steps after the switch',
              side: 'bottom',
              min: -1,
              max: last + 1,
              ticks: [0, 1, 2, 3].map((n) => n * off),
              share: 10,
            }),
          ),
          1.6,
        ),
        y: logAxis({ title: 'energy', side: 'left', min: low, max: most, every: 1, share: 8 }),
        gap: gap('left', 0.7),
        share: linearAxis({ title: 'fₜₒₚ', side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 7 }),
      },
      {
        panels: panels.map(({ x }, i) => ({ x, y: 'share', title: cases[i]!.name })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'predicted', like: lines[0] },
              { text: 'top', like: dots[0] },
              { text: 'rest', like: dots[1] },
              { text: 'rest, predicted', like: lines[1] },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}

/** What is lower is drawn here. */
const low = 1e-4;

const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

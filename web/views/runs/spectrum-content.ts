import { dot, ruleX } from '@observablehq/plot';
import type { ChartContent } from '../../core/chart.js';
import { decade } from './curves-content.js';
import { spansDecades } from './drawn-axis.js';
import { cutOf, type RunSettings } from './run-contents.js';
import { recordAt, type ShownRun } from './shown-run.js';

/** The top of the spectrum of each run at one measurement, with bars for what is known of each eigenvalue, and the cut. */
export function spectrumContent(runs: readonly ShownRun[], settings: RunSettings, share: number): ChartContent {
  const shown = runs.flatMap((run) => {
    const record = recordAt(run, share);
    if (record === undefined) return [];
    const { eigenvalues, residuals, eigenvalueCeilings, rounding } = record;
    const levels = eigenvalues.map((value, i) => {
      const error = residuals[i]! + rounding;
      return {
        i: i + 1,
        value,
        residual: residuals[i]!,
        low: value - error,
        high: Math.max(value + error, (eigenvalueCeilings[i] ?? value) + rounding),
      };
    });
    return [{ run, record, levels }];
  });
  const isLog = spansDecades(shown.flatMap(({ levels }) => levels.flatMap(({ value, low }) => [value, low])));
  const cuts = new Set(shown.flatMap(({ run }) => cutOf(run, settings) ?? []));
  const most = Math.max(1, ...shown.map(({ levels }) => levels.length));
  return {
    caption:
      `The largest eigenvalues of the Hessian at ${[...new Set(shown.map(({ record }) => `step ${record.step}`))].slice(0, 4).join(', ') || 'no step'}, in order. Bars: residual and rounding, and above how much larger the eigenvalue may certainly be; most are smaller than the dots. ` +
      `Dashed: the cut behind m. Without a jump there the top m are an arbitrary choice.${isLog ? ' The vertical axis is logarithmic.' : ''}`,
    plot: {
      marginLeft: 55,
      grid: true,
      x: {
        label: 'index of the eigenvalue',
        domain: [0.5, most + 0.5],
        ...(most <= 20 && { ticks: Array.from({ length: most }, (_, i) => i + 1), tickFormat: 'd' }),
      },
      y: {
        label: 'eigenvalue λ',
        type: isLog ? 'log' : 'linear',
        zero: !isLog,
        nice: !isLog,
        ...(isLog && { tickFormat: decade }),
      },
      marks: [
        ruleX(
          [...cuts].filter((m) => m <= most).map((m) => m + 0.5),
          { stroke: 'var(--grey)', strokeDasharray: '4 3' },
        ),
        ...shown.flatMap(({ run, levels }) => {
          return [
            ruleX(levels, { x: 'i', y1: 'low', y2: 'high', stroke: run.colour }),
            dot(levels, { x: 'i', y: 'value', fill: run.colour, symbol: run.symbol.name, r: 4 }),
          ];
        }),
      ],
    },
    key: [
      ...shown.map(({ run }) => ({ text: run.name, colour: run.colour, form: run.symbol.form })),
      { text: `the cut${cuts.size === 1 ? `, m = ${[...cuts][0]!}` : ''}`, colour: 'var(--grey)', dash: '4 3' },
    ],
    table: () => ({
      columns: ['run', 'step', 'index', 'eigenvalue', 'residual', 'lower', 'upper'],
      rows: shown.flatMap(({ run, record, levels }) =>
        levels.map(({ i, value, residual, low, high }) => [run.name, record.step, i, value, residual, low, high]),
      ),
    }),
  };
}

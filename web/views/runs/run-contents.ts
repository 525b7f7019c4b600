import { ratioAtCut } from '../../../src/train/observables/top-fraction.js';
import { noiseFractionAt, topFractionAt } from '../../../src/train/top-fraction-at.js';
import type { TrainRun } from '../../../src/train/train-run.js';
import type { ChartContent } from '../../core/chart.js';
import { short } from '../../../src/numeric/short-number.js';
import { curvesContent, type DrawnQuantity } from './curves-content.js';
import type { DrawnAxis } from './drawn-axis.js';
import { commandOfFigures } from './run-commands.js';
import { mostDrawn, type ShownRun } from './shown-run.js';

/** What all charts of runs need: m = 0 is the cut of each run. */
export interface RunSettings {
  readonly axis: DrawnAxis;
  readonly subspace: number;
}

/** m of a run: the one chosen, or its own. */
export const cutOf = ({ subspace: own }: ShownRun, { subspace }: RunSettings): number | null =>
  subspace === 0 ? own : subspace;

/** Float32 is allowed for where nothing says what it was. */
const precisionOf = ({ run }: ShownRun): TrainRun['config']['precision'] =>
  run?.config.precision === 'f64' ? 'f64' : 'f32';

const number = (value: number | null): ReturnType<DrawnQuantity['of']> =>
  value === null ? null : { lower: value, middle: value, upper: value };

/** The command that draws the same, where one run is shown at its own cut. */
const ofOne = (runs: readonly ShownRun[], settings: RunSettings, show?: string): { readonly command?: string } => {
  const [run] = runs;
  const isOwn = run !== undefined && run.run !== null && cutOf(run, settings) === run.subspace;
  return runs.length === 1 && isOwn ? { command: commandOfFigures(run.name, show) } : {};
};

/** f_top(m) with its certain bounds, what noise alone has, and a random direction. */
export function topFractionContent(runs: readonly ShownRun[], settings: RunSettings): ChartContent {
  const hasNoise = runs.some(({ records }) =>
    records.some(({ noiseNull }) => noiseNull !== undefined && noiseNull !== null),
  );
  const [only] = runs.length === 1 ? runs : [];
  const m = only === undefined ? null : cutOf(only, settings);
  const random = only?.run?.parameters === undefined || m === null ? null : m / only.run.parameters;
  const isMoved = runs.filter((run) => run.subspace !== null && cutOf(run, settings) !== run.subspace);
  const silent = isMoved.filter((run) => run.records.every(({ noiseNull }) => (noiseNull?.energies ?? null) === null));
  const unknown = isMoved.filter((run) =>
    run.records.every((record) => topFractionAt(record, run.subspace!, settings.subspace, precisionOf(run)) === null),
  );
  const thin = runs.filter(({ records }) => records.length > mostDrawn);
  return curvesContent(
    runs,
    [
      {
        name: 'f_top(m)',
        of: (record, run) => {
          const cut = cutOf(run, settings);
          const found =
            cut === null || run.subspace === null ? null : topFractionAt(record, run.subspace, cut, precisionOf(run));
          return found && { lower: found.lower, middle: found.estimate, upper: found.upper };
        },
      },
      {
        name: 'noise alone, Σλ²/Tr H²',
        dash: '1 3',
        of: (record, run) => {
          const cut = cutOf(run, settings);
          const found = cut === null || run.subspace === null ? null : noiseFractionAt(record, run.subspace, cut);
          return found && { ...found, middle: (found.lower + found.upper) / 2 };
        },
      },
    ],
    {
      axis: settings.axis,
      label: 'share of the squared gradient, f_top(m)',
      domain: [0, 1],
      levels:
        random === null ? [] : [{ value: random, text: `a random direction, m/parameters = ${short(random, 2)}` }],
      caption: [
        `How much of the squared gradient lies in the top ${m ?? 'm'} eigenvectors of the Hessian: 1 is all of it. The band is where it certainly lies; it may be too thin to be seen.`,
        hasNoise ? 'Dotted: what the noise of SGD alone would have, without going anywhere.' : '',
        silent.length > unknown.length
          ? `${silent.map(({ name }) => name).join(', ')}: recorded without the energies along single eigenvectors (train --noise-null), so that away from the run’s own cut f_top is known from one side only.`
          : '',
        unknown.length > 0
          ? `${unknown.map(({ name }) => name).join(', ')}: no eigenvalues behind this cut were recorded, so that nothing is known there.`
          : '',
        thin.length > 0
          ? `Of ${thin.map(({ name }) => name).join(', ')} every few records are drawn, ${mostDrawn} at most.`
          : '',
      ]
        .filter((text) => text !== '')
        .join(' '),
      ...ofOne(runs, settings),
    },
  );
}

/** λₘ/λₘ₊₁: whether there is a gap at the cut. */
export function gapContent(runs: readonly ShownRun[], settings: RunSettings): ChartContent {
  return curvesContent(
    runs,
    [
      {
        name: 'λₘ/λₘ₊₁',
        of: ({ eigenvalues }, run) => {
          const cut = cutOf(run, settings);
          return number(cut === null ? null : ratioAtCut(eigenvalues, cut));
        },
      },
    ],
    {
      axis: settings.axis,
      label: 'ratio of eigenvalues, λₘ/λₘ₊₁',
      levels: [{ value: 1, text: '1: no gap' }],
      caption:
        'The ratio of the eigenvalues on either side of the cut. Near 1 the top m are no subspace of their own, and f_top(m) says little.',
      ...ofOne(runs, settings, 'eigenvalueRatio'),
    },
  );
}

/** overlap(g, Hg), and of the top subspaces of two measurements. */
export function overlapContent(runs: readonly ShownRun[], settings: RunSettings): ChartContent {
  return curvesContent(
    runs,
    [
      { name: 'overlap(g, Hg)', of: (record) => number(record.overlapGradientHessianGradient) },
      {
        name: 'top subspaces of two measurements',
        dash: '1 3',
        of: ({ subspaceOverlap }) =>
          subspaceOverlap && {
            ...subspaceOverlap.top,
            middle: (subspaceOverlap.top.lower + subspaceOverlap.top.upper) / 2,
          },
      },
    ],
    {
      axis: settings.axis,
      label: 'overlap',
      caption:
        'overlap(g, Hg) near 1: the gradient is almost one eigenvector, or spread over equal eigenvalues. Dotted: how much of the top subspace of the measurement before is still there, at the run’s own cut; 1 is all of it.',
      ...ofOne(runs, { ...settings, subspace: 0 }, 'overlapGradientHessianGradient,subspaceOverlap'),
    },
  );
}

/** The training loss. */
export function lossContent(runs: readonly ShownRun[], settings: RunSettings): ChartContent {
  return curvesContent(runs, [{ name: 'training loss', of: ({ loss }) => number(loss) }], {
    axis: settings.axis,
    label: 'training loss',
    caption: 'The mean loss of all training samples.',
    ...ofOne(runs, { ...settings, subspace: 0 }, 'loss'),
  });
}

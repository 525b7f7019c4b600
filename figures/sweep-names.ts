import { cellText } from '../src/studies/sweep/plot/index.js';
import type { Cell } from '../src/studies/sweep/table.js';
import { columnsOf } from '../src/train/observables/columns.js';
import { askedObservables, observables } from '../src/train/observables/index.js';

/** What a column is called in a picture: at an axis, and where its value follows. */
interface PrintedName {
  readonly title: string;
  readonly symbol?: string;
}

/** Settings, and columns of records whose heading holds the m of their run. */
const printedNames: Readonly<Record<string, PrintedName>> = {
  lr: { title: 'learning rate η', symbol: 'η' },
  batch: { title: 'batch size' },
  samples: { title: 'samples' },
  classes: { title: 'classes k', symbol: 'k' },
  dim: { title: 'features d', symbol: 'd' },
  noise: { title: 'noise σ', symbol: 'σ' },
  step: { title: 'step' },
  time: { title: 'time t', symbol: 't' },
  parameters: { title: 'parameters' },
  loss: { title: 'training loss' },
  topFraction: { title: 'fₜₒₚ(m)' },
  overlapGradientHessianGradient: { title: 'overlap(g, Hg)' },
  eigenvalueAtCut: { title: 'λₘ' },
  eigenvalueRatio: { title: 'λₘ/λₘ₊₁' },
  gap: { title: 'λₘ − λₘ₊₁' },
  updateDominance: { title: 'χₘ(δ)' },
  noiseNull: { title: 'noise fₜₒₚ(m)' },
};

const headings = new Map(
  columnsOf([...observables, ...askedObservables]).flatMap(({ id, heading }) =>
    typeof heading === 'string' ? [[id, heading] as const] : [],
  ),
);

/** The title of an axis for a column of a sweep's table: `exact.` and the ends of intervals are said, an unknown column keeps its name. */
export function columnTitle(name: string): string {
  const [, exact, base, end] = /^(exact\.)?(.*?)(\.lower|\.upper)?$/.exec(name)!;
  const title = printedNames[base!]?.title ?? headings.get(base!) ?? base!;
  return `${exact === undefined ? '' : 'exact '}${title}${end === undefined ? '' : `, ${end.slice(1)} end`}`;
}

/** A value of a column: `η = 0.1`, and a text by itself. */
export function columnValue(name: string, cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return `${printedNames[name]?.symbol ?? name} = ${printedCell(cell, name)}`;
}

/** A cell of a column as text; none of a batch size or of a number of samples is all. */
export function plainCell(cell: Cell, name: string): string {
  return cell === null && (name === 'batch' || name === 'samples') ? 'all' : cellText(cell);
}

/** The same as a picture has it, with a typographic minus. */
export function printedCell(cell: Cell, name: string): string {
  const text = plainCell(cell, name);
  return typeof cell === 'number' ? text.replace('-', '−') : text;
}

import type { Row } from './rows.js';

/**
 * The rows, with a reason for every verdict on a number of the paper: how far ours is from it, and where it is outside, what the rows that vary a
 * setting found. A setting moves a value if it changes the mean by more than twice the spreads of both, √(s² + s′²).
 */
export function withReasons(rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    if (row.reason !== null || typeof row.paper !== 'number' || row.ours === null) return row;
    const distance = distanceOf(row.ours - row.paper);
    if (row.verdict !== 'outside' || row.variationOf !== null) return { ...row, reason: `${distance}.` };
    const variations = rows.filter(({ variationOf }) => variationOf === row.id);
    return {
      ...row,
      reason: `${distance}. ${variations.length === 0 ? 'Nothing was varied.' : found(row, variations)}`,
    };
  });
}

function distanceOf(difference: number): string {
  const size = Math.abs(difference).toFixed(3);
  return size === '0.000' ? "equal to the paper's value" : `${size} ${difference < 0 ? 'below' : 'above'} the paper`;
}

function found(row: Row, variations: readonly Row[]): string {
  const change = ({ ours }: Row): number => ours! - row.ours!;
  const noise = ({ spread }: Row): number => 2 * Math.hypot(spread!, row.spread!);
  const measured = variations.filter(({ ours }) => ours !== null);
  const moving = measured.filter((varied) => Math.abs(change(varied)) > noise(varied));
  const still = measured.filter((varied) => !moving.includes(varied));
  const listed = (some: readonly Row[]): string =>
    [...some]
      .sort((a, b) => Math.abs(change(b)) - Math.abs(change(a)))
      .map((varied) => `${varied.statement} (${change(varied) < 0 ? '−' : '+'}${Math.abs(change(varied)).toFixed(3)})`)
      .join('; ');
  const left = variations.length - measured.length;
  return [
    moving.length === 0 ? '' : `Moved by: ${listed(moving)}.`,
    still.length === 0 ? '' : `Not moved by more than the spread of the seeds: ${listed(still)}.`,
    left === 0 ? '' : `${left} ${left === 1 ? 'variation is' : 'variations are'} not yet run.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

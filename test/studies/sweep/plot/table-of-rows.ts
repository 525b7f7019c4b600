import type { Cell, Table } from '../../../../src/studies/sweep/table.js';

/** A table from its rows, with the columns of the first; types from the first entry that is there. */
export function tableOfRows(
  rows: readonly Readonly<Record<string, Cell>>[],
  meanings: Readonly<Record<string, string>> = {},
): Table {
  return {
    rows: rows.length,
    columns: Object.keys(rows[0] ?? {}).map((name) => {
      const values = rows.map((row) => row[name] ?? null);
      const type = typeof values.find((cell) => cell !== null);
      return {
        name,
        type: type === 'string' || type === 'boolean' ? type : 'number',
        meaning: meanings[name] ?? '',
        values,
      };
    }),
  };
}

/** A sweep over batch, lr and seed, recorded at steps 0, 100, 200: y = batch + 1000 lr + step + seed², an interval f of width 0.2 about lr + seed/10, and an exact counterpart. */
export function sweepRows({
  seeds = [1, 2, 3],
  batches = [16, 64],
  rates = [0.1, 0.2],
  steps = [0, 100, 200],
} = {}): Record<string, Cell>[] {
  return batches.flatMap((batch) =>
    rates.flatMap((lr) =>
      seeds.flatMap((seed) =>
        steps.map((step) => ({
          batch,
          lr,
          seed,
          step,
          time: lr * step,
          y: batch + 1000 * lr + step + seed ** 2,
          'f.lower': lr + seed / 10 - 0.1,
          'f.upper': lr + seed / 10 + 0.1,
          'exact.f': lr,
          note: 'as it is',
          run: `${batch}-${lr}-${seed}`,
        })),
      ),
    ),
  );
}

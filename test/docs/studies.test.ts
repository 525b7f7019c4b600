import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { planSweep, type SweepDescription } from '../../src/network.js';
import { lateMeans, readTable, summarise, type Table } from '../../src/studies/sweep/table/index.js';
import { captured } from '../cli/captured.js';

const page = readFileSync('docs/studies.md', 'utf8');
const [sweep, plot] = /^```sh\n([\s\S]*?)^```/m
  .exec(page)![1]!
  .trim()
  .split('\n')
  .map((line) => [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(5)) as [
  string[],
  string[],
];
const folder = 'docs/studies';
const axes = ['model', 'lr', 'batch'];
const values = ({ columns }: Table, name: string): Table['columns'][number]['values'] =>
  columns.find((column) => column.name === name)!.values;

let results: Table, runs: Table, out: string;
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'studies-'));
  results = await readTable(join(folder, 'batch-and-rate.results.csv'));
  runs = await readTable(join(folder, 'batch-and-rate.runs.csv'));
});
afterAll(() => {
  rmSync(out, { recursive: true });
});

describe('the study of batch and rate', () => {
  it('is of the runs that its description plans, all of them finished, in less than half an hour on two cores', async () => {
    const plan = await planSweep(JSON.parse(readFileSync(sweep[1]!, 'utf8')) as SweepDescription);
    const planned = plan.runs.map(({ point }) => [...axes, 'seed'].map((axis) => point[axis]));
    expect(planned).toHaveLength(48);
    expect(Array.from({ length: runs.rows }, (_, i) => [...axes, 'seed'].map((axis) => values(runs, axis)[i]))).toEqual(
      planned,
    );
    expect(new Set(values(runs, 'state'))).toEqual(new Set(['finished']));
    expect([...new Set(values(results, 'run'))]).toEqual(values(runs, 'run'));
    const seconds = (values(runs, 'seconds') as number[]).reduce((sum, one) => sum + one, 0);
    expect(seconds / 2).toBeLessThan(1800);
    expect(page).toContain(`${Math.round(seconds)} s`);
    const { stdout, code } = await captured(() => runCli([...sweep, '--dry-run'].map(moved)));
    expect(code).toBe(0);
    expect(stdout).toContain('48 runs of train');
  });

  it('has the figure that the plot of its page draws from the committed table', async () => {
    const { code, stderr } = await captured(() => runCli(plot.map(moved)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [drawn, committed] = [join(out, plot.at(-1)!), join(folder, 'figures')].map((at) =>
      ['csv', 'svg', 'md'].map((end) => readFileSync(join(at, `batch-and-rate.${end}`), 'utf8')),
    ) as [string[], string[]];
    expect(drawn[0] === committed[0], 'csv').toBe(true);
    expect(drawn[1] === committed[1], 'svg').toBe(true);
    // What columns mean is in results.parquet of the sweep, from which the committed caption is, and not in a CSV.
    expect(committed[2]!.replaceAll(/ \((?:the share|Σ)[^.]*?\)(?= against|\.)/g, '')).toBe(drawn[2]);
  });

  it('has its late means over seeds on the page', () => {
    expect(page).toContain(tableOf(results));
  });
});

/** A word of a command, with the folder of the sweep read from what is committed, and figures put elsewhere. */
const moved = (word: string): string =>
  word === 'study' ? join(folder, 'batch-and-rate.results.csv') : word === plot.at(-1) ? join(out, word) : word;

/** f_top, what noise alone has of it, and the flow's share: of each run the mean over its records, ± the standard error over seeds. */
function tableOf(table: Table): string {
  const means = summarise(lateMeans(table, { axes, seed: 'seed', from: 0 }), { axes, seed: 'seed', by: [] });
  const [models, rates, batches] = axes.map((axis) => [...new Set(values(means, axis))]) as [
    string[],
    number[],
    number[],
  ];
  const shown = (row: number, names: readonly string[]): string =>
    ['mean', 'se']
      .map((of) => names.reduce((sum, name) => sum + (values(means, `${name}.mean.${of}`)[row] as number), 0))
      .map((sum) => (sum / names.length).toFixed(3))
      .join(' ± ');
  const ends = (name: string): string[] => [`${name}.lower`, `${name}.upper`];
  const lines = models.flatMap((model) =>
    rates.flatMap((rate) =>
      [
        ['f_top(10)', ends('topFraction')],
        ['noise alone', ends('noiseNull')],
        ['flow’s share', ['flowShare']],
      ].map(([title, names]) => [
        model,
        `${rate}`,
        title as string,
        ...batches.map((batch) => {
          const row = Array.from({ length: means.rows }, (_, i) => i).find((i) =>
            [model, rate, batch].every((value, axis) => values(means, axes[axis]!)[i] === value),
          )!;
          return shown(row, names as string[]);
        }),
      ]),
    ),
  );
  const head = ['network', 'η', '', ...batches.map((batch) => `b = ${batch}`)];
  const width = head.map((title, i) => Math.max(3, title.length, ...lines.map((line) => line[i]!.length)));
  return [head, width.map((of) => '-'.repeat(of)), ...lines]
    .map((line) => `| ${line.map((cell, i) => cell.padEnd(width[i]!)).join(' | ')} |`)
    .join('\n');
}

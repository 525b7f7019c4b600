import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsFigure } from '../../figures/records.js';
import { printTraining } from '../../src/cli/train.js';
import { runCli } from '../../src/cli/run-cli.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { loadRun } from '../../src/train/load-run.js';
import { chosenColumns, recordsCsv } from '../../src/train/observables/columns.js';
import { observables } from '../../src/train/observables/index.js';
import type { Observable } from '../../src/train/observables/observable.js';
import { recordJsonSchema } from '../../src/train/observables/record.js';
import { trainDefaults } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';
import { captured } from '../cli/captured.js';

const page = readFileSync('docs/extending.md', 'utf8');
const recipe = /^## An observable\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(page)![1]!;
const file = /^```ts src\/train\/observables\/\S+\n([\s\S]*?)^```/m.exec(recipe)![1]!;
const commands = /^```sh\n([\s\S]*?)^```/m.exec(recipe)![1]!.trim().split('\n');

/** Code as it would be in a folder of the repository, executed elsewhere. */
const placed = (code: string, where: string): string =>
  code.replaceAll(/(?<=from )'([^']+)'/g, (_, name: string) => {
    const path = name.startsWith('.') ? join(where, name.replace(/\.js$/, '.ts')) : `node_modules/${name}/index.js`;
    return JSON.stringify(join(process.cwd(), path));
  });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recipe-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the recipe for an observable', () => {
  it('makes field, schema, column, CSV and figure of its file alone, under any name', async () => {
    const code = placed(file, 'src/train/observables')
      .replaceAll('gradientMatrices', 'matrices')
      .replace('stableRank: {', 'rank: {');
    const path = join(folder, 'matrices.ts');
    writeFileSync(path, code);
    const { matricesObservable: matrices } = (await import(path)) as { matricesObservable: Observable<'matrices'> };
    const list = [...observables, matrices];
    const config = { ...trainDefaults, model: 'mlp:4', batch: null, steps: 4, measureEvery: 2, top: 4 };
    const data = { ...config.data, source: 'mixture:3,4,0.2,60' };
    const out = join(folder, 'own');
    const document = await train({ ...config, data }, { runtime: await nativeRuntime(), observables: [matrices], out });
    const { records } = loadRun(out, [matrices]);
    expect(records.map((record) => (record as unknown as { matrices: unknown }).matrices)).toEqual(
      records.map(({ gradientMatrices }) => gradientMatrices),
    );
    expect(records[2]!.gradientMatrices.map(({ parameter }) => parameter)).toEqual(['dense1.weight', 'dense2.weight']);
    expect(recordJsonSchema(list)).toMatchObject({
      properties: {
        matrices: { type: 'array', description: expect.stringMatching(/^of the gradient G .* \[1\]$/) as string },
      },
    });
    const columns = chosenColumns(list, ['step', 'rank', 'stableRank']);
    const { stdout } = await captured(() => {
      printTraining(document, columns);
      return Promise.resolve(0);
    });
    expect(stdout).toMatch(/step +stable rank +stable rank\n( +\d +([\d.–]+) +\2\n){3}/);
    const [header, ...rows] = recordsCsv(document, columns).trimEnd().split('\r\n');
    expect(header).toBe('step,rank.lower,rank.upper,stableRank.lower,stableRank.upper');
    for (const row of rows) expect(row).toMatch(/^\d,([\d.]+,[\d.]+),\1$/);
    const { chart, caption } = recordsFigure(document, ['rank'], list);
    expect(chart.data.datasets.map(({ label, data }) => [label, data.length])).toEqual([
      ['stable rank', 3],
      ['stable rank, upper end', 3],
    ]);
    expect(caption).toContain('stable rank: ‖G‖_F²/‖G‖₂² of the gradient by each weight matrix');
  });

  it('gives commands that run', async () => {
    expect(commands).toHaveLength(3);
    const printed = [];
    for (const command of commands) {
      expect(command).toMatch(/^npm run -s cli -- /);
      const args = command.split(' ').slice(5);
      for (const option of ['--out', '--run']) {
        const at = args.indexOf(option);
        if (at >= 0) args[at + 1] = join(folder, args[at + 1]!);
      }
      const { code, stdout, stderr } = await captured(() => runCli(args));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      printed.push(stdout);
    }
    expect(printed[0]).toMatch(/step +loss +stable rank\n( +\d+ +[\d.]+ +[\d.–]+\n){5}/);
    expect(printed[1]).toContain('records.png');
    expect(JSON.parse(printed[2]!)).toMatchObject({ properties: { gradientMatrices: { type: 'array' } } });
  });
});

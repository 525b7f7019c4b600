import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { sealedJson } from '../../src/files/sealed-json.js';
import type { Row } from '../../src/studies/reproduce/engine/rows.js';
import { captured } from './captured.js';

const folder = mkdtempSync(join(tmpdir(), 'cli-reproduce-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => captured(() => runCli(['reproduce', '--quick', ...args]));

describe('reproduce', () => {
  it('prints one JSON document with a row for each claim, and says on stderr how long it should take', async () => {
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await run('--only', 'table1-sine-samples', '--jobs', '2', '--out', out, '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^2 tasks, about \d+ s with 2 at a time/);
    const { pages } = JSON.parse(stdout) as { pages: { page: string; rows: Row[] }[] };
    expect(pages).toHaveLength(1);
    const { page, rows } = pages[0]!;
    expect(page).toBe(join(out, 'README.md'));
    const keys = ['id', 'paper', 'ours', 'spread', 'verdict', 'seconds', 'settings'];
    for (const row of rows) expect(Object.keys(row)).toEqual(expect.arrayContaining(keys));
    expect(rows.find(({ id }) => id === 'table1-sine-samples')).toMatchObject({
      paper: 0.99,
      ours: expect.any(Number) as number,
      settings: { scale: 'quick', seeds: [1, 2] },
    });
    expect(rows.find(({ id }) => id === 'table1-sine')).toMatchObject({ ours: null, verdict: 'not yet run' });

    const again = await run('--only', 'table1-sine-samples', '--out', out);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/table1-sine-samples +0\.99 /);
    expect(again.stdout).not.toContain('table1-eta');
    expect(again.stdout).toContain('a quick run: few samples');
  });

  it('refuses a folder without a name, and one of several that is not its own before anything is run', async () => {
    expect(await run('--out', '', '--only', 'after:post-training-model')).toMatchObject({ code: 2, stdout: '' });
    const out = join(folder, 'foreign');
    mkdirSync(join(out, 'after'), { recursive: true });
    writeFileSync(join(out, 'manifest.json'), sealedJson({ format: 'tiny-subspace reproduction 1', files: [] }));
    writeFileSync(join(out, 'after', 'mine'), '');
    const { code, stderr } = await run('--only', 'table1-sine-samples,after:post-training-model', '--out', out);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*after is not empty and is no 'tiny-subspace reproduction' folder/);
  });

  it('draws again what one page has where the other has no figures yet', async () => {
    const out = join(folder, 'redrawn');
    for (const name of ['README.md', 'manifest.json', 'figures/federated.json']) {
      cpSync(join('reproduction', 'after', name), join(out, 'after', name));
    }
    writeFileSync(join(out, 'README.md'), '# The paper, reproduced');
    const { code, stdout } = await captured(() => runCli(['reproduce', '--redraw', '--out', out, '--json']));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ pages: [{ figures: [{ id: 'federated' }] }] });
  });

  it.each([
    [['--redraw'], /leave out --only, --quick and --jobs/],
    [['--only', 'fig9'], /no experiment begins with 'fig9'; there are table1/],
    [['--only', 'fig1a,'], /no experiment begins with ''/],
    [['--jobs', '0'], /jobs.*0/],
    [['--out', join(folder, 'file', 'x')], /file/],
  ])('refuses %s', async (args, message) => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stdout, stderr } = await run('--out', join(folder, 'other'), ...args);
    expect(code).toBe(args[0] === '--out' ? 3 : 2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});

it('has a folder of its own for quick runs, so that a full page stays what it is', async () => {
  const here = process.cwd();
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  process.chdir(clone);
  try {
    const { code, stdout } = await captured(() => runCli(['reproduce', '--quick', '--only', 'outliers-exact']));
    expect(code).toBe(0);
    expect(stdout).toContain(`the page: ${join('reproduction', 'quick', 'README.md')}`);
    expect(readdirSync('reproduction')).toEqual(['quick']);
  } finally {
    process.chdir(here);
  }
});

it('prints the rows of this folder’s runs, and counts those that the page had', async () => {
  const out = join(folder, 'earlier');
  await run('--only', 'after:post-training-model', '--out', out);
  rmSync(join(out, 'after', 'runs'), { recursive: true }); // as in a clone
  const { code, stdout } = await run('--only', 'after:federated-model-clients', '--out', out);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ *federated-model-clients /m);
  expect(stdout).not.toMatch(/^ *post-training-model /m);
  expect(stdout).toContain('rows as the page had them, of runs that are not in this folder: 1\n');
});

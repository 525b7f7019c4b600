import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const page = readFileSync('docs/extending-parts.md', 'utf8');

interface Block {
  readonly section: string;
  readonly language: string;
  readonly path: string;
  readonly body: string;
}

/** The blocks of the page: a new file each, or a change of one as a diff. */
const blocks: readonly Block[] = page
  .split(/^## /m)
  .slice(1)
  .flatMap((section) =>
    [...section.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```/gm)].map(([, language, path, body]) => ({
      section: section.split('\n')[0]!,
      language: language!,
      path: path!,
      body: body!,
    })),
  );
const sections = [...new Set(blocks.map(({ section }) => section))];
const isTest = ({ path }: Block): boolean => path.endsWith('.test.ts');

/** A diff: the lines that are kept and taken must be there, one after the other. */
function changed(text: string, { path, body }: Block): string {
  const lines = body.trimEnd().split('\n');
  const of = (signs: string): string =>
    lines
      .filter((line) => signs.includes(line[0]!))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  expect(text, `${path} holds what the page changes`).toContain(of(' -'));
  return text.replace(of(' -'), () => of(' +'));
}

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'extended-'));
  for (const name of ['src', 'theory', 'figures', 'test', 'docs']) cpSync(name, join(copy, name), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', 'vitest.config.ts', '.prettierrc.json'])
    cpSync(name, join(copy, name));
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  for (const block of blocks) {
    const path = join(copy, block.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, block.language === 'diff' ? changed(readFileSync(path, 'utf8'), block) : block.body);
  }
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

describe('docs/extending-parts.md', () => {
  it('adds each part by one file, lines in one other, and a test', () => {
    expect(sections).toEqual(['A layer', 'An architecture', 'A data set', 'An optimiser', 'A figure', 'A theorem']);
    for (const section of sections) {
      const own = blocks.filter((block) => block.section === section);
      const written = own.filter((block) => block.language === 'ts' && !isTest(block));
      const lists = new Set(own.flatMap(({ language, path }) => (language === 'diff' ? [path] : [])));
      expect([written.length, lists.size, own.filter(isTest).length], section).toEqual([1, 1, 1]);
    }
    expect(page.match(/^```./gm)).toHaveLength(blocks.length);
  });

  it('works as it says: its tests pass, and those of the house', () => {
    const own = blocks.filter(isTest).map(({ path }) => path);
    const house = ['architecture', 'registries', 'loss/network/layers'].map((name) => `test/${name}.test.ts`);
    const vitest = resolve('node_modules/vitest/vitest.mjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [vitest, 'run', '--no-isolate', ...own, ...house, '-u'],
      { cwd: copy, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    for (const path of [...own, ...house]) expect(stdout).toContain(path);
    const table = readFileSync(join(copy, 'docs/registries.md'), 'utf8');
    for (const name of ['rmsNorm', 'resmlp:WIDTH,BLOCKS', 'moons:N,SIGMA', 'rmsprop', 'margin'])
      expect(table).toContain(`\`${name}\``);
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const page = readFileSync('docs/extending.md', 'utf8');

interface Block {
  readonly section: string;
  readonly language: string;
  readonly path: string;
  readonly body: string;
}

/** The blocks of the page that name a path: a file each, or lines that are added to one, as a diff. test/docs.test.ts runs the others. */
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

/** The one recipe whose result is in the repository. */
const isThere = ({ section }: Block): boolean => section === 'An observable';

/** One side of a diff: the lines with these signs. */
const side = ({ body }: Block, signs: string): string =>
  body
    .trimEnd()
    .split('\n')
    .filter((line) => signs.includes(line[0]!))
    .map((line) => `${line.slice(1)}\n`)
    .join('');

/** A diff: the lines that are kept and taken must be there, one after the other. */
function changed(text: string, block: Block): string {
  expect(text, `${block.path} holds what the page changes`).toContain(side(block, ' -'));
  return text.replace(side(block, ' -'), () => side(block, ' +'));
}

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'extended-'));
  for (const name of ['src', 'theory', 'figures', 'web', 'test', 'docs'])
    cpSync(name, join(copy, name), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', 'vitest.config.ts', '.prettierrc.json'])
    cpSync(name, join(copy, name));
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  for (const block of blocks.filter((one) => !isThere(one))) {
    const path = join(copy, block.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, block.language === 'diff' ? changed(readFileSync(path, 'utf8'), block) : block.body);
  }
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

describe('docs/extending.md', () => {
  it('adds each part by one file, lines in one other, and a test', () => {
    expect(sections).toEqual([
      'An observable',
      'A layer',
      'An architecture',
      'A data set',
      'An optimiser',
      'A figure',
      'A theorem',
      'An experiment',
    ]);
    for (const section of sections) {
      const own = blocks.filter((block) => block.section === section);
      const written = own.filter((block) => block.language === 'ts' && !isTest(block));
      const lists = new Set(own.flatMap(({ language, path }) => (language === 'diff' ? [path] : [])));
      expect([written.length, lists.size, own.filter(isTest).length], section).toEqual([1, 1, 1]);
    }
    const others = page.match(/^```\w+$/gm)!;
    expect(others).toEqual(['```sh', '```ts']);
    expect(page.match(/^```./gm)).toHaveLength(blocks.length + others.length);
  });

  it('has the code of the repository where it is there, and new files else', () => {
    for (const block of blocks) {
      if (!isThere(block)) expect(block.language === 'diff' || !existsSync(block.path), block.path).toBe(true);
      else if (block.language === 'diff') expect(readFileSync(block.path, 'utf8')).toContain(side(block, ' +'));
      else expect(block.body).toBe(readFileSync(block.path, 'utf8'));
    }
  });

  it('works as it says: its tests pass, and those of the house', () => {
    const own = blocks.filter(isTest).map(({ path }) => path);
    const house = ['architecture', 'names', 'registries', 'loss/network/layers'].map((name) => `test/${name}.test.ts`);
    const vitest = resolve('node_modules/vitest/vitest.mjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [vitest, 'run', '--no-isolate', ...own, ...house, '-u'],
      { cwd: copy, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    for (const path of [...own, ...house]) expect(stdout).toContain(path);
    const table = readFileSync(join(copy, 'docs/registries.md'), 'utf8');
    for (const name of ['scaleNorm', 'resmlp:WIDTH,BLOCKS', 'moons:N,SIGMA', 'rmsprop', 'margin'])
      expect(table).toContain(`\`${name}\``);
  });
});

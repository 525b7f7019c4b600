import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { format } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../src/cli/run-cli.js';
import { theorems } from '../theory/theorems.js';
import { captured } from './cli/captured.js';

/** The README and every page that it leads to. */
const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const all = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, language, body]) => ({
    page,
    language: language!,
    body: body!,
  })),
);
/**
 * A block that names a path is a piece of the repository, not a program: test/docs/extending.test.ts puts it there and runs its tests. What begins with a network of one's own
 * is run by test/docs/own-networks.test.ts, in its order; what reads tables with other programs, needs a Redis or a cluster, or takes minutes, by tables, redis, slurm and studies.test.ts beside it; what serves until it is stopped by test/cli/explore.test.ts.
 */
const isPiece = ({ page, language }: { page: string; language: string }): boolean =>
  (page === 'docs/extending.md' && language.includes(' ')) ||
  (page === 'docs/own-networks.md' && ['py', 'js', 'sh'].includes(language)) ||
  (page === 'docs/tables.md' && ['py', 'sql'].includes(language)) ||
  (['docs/redis.md', 'docs/studies.md'].includes(page) && language === 'sh') ||
  (page === 'docs/web.md' && language === 'sh') ||
  page === 'docs/slurm.md';
const blocks = all.filter((block) => !isPiece(block));
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ page, body }) =>
    body
      .trim()
      .split('\n')
      .map((command) => ({ page, command })),
  );
const programs = blocks.filter(({ language }) => language === 'ts').map(({ page, body }) => [page, body] as const);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the documentation', () => {
  it('holds only blocks that a test runs', () => {
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['sh', 'ts']);
    expect(commands.length).toBeGreaterThan(15);
    expect(programs.length).toBeGreaterThan(5);
    expect(all.length - blocks.length).toBeGreaterThan(25);
  });

  it('leads to every page, and to nothing that is not there', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(pages.slice(1).filter((page) => !readme.includes(`](${page})`))).toEqual([]);
    const broken = [...pages, 'CONTRIBUTING.md', 'src/README.md', 'theory/README.md'].flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)(#[^)]*)?\)|src="([^":]+)"/g)]
        .map((match) => join(dirname(page), match[1] ?? match[3]!))
        .filter((target) => !existsSync(target))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it.each(programs.map((program, i) => [...program, i] as const))(
    '%s prints what it says: %s',
    async (_, program, i) => {
      const expected = [...program.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line).join('\n');
      const path = join(folder, `program-${i}.ts`);
      writeFileSync(path, program);
      const printed: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => printed.push(format(...values)));
      await import(/* @vite-ignore */ path);
      expect(printed.join('\n')).toBe(expected);
    },
  );

  const cli = commands.filter(({ command }) => command.startsWith('npm run -s cli -- '));
  it.each(cli)('$page runs: $command', async ({ page, command }) => {
    const written = command.split(' ').slice(5);
    const made = cli.flatMap((one) => (one.page === page ? (/ --out (\S+)/.exec(one.command)?.slice(1) ?? []) : []));
    const isPlace = (word: string, i: number): boolean =>
      ['--out', '--checkpoint', '--run'].includes(written[i - 1]!) || made.includes(word);
    const args = written.map((word, i) => (isPlace(word, i) ? join(folder, basename(page), word) : word));
    const { code, stdout, stderr } = await captured(() => runCli(args));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(50);
  });

  it('gives no other commands than those CI runs from a clean checkout', () => {
    const ci = readFileSync('.ci/run', 'utf8');
    const others = commands.filter((one) => !cli.includes(one));
    expect(others.map(({ command }) => command)).toEqual(['npm ci && npm start', 'npm cit', 'npm run web']);
    for (const step of ['npm ci', 'npm start', 'npm test', 'npm run web:build']) expect(ci).toContain(`step ${step}\n`);
  });

  it('counts the claims as they are', () => {
    const count = (expected: string): number => theorems.filter((theorem) => theorem.expected === expected).length;
    const readme = readFileSync('README.md', 'utf8');
    expect(readme).toContain(`${theorems.length} claims as values`);
    expect(readme.replaceAll(/\s+/g, ' ')).toContain(
      `${count('proved')} by exact algebra, ${count('checked')} numerically with bounds, and ${count('refuted')} false ones`,
    );
  });

  it('lists every runtime dependency', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const table = readFileSync('docs/dependencies.md', 'utf8');
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) expect(table).toContain(name);
  });
});

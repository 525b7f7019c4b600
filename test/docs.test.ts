import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.js';
import { captured } from './cli/captured.js';

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language, body]) => ({
  language,
  body: body!,
}));
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ body }) => body.trim().split('\n'));
const programs = blocks.filter(({ language }) => language === 'ts').map(({ body }) => body);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the README', () => {
  it('holds only blocks that a test runs', () => {
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['sh', 'ts']);
    expect(commands.length).toBeGreaterThan(5);
    expect(programs).toHaveLength(6);
  });

  it.each(programs.map((program) => [program.split('\n')[0]!, program]))('prints what it says: %s', (_, program) => {
    const printed = [...program.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line).join('\n');
    const path = join(folder, 'program.mts');
    writeFileSync(
      path,
      program
        .replace("'tiny-subspace/theory'", JSON.stringify(join(process.cwd(), 'theory/index.ts')))
        .replace("'tiny-subspace/figures'", JSON.stringify(join(process.cwd(), 'figures/index.ts')))
        .replaceAll("'tiny-subspace/network'", JSON.stringify(join(process.cwd(), 'src/network.ts')))
        .replace("'tiny-subspace'", JSON.stringify(join(process.cwd(), 'src/index.ts'))),
    );
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`.trim()).toBe(printed);
  });

  it.each(commands.filter((command) => command.startsWith('npm run -s cli -- ')))('runs: %s', async (command) => {
    const args = command.split(' ').slice(5);
    for (const option of ['--out', '--checkpoint']) {
      const at = args.indexOf(option);
      if (at >= 0) args[at + 1] = join(folder, args[at + 1]!);
    }
    const { code, stdout, stderr } = await captured(() => runCli(args));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(50);
  });

  it('gives no other commands than those CI runs from a clean checkout', () => {
    const ci = readFileSync('.ci/run', 'utf8');
    const others = commands.filter((command) => !command.startsWith('npm run -s cli -- '));
    expect(others).toEqual(['npm ci && npm start', 'npm cit']);
    for (const step of ['npm ci', 'npm start', 'npm test']) expect(ci).toContain(`step ${step}\n`);
  });

  it('lists every runtime dependency', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) expect(readme).toContain(name);
  });
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { captured } from '../cli/captured.js';
import { pythonWith } from '../python.js';

const page = readFileSync('docs/own-networks.md', 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter(([, of]) => of === language).map(([, , body]) => body!);
const [python] = blocks('py');
const [module] = blocks('js');
const commands = blocks('sh').flatMap((body) => body.trim().split('\n'));

const interpreter = pythonWith('torch, numpy');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-networks-'));
  const golden = (name: string, as: string): void => {
    copyFileSync(`test/golden/pytorch/${name}`, join(folder, as));
  };
  golden('normed-mlp.onnx', 'net.onnx');
  golden('normed-mlp.x.npy', 'x.npy');
  golden('normed-mlp.y.npy', 'y.npy');
  writeFileSync(join(folder, 'net.mjs'), module!);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A command of the page, with the files it names in the folder. */
const inFolder = (command: string): string[] =>
  command
    .split(' ')
    .slice(5)
    .map((word) =>
      word.replaceAll(
        /(^|[:,])((?:net|x|y)\.(?:onnx|mjs|npy))/g,
        (_, before: string, name: string) => before + join(folder, name),
      ),
    );

async function runs(command: string): Promise<string> {
  const { code, stdout } = await captured(() => runCli(inFolder(command)));
  expect([command, code]).toEqual([command, 0]);
  return stdout;
}

describe('a network of one\u2019s own', () => {
  it('comes from PyTorch to f_top in three commands', async ({ skip }) => {
    if (interpreter === undefined) skip('there is no Python with PyTorch');
    const script = join(folder, 'export.py');
    writeFileSync(script, python!);
    const { status, stderr } = spawnSync(interpreter!, [script], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr.includes('Error')]).toEqual([0, false]);
    const [first] = commands;
    expect(await runs(first!)).toMatch(/dimension 499, loss 0\.0\d+[\s\S]*f_top\(3\): 0\.\d+/);
  });

  it.each(commands.filter((command) => !command.includes('--parameters')))(
    'runs, with the network of the tests: %s',
    async (command) => {
      expect((await runs(command)).length).toBeGreaterThan(200);
    },
  );
});

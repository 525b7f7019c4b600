import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { SolveDocument } from '../../src/studies/solve/solve-document.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { captured } from './captured.js';

/** As a user would type it, in a process of its own. */
function typed(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const solved = async (...args: string[]): Promise<SolveDocument> =>
  JSON.parse((await captured(() => runCli(['solve', ...args, '--json']))).stdout) as SolveDocument;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('solve', () => {
  it('prints one JSON document with the contract’s fields and the known margins', () => {
    const { status, stdout, stderr } = typed(
      'solve',
      '--classes',
      '10',
      '--dim',
      '50',
      '--times',
      '1,10,1e3,1e6',
      '--json',
    );
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const { model, states } = JSON.parse(stdout) as SolveDocument;
    expect(model).toMatchObject({ classes: 10, dim: 50, noise: 0 });
    expect(states.map((state) => state.margin!.toFixed(10))).toEqual([
      '0.0994882756',
      '0.9382711701',
      '6.8452338110',
      '13.8153872119',
    ]);
    for (const state of states) {
      expect(Object.keys(state)).toEqual(
        expect.arrayContaining([
          'time',
          'margin',
          'loss',
          'error',
          'gradientNorm',
          'levels',
          'rank',
          'topFraction',
          'overlapGradientHessianGradient',
        ]),
      );
      expect(state.levels.map((level) => level.sector)).toEqual(['gradient', 'mini-bulk', 'null']);
      expect(state.rank).toBe(90);
      expect(state.topFraction).toMatchObject({ lower: expect.closeTo(1, 12) as number, null: 0.02 });
    }
  });

  it.each([
    ['symmetric', ['--classes', '10', '--dim', '50', '--times', '0,1,1e3']],
    ['random', ['--classes', '4', '--dim', '6', '--times', '0,10,1e6', '--init', 'random:0.01', '--seed', '7']],
    ['bias', ['--classes', '3', '--dim', '5', '--times', '0,1,100', '--bias']],
  ])('gives the frozen document: %s', async (name, args) => {
    await expect(`${JSON.stringify(await solved(...args), null, 2)}\n`).toMatchFileSnapshot(
      `../golden/solve-${name}.json`,
    );
  });

  it('survives a round trip through JSON at full precision', async () => {
    const document = await solved('--init', 'random:0.3', '--classes', '5', '--times', '3');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(document.states[0]!.margin).toBeNull();
    expect(document.states[0]!.levels).toHaveLength(21);
  });

  it('solves a thousand classes in a million dimensions in well under a second', async () => {
    const start = performance.now();
    const { states } = await solved('--classes', '1000', '--dim', '1000000', '--times', '1e9');
    expect(states[0]!.levels.at(-1)!.multiplicity).toBe(1e9 - 999_000);
    expect(performance.now() - start).toBeLessThan(5000); // a hang, not a benchmark
  });

  it('refuses biases with random weights, and k > d', async () => {
    expect(await captured(() => runCli(['solve', '--bias', '--init', 'random:1']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('use --init zero') as string,
    });
    expect(await captured(() => runCli(['solve', '--classes', '9', '--dim', '4']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('need at least 9 features') as string,
    });
  });
});

describe('the command line', () => {
  it.each(['solve', 'boundary', 'response', 'simulate', 'verify', 'measure', 'figures', 'demo'])(
    '%s --help shows an example',
    async (command) => {
      const { code, stdout } = await captured(() => runCli([command, '--help']));
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}\$ tiny-subspace/);
      expect(stdout).toContain('--json');
    },
  );

  it('refuses unknown options and commands with a suggestion, exit code 2, nothing on stdout', () => {
    const option = typed('solve', '--clases', '3');
    expect(option).toMatchObject({ status: 2, stdout: '' });
    expect(option.stderr).toContain('Did you mean --classes?');
    const command = typed('sovle');
    expect(command.status).toBe(2);
    expect(command.stderr).toContain('Did you mean solve?');
  });

  it.each([
    [['solve', '--times', '1,x'], "'x' is not a number from 0 to 1000000000000; the list looks like 0,1,1e3"],
    [['solve', '--times', '1e13'], "'1e13' is not a number"],
    [['solve', '--times', '1e-300'], 'time must be 0 or lie between 1e-200 and 1e12'],
    [['solve', '--classes', '1'], 'an integer from 2 to 10000, for example 10'],
    [['solve', '--classes', '0x10'], 'an integer from 2 to 1000'],
    [['solve', '--init', 'random:-1'], "'zero' or 'random:SCALE'"],
    [['measure', '--data', 'mixture:3,10'], 'mixture:K,D,SIGMA,N'],
    [['measure', '--data', 'mixture:3,10,0.1,100', '--top', '2', '--steps', '1'], 'top must lie between 3'],
    [['measure', '--every', '0'], 'an integer from 1'],
    [['figures', '--only', 'colapse'], "did you mean 'collapse'?"],
  ])('%j is refused in words', async (args, words) => {
    const { code, stdout, stderr } = await captured(() => runCli([...args, '--json']));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('answers any arguments with an exit code of the contract and never a stack trace', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'solve',
        'measure',
        '--classes',
        '--dim',
        '--times',
        '--init',
        '--bias',
        '--seed',
        '--data',
        '--steps',
        '-1',
        '0',
        '3',
        '1e3',
        '1,2',
        'random:0.1',
        'zero',
        '--json',
        '--help',
        'mixture:2,2,0,5',
        '',
      ),
      fc.string({ maxLength: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('solve', 'measure'),
        fc.array(word, { maxLength: 6 }),
        async (command, words) => {
          // No long runs: measure only gets as far as its arguments are checked.
          const args =
            command === 'measure'
              ? ['measure', '--data', 'mixture:2,2,0,5', '--steps', '1', ...words, '--top', '0']
              : [command, ...words];
          const { code, stderr } = await captured(() => runCli(args));
          expect([0, 2]).toContain(code);
          expect(stderr).not.toMatch(/\n\s+at /);
        },
      ),
      { seed: 11, numRuns: 150 },
    );
  });
});

it.skipIf(!existsSync('/dev/full'))('says where results cannot be written: exit code 3, one line', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'solve', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^error: the results could not be written: ENOSPC.*\n$/);
});

describe('verify', () => {
  it('prints the contract’s document and exits with 0', async () => {
    const { code, stdout } = await captured(() => runCli(['verify', '--json']));
    const document = JSON.parse(stdout) as { ok: boolean; theorems: Record<string, unknown>[] };
    expect(code).toBe(0);
    expect(document.ok).toBe(true);
    for (const theorem of document.theorems) {
      expect(Object.keys(theorem)).toEqual(
        expect.arrayContaining([
          'id',
          'statement',
          'reference',
          'method',
          'verdict',
          'expected',
          'ok',
          'evidence',
          'milliseconds',
        ]),
      );
    }
  });
});

describe('measure', () => {
  const args = ['measure', '--data', 'mixture:3,6,0.2,200', '--steps', '40', '--every', '20', '--top', '7'];

  it('prints the contract’s document, the same with a run folder', async () => {
    const plain = await captured(() => runCli([...args, '--json']));
    const document = JSON.parse(plain.stdout) as TrainDocument;
    expect(Object.keys(document)).toEqual(['run', 'records', 'window', 'summary']);
    expect(document.run.config).toMatchObject({ model: 'softmax', backend: 'plain', precision: 'f64', bias: false });
    expect(Object.keys(document.records[0]!)).toEqual(
      expect.arrayContaining([
        'step',
        'loss',
        'accuracy',
        'gradientNorm',
        'eigenvalues',
        'residuals',
        'topFraction',
        'overlapGradientHessianGradient',
        'hessianVectorProducts',
      ]),
    );
    const kept = await captured(() => runCli([...args, '--json', '--out', join(folder, 'run')]));
    const withoutFiles = kept.stdout.replaceAll(/"weights": ?"[^"]+"/g, '"weights":null');
    expect(JSON.parse(withoutFiles)).toEqual(document);
    const lines = readFileSync(join(folder, 'run', 'records.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => ({ ...(JSON.parse(line) as object), seal: undefined }))).toEqual(
      (JSON.parse(kept.stdout) as TrainDocument).records,
    );
  });

  it('is train on the plain backend, by its own names', async () => {
    const train = ['train', '--model', 'softmax', '--backend', 'plain', '--dtype', 'f64', '--no-bias'];
    const same = ['--data', 'mixture:3,6,0.2,200', '--steps', '40', '--measure-every', '20', '--top', '7'];
    const [measured, trained] = [
      await captured(() =>
        runCli([...args, '--window', '20', '--lr', '0.3', '--batch', '32', '--seed', '4', '--json']),
      ),
      await captured(() =>
        runCli([
          ...[...train, ...same, '--window', '20', '--lr', '0.3', '--batch', '32', '--seed', '4'],
          ...['--tolerance', '1e-5', '--json'],
        ]),
      ),
    ];
    expect(measured.code).toBe(0);
    expect(measured.stdout).toBe(trained.stdout);
  });

  it('takes more eigenvalues than a mixture has as all of them', async () => {
    const { code, stdout } = await captured(() => runCli([...args, '--top', '100', '--json']));
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as TrainDocument).records[0]!.eigenvalues).toHaveLength(18);
  });

  it('prints a table for people', async () => {
    const { stdout } = await captured(() => runCli(args));
    expect(stdout).toContain('f_top(3) at the end');
    expect(stdout).toMatch(/step\s+loss\s+accuracy/);
  });

  it('says where data is missing, with exit code 3', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'measure', '--data', 'mnist'],
      {
        encoding: 'utf8',
        env: { ...process.env, MNIST_DIR: join(folder, 'nowhere') },
      },
    );
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error: MNIST_DIR: .* is not a folder/);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { SpectrumDocument } from '../../src/studies/spectrum/spectrum.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { captured } from './captured.js';

const common = ['--model', 'mlp:6', '--data', 'mixture:3,5,0.2,200', '--batch', '20', '--steps', '20', '--top', '6'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-train-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await captured(() => runCli([...args, '--json']));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

describe('train', () => {
  it('prints the document of measure, with the weights of every checkpoint', async () => {
    const out = join(folder, 'run');
    const document = await json<TrainDocument>(
      'train',
      ...common,
      '--measure-every',
      '10',
      '--dtype',
      'f64',
      '--out',
      out,
    );
    expect(document.records.map(({ step }) => step)).toEqual([0, 10, 20]);
    expect(document.records.map(({ weights }) => weights)).toEqual(
      [0, 10, 20].map((step) => `weights/step-000000${String(step).padStart(2, '0')}.safetensors`),
    );
    for (const record of document.records) {
      expect(record).toMatchObject({
        accuracy: expect.any(Number) as number,
        hessianVectorProducts: expect.any(Number) as number,
      });
      expect(record.eigenvalues).toHaveLength(6);
    }
    expect(document.summary.finalLoss).toBe(document.records[2]!.loss);
    const text = await captured(() =>
      runCli(['train', ...common, '--measure-every', '10', '--dtype', 'f64', '--out', out]),
    );
    expect(text.stdout).toContain('mlp:6 (relu) on mixture: 200 samples, 5 inputs, 57 parameters');
    expect(text.stdout).toContain('f_top(3) at the end');
  });

  it('takes a configuration file, and options on top of it', async () => {
    const path = join(folder, 'config.json');
    writeFileSync(
      path,
      JSON.stringify({
        $schema: 'train.schema.json',
        model: 'softmax',
        data: { source: 'mixture:3,5,0.2,50' },
        steps: 5,
        top: 4,
        batch: null,
      }),
    );
    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, JSON.stringify({ window: 100 }));
    const refused = await captured(() => runCli(['train', '--config', wrong]));
    expect(refused.stderr).toMatch(/window: .*received 100/);
    const { run } = await json<TrainDocument>('train', '--config', path, '--steps', '3', '--seed', '9');
    expect(run.config).toMatchObject({ model: 'softmax', steps: 3, seed: 9, batch: null, activation: 'relu' });
  });

  it('ends the search when f_top is known, with bounds that hold', async () => {
    const args = [
      'train',
      ...common,
      '--model',
      'mlp:40',
      '--data',
      'mixture:3,20,0.2,200',
      '--measure-every',
      '20',
      '--dtype',
      'f64',
    ];
    const [tight, early] = [
      await json<TrainDocument>(...args, '--tolerance', '1e-9'),
      await json<TrainDocument>(...args, '--accuracy', '0.01'),
    ];
    early.records.forEach(({ topFractionBounds, hessianVectorProducts, loss }, i) => {
      const { topFraction } = tight.records[i]!;
      expect(loss).toBe(tight.records[i]!.loss);
      expect(topFractionBounds!.upper - topFractionBounds!.lower).toBeLessThanOrEqual(0.02);
      expect(topFractionBounds!.lower).toBeLessThanOrEqual(topFraction.lower + 1e-9);
      expect(topFractionBounds!.upper).toBeGreaterThanOrEqual(topFraction.upper - 1e-9);
      expect(hessianVectorProducts).toBeLessThan(tight.records[i]!.hessianVectorProducts);
    });
  });

  it('compares subspaces as far as they are known where the search ends early', async () => {
    const args = [
      '--data',
      'sine:50',
      '--model',
      'mlp:4',
      '--loss',
      'squared-error',
      '--measure-every',
      '5',
      '--steps',
      '5',
    ];
    const { records } = await json<TrainDocument>('train', ...args, '--top', '5', '--accuracy', '1e-3');
    expect(records[1]!.subspaceOverlap!.top.lower).toBeGreaterThan(0);
    expect(Math.min(...records.map(({ eigenvalues }) => eigenvalues.length))).toBeGreaterThanOrEqual(2);
  });

  it.each([
    [['--model', 'perceptron'], /there is no network 'perceptron'/],
    [
      ['--model', 'transformer'],
      /3 integers from 1 to 100000 are needed, received ''; for example transformer:2,128,4/,
    ],
    [['--model', 'transformer:2,8,2', '--data', 'sine'], /transformer takes token ids/],
    [['--data', 'imagenet'], /data\.source: 'imagenet' is no data set/],
    [['--data', 'mixture:3,5,0.2,50', '--samples', '10'], /subsets are for images/],
    [['--activation', 'swish'], /Allowed choices are relu, tanh/],
    [['--top', '2', '--data', 'mixture:3,5,0.2,50', '--model', 'softmax'], /top must lie between 3/],
    [['--config', '/nowhere.json'], /no readable JSON file/],
    [['--stps', '3'], /Did you mean --steps/],
    [['--momentum', '0.5', '--data', 'sine'], /--momentum belongs to momentum and nesterov/],
  ])('refuses %j in words, nothing on stdout', async (args, words) => {
    const { code, stdout, stderr } = await captured(() => runCli(['train', ...args]));
    expect(stdout).toBe('');
    expect([2, 3]).toContain(code);
    expect(stderr).toMatch(words);
  });

  it('prints the columns that are chosen, and refuses others before it trains', async () => {
    const args = ['train', ...common, '--measure-every', '10', '--dtype', 'f64'];
    const { stdout } = await captured(() => runCli([...args, '--columns', 'stableRank, step']));
    expect(stdout).toMatch(/\n +stable rank +step\n( +[\d.–]+ +\d+\n){3}/);
    const csv = await captured(() => runCli([...args, '--csv', '--columns', 'step,topFraction']));
    expect(csv.stdout).toMatch(/^step,topFraction\.lower,topFraction\.upper\r\n(\d+,[\d.]+,[\d.]+\r\n){3}$/);
    const all = await captured(() => runCli([...args, '--csv']));
    expect(all.stdout).toMatch(/^step,time,loss,.*,hessianVectorProducts\r\n0,0,/);
    const refused = await captured(() => runCli([...args, '--columns', 'step,margin', '--steps', '9999999']));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/no column 'margin'; choose some of step, time, loss/);
  });

  it('prints a JSON Schema', async () => {
    const { stdout } = await captured(() => runCli(['train', '--schema']));
    expect(JSON.parse(stdout)).toMatchObject({ properties: { steps: { type: 'integer' } } });
    const records = await captured(() => runCli(['train', '--schema', 'records']));
    expect(JSON.parse(records.stdout)).toMatchObject({
      properties: { step: { type: 'integer' }, stop: { type: 'string' } },
    });
  });
});

describe('spectrum', () => {
  it('measures saved weights: eigenvalues of the run, trace, density, layers, split', async () => {
    const out = join(folder, 'spectrum-run');
    const { records } = await json<TrainDocument>(
      'train',
      ...common,
      '--measure-every',
      '20',
      '--dtype',
      'f64',
      '--tolerance',
      '1e-8',
      '--out',
      out,
    );
    const checkpoint = join(out, records.at(-1)!.weights!);
    const args = ['--checkpoint', checkpoint, '--tolerance', '1e-9'];
    const whole = await json<SpectrumDocument>(
      'spectrum',
      ...args,
      '--top',
      '57',
      '--trace',
      '60',
      '--density',
      '200',
      '--split',
    );
    expect(whole).toMatchObject({ step: 20, dimension: 57, curvature: 'hessian' });
    records.at(-1)!.eigenvalues.forEach((value, i) => {
      expect(Math.abs(value - whole.top.eigenvalues[i]!)).toBeLessThan(1e-7);
    });
    const trace = whole.top.eigenvalues.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(whole.trace!.value - trace)).toBeLessThan(5 * whole.trace!.standardError + 1e-9);
    const { points } = whole.density!;
    const mass = points
      .slice(1)
      .reduce((sum, { value, eigenvalue }, i) => sum + value * (eigenvalue - points[i]!.eigenvalue), 0);
    expect(Math.abs(mass - 1)).toBeLessThan(0.02);
    expect(whole.split!.between).toHaveLength(3);
    const last = await json<SpectrumDocument>(
      'spectrum',
      ...args,
      '--layers',
      'dense2',
      '--top',
      '3',
      '--bottom',
      '2',
      '--curvature',
      'gauss-newton',
    );
    expect(last.dimension).toBe(6 * 3 + 3);
    expect(last.bottom!.eigenvalues).toHaveLength(2);
    expect(last.top.eigenvalues[0]).toBeGreaterThan(0);
    const { stdout } = await captured(() => runCli(['spectrum', '--checkpoint', checkpoint, '--top', '3', '--split']));
    expect(stdout).toContain('hessian of mlp:6 on mixture:3,5,0.2,200 at step 20');
  });

  it('refuses files that are no weights of a run', async () => {
    const path = join(folder, 'nothing.safetensors');
    writeFileSync(path, 'nothing');
    for (const file of [path, join(folder, 'missing')]) {
      const { code, stdout } = await captured(() => runCli(['spectrum', '--checkpoint', file]));
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    }
  });
});

describe('sizes and names that cannot be', () => {
  it.each([
    [['--data', 'mixture:3,4,0.2,99999999999'], /at most 1000000000 numbers, samples × features, received/],
    [['--data', 'sine:99999999999', '--loss', 'squared-error', '--model', 'mlp:3'], /at most 1000000000 numbers/],
    [['--data', 'mixture:3,4,0.2,60', '--model', 'mlp:100000,100000'], /at most 1000000000 parameters, received/],
    [['--data', 'mixture:3,4,0.2,60', '--model', 'mlp: 3'], /widths are integers/],
    [['--data', 'mixture:3,4,0.2,60', '--columns', 'step,loss,step'], /'step' was asked for twice/],
  ])('%j is refused in words', async (args, words) => {
    const { code, stdout, stderr } = await captured(() => runCli(['train', ...args, '--steps', '1']));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
  });

  it('the plain backend is in float64 unless something else is said', async () => {
    const plain = [
      'train',
      '--backend',
      'plain',
      '--model',
      'softmax',
      '--data',
      'mixture:3,4,0.2,60',
      '--steps',
      '1',
      '--top',
      '3',
    ];
    const { code, stdout } = await captured(() => runCli([...plain, '--json']));
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as TrainDocument).run.config.precision).toBe('f64');
    expect((await captured(() => runCli([...plain, '--dtype', 'f32']))).code).toBe(2);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf, drawRun, networkData, networkFigure, recordsFigure, type NetworkData } from '../../figures/index.js';
import { runCli } from '../../src/cli/run-cli.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { DataError } from '../../src/errors.js';
import { loadRun } from '../../src/train/load-run.js';
import { trainDefaults } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';
import { captured } from '../cli/captured.js';
import { inkBelow } from './pixels.js';
import { softmaxFixture } from './softmax-fixture.js';
import { faultsOf, textBoxes } from './text-boxes.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'figure-run-'));
  const data = { ...trainDefaults.data, source: 'mixture:3,5,0.2,200' };
  const config = { ...trainDefaults, model: 'mlp:6', data, steps: 60, measureEvery: 10, top: 6 };
  await train(config, { runtime: await nativeRuntime(), out: folder });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('drawRun', () => {
  it('draws the records of a run, with the null value and the ratio at the cut', async () => {
    const { run, records } = loadRun(folder);
    const out = join(folder, 'figures');
    const { caption } = await drawRun({ run, records }, out);
    const rows = readFileSync(join(out, 'network.csv'), 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const series = (name: string): number[][] =>
      rows.filter(([label]) => label === name).map(([, step, value]) => [Number(step), Number(value)]);
    expect(series('f_top(3)')).toEqual(records.map((r) => [r.step, r.topFractionBounds!.lower]));
    expect(series('λ_3/λ_4')).toEqual(records.map((r) => [r.step, r.eigenvalues[2]! / r.eigenvalues[3]!]));
    expect(series('training loss')).toEqual(records.map((r) => [r.step, r.loss]));
    expect(series('f_top of a random direction: m/parameters')[0]![1]).toBe(3 / run.parameters);
    expect(series('test accuracy')).toEqual([]);
    expect(caption).not.toMatch(/undefined|NaN|on the test/);
    const png = readFileSync(join(out, 'network.png'));
    expect(await inkBelow(png, png.readUInt32BE(20) - 60)).toBeGreaterThan(300);
  });

  it('is what figures --run draws; a folder without a run is a data error', async () => {
    const { code, stdout } = await captured(() => runCli(['figures', '--run', folder, '--out', join(folder, 'drawn')]));
    expect(code).toBe(0);
    expect(stdout).toContain('network.png');
    expect(() => loadRun(tmpdir())).toThrow(DataError);
  });
});

describe('the figure of softmax regression on the plain backend', () => {
  it('draws its records, f_top and overlap(g, Hg), as of any run', async () => {
    const document = await softmaxFixture();
    const out = join(folder, 'softmax');
    const { caption } = await drawRun(document, out);
    const rows = readFileSync(join(out, 'network.csv'), 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.replace('"overlap(g, Hg)"', 'overlap').split(','));
    const series = (name: string): number[][] =>
      rows.filter(([label]) => label === name).map(([, step, value]) => [Number(step), Number(value)]);
    const { records, run } = document;
    expect(series('f_top(3)')).toEqual(records.map((r) => [r.step, r.topFractionBounds!.lower]));
    expect(series('overlap')).toEqual(records.map((r) => [r.step, r.overlapGradientHessianGradient]));
    expect(series('f_top of a random direction: m/parameters')[0]![1]).toBe(3 / run.parameters);
    expect(caption).toContain('softmax (18 parameters) on 90 samples of mixture, cross-entropy, sgd with batch 64');
    expect(caption).not.toMatch(/undefined|NaN|GRD18/);
  });
});

describe('recordsFigure', () => {
  const everything = ['topFraction', 'loss', 'stableRank', 'subspaceOverlap', 'gradientNorm', 'predictedChange', 'gap'];

  it('draws columns of the records, a panel and a sentence for each, intervals as bands', async () => {
    const { run, records } = loadRun(folder);
    const figure = recordsFigure({ run, records }, everything);
    expect(faultsOf(figure, await textBoxes(figure))).toEqual([]);
    const { caption } = figure;
    expect(caption).not.toMatch(/undefined|NaN|Infinity|\b(red|blue|orange|green|purple|black|grey|null)\b/i);
    expect(caption).toContain('(b) loss: mean loss of all training samples.');
    expect(caption).toMatch(/Intervals: the lower end.* Here m = 3\.$/);
    const rows = csvOf(figure)
      .trim()
      .split('\r\n')
      .map((row) => /^"?(.*?)"?,([^,]*),([^,]*)$/.exec(row)!.slice(1));
    const series = (name: string): number[][] =>
      rows.filter(([label]) => label === name).map(([, step, value]) => [Number(step), Number(value)]);
    expect(series('loss')).toEqual(records.map(({ step, loss }) => [step, loss]));
    expect(series('f_top(3), upper end')).toEqual(records.map((r) => [r.step, r.topFractionBounds!.upper]));
    expect(series('subspace overlap')).toEqual(records.slice(1).map((r) => [r.step, r.subspaceOverlap!.top.lower]));
    expect(series('gap, upper end')).toEqual([]);
  });

  it('has a letter where there are several panels, and an axis that fits steps and values', async () => {
    const { run, records } = loadRun(folder);
    const single = recordsFigure({ run, records }, ['stableRank']);
    const texts = (await textBoxes(single)).map(({ text }) => text);
    expect(texts).toContain('stable rank');
    expect(texts.filter((text) => text.startsWith('('))).toEqual([]);
    const typesOf = (steps: readonly number[], losses: readonly number[]): unknown[] => {
      const some = steps.map((step, i) => ({ ...records[0]!, step, loss: losses[i]! }));
      const { scales } = recordsFigure({ run, records: some }, ['loss']).chart.options;
      return ['x', 'y0'].map((name) => (scales as Record<string, { type: string }>)[name]!.type);
    };
    expect(typesOf([0, 10, 20, 30], [1, 0.9, 0.5, 0.02])).toEqual(['linear', 'linear']);
    expect(typesOf([0, 1, 2, 5, 10, 100], [1, 0.9, 0.8, 0.7, 0.6, 0.5])).toEqual(['logarithmic', 'linear']);
    expect(typesOf([0, 10, 20, 30], [1, 0.1, 0.01, 0.001])).toEqual(['linear', 'logarithmic']);
    expect(typesOf([0], [0])).toEqual(['linear', 'linear']);
  });

  it('is what figures --run --show draws; what cannot be shown is refused in words', async () => {
    const out = join(folder, 'shown');
    const show = (ids: string, ...more: string[]) =>
      captured(() => runCli(['figures', '--run', folder, '--show', ids, '--out', out, ...more]));
    const { code, stdout } = await show('loss, stableRank');
    expect(code).toBe(0);
    expect(stdout).toContain('mlp:6 on mixture: loss, stable rank');
    expect(readFileSync(join(out, 'records.csv'), 'utf8')).toMatch(/^series,step,value\r\nloss,0,/);
    expect((await show('loss,margin')).stderr).toMatch(/no column 'margin'; choose some of step, time, loss/);
    expect((await show('testAccuracy')).stderr).toMatch(/no record of this run has a value of 'testAccuracy'/);
    expect((await show(Array(10).fill('loss').join())).stderr).toMatch(/at most 9 columns fit .* received 10/);
    const alone = await captured(() => runCli(['figures', '--show', 'loss', '--out', out]));
    expect(alone).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('add --run DIR') as string });
  });
});

describe('networkFigure', () => {
  const run = (change: Partial<NetworkData> = {}, fractions = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]): NetworkData => ({
    network: {
      model: 'mlp:6',
      activation: 'relu',
      loss: 'cross-entropy',
      optimizer: 'sgd',
      batch: 10,
      rate: 0.1,
      seed: 1,
      data: 'mnist',
      samples: 100,
      randomLabels: false,
    },
    subspace: 3,
    parameters: 300,
    records: fractions.map((f, i) => ({
      step: i <= 3 ? i : 20 * (i - 2),
      topFraction: [f, f],
      overlap: 0.9,
      ratio: 1.5,
      loss: 1 / (i + 1),
      accuracy: 0.5,
      testAccuracy: null,
    })),
    ...change,
  });
  const textsOf = async (data: NetworkData): Promise<string[]> =>
    (await textBoxes(networkFigure(data))).map(({ text }) => text);

  it('draws every curve of a single record as a dot', () => {
    const { chart } = networkFigure(run({}, [0.1]));
    const single = chart.data.datasets.filter(({ data, fill }) => data.length === 1 && fill === false);
    expect(single.map(({ label }) => label).sort()).toEqual([
      'f_top(3)',
      'overlap(g, Hg)',
      'training accuracy',
      'training loss',
      'λ_3/λ_4',
    ]);
    for (const { pointRadius } of single) expect(pointRadius).toBeGreaterThan(1);
    expect(networkFigure(run({}, [0.1])).caption).toContain('measured at 1 step.');
  });

  it('speaks of test images only where there are any', async () => {
    expect(await textsOf(run())).not.toContain('test');
    const records = run().records.map((record) => ({ ...record, testAccuracy: 0.4 }));
    expect(await textsOf(run({ records }))).toContain('test');
    expect(networkFigure(run()).caption).not.toContain('test images');
    // The test curve is drawn over the training curve.
    const labels = networkFigure(run({ records })).chart.data.datasets.map(({ label }) => label);
    expect(labels.indexOf('test accuracy')).toBeLessThan(labels.indexOf('training accuracy'));
  });

  it('says in picture, title and caption that labels are random', async () => {
    const data = run({ network: { ...run().network, randomLabels: true } });
    const { title, caption } = networkFigure(data);
    for (const text of [title, caption, (await textsOf(data)).join()])
      expect(text).toContain('mnist with random labels');
    expect(caption).toContain('Labels are random');
    expect(networkFigure(run()).title).not.toContain('random');
  });

  it('puts steps on a logarithmic axis where f_top moves mostly in the first tenth of them', () => {
    const typeOf = (fractions: number[]): unknown =>
      (networkFigure(run({}, fractions)).chart.options.scales as Record<string, { type: string }>).x!.type;
    expect(typeOf([0.1, 0.5, 0.8, 0.9, 0.91, 0.92])).toBe('logarithmic');
    expect(typeOf([0.1, 0.11, 0.12, 0.13, 0.5, 0.9])).toBe('linear');
    expect(typeOf([0.1])).toBe('linear');
    // With the first one on a place of its own, and all of them in the CSV.
    const csv = csvOf(networkFigure(run({}, [0.1, 0.5, 0.8, 0.9, 0.91, 0.92])));
    expect(csv.split('\r\n').filter((line) => line.startsWith('f_top(3),'))).toHaveLength(6);
  });

  it('leaves out the accuracy that a regression does not have', () => {
    const records = run().records.map((record) => ({ ...record, accuracy: null }));
    const { chart, caption } = networkFigure(run({ records }));
    expect(chart.data.datasets.some(({ yAxisID }) => yAxisID === 'accuracy')).toBe(false);
    expect(caption).not.toContain('(d)');
  });

  it('draws the records of a run of train', () => {
    const { run: trained, records } = loadRun(folder);
    const data = networkData({ run: trained, records });
    expect(data.network).toMatchObject({ model: 'mlp:6', samples: 200, randomLabels: false });
    expect(data.records.map(({ topFraction: [lower, upper] }) => ({ lower, upper }))).toEqual(
      records.map(({ topFractionBounds }) => ({ lower: topFractionBounds!.lower, upper: topFractionBounds!.upper })),
    );
  });
});

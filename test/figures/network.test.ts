import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawRun } from '../../figures/index.js';
import { runCli } from '../../src/cli/run-cli.js';
import { nativeRuntime } from '../../src/engine/index.js';
import { DataError } from '../../src/errors.js';
import { loadRun } from '../../src/run/load-run.js';
import { trainDefaults } from '../../src/run/train-config.js';
import { train } from '../../src/run/train.js';
import { captured } from '../cli/captured.js';
import { inkBelow } from './pixels.js';

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
    expect(series('f_top(3)')).toEqual(records.map((r) => [r.step, r.topFraction.lower]));
    expect(series('λ_3/λ_4')).toEqual(records.map((r) => [r.step, r.eigenvalues[2]! / r.eigenvalues[3]!]));
    expect(series('training loss')).toEqual(records.map((r) => [r.step, r.loss]));
    expect(series('null value of f_top: m/parameters')[0]![1]).toBe(3 / run.parameters);
    expect(series('test accuracy')).toEqual([]);
    expect(caption).not.toMatch(/undefined|NaN|dashed on the test/);
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

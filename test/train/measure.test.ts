import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError, NumericalError, UsageError } from '../../src/errors.js';
import { randomStream } from '../../src/numeric/random.js';
import { checkpointPath } from '../../src/train/checkpoint.js';
import { lockFolder } from '../../src/files/folder-lock.js';
import { measure } from '../../src/train/measure.js';
import {
  checkMeasureConfig,
  isInWindow,
  measuredSteps,
  mnistDefaults,
  type MeasureConfig,
} from '../../src/train/measure-config.js';

const config: MeasureConfig = {
  ...mnistDefaults,
  data: { kind: 'mixture', classes: 3, dim: 6, noise: 0.3, samples: 200 },
  steps: 60,
  every: 20,
  top: 7,
  tolerance: 1e-8,
  window: { length: 30, every: 5 },
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('measure', () => {
  it('gives the same document with and without a folder, and again from a finished folder', async () => {
    const plain = await measure(config);
    expect(await measure(config, { out: folder })).toEqual(plain);
    expect(await measure(config, { out: folder })).toEqual(plain);
    expect(readdirSync(folder)).toEqual(['checkpoint.json']);
    expect(plain.records.map((record) => record.step)).toEqual([0, 20, 40, 60]);
    expect(plain.window.map((entry) => entry.step)).toEqual([35, 40, 45, 50, 55, 60]);
  });

  it('resumes after an interruption at any step with identical records', async () => {
    const whole = JSON.stringify(await measure(config));
    for (const stop of [0, 7, 20, 33, 59]) {
      const out = join(folder, String(stop));
      const controller = new AbortController();
      const onProgress = ({ step }: { step: number }): void => {
        if (step === stop) controller.abort(new Error('stopped'));
      };
      await expect(measure(config, { out, signal: controller.signal, onProgress })).rejects.toThrow('stopped');
      expect(JSON.stringify(await measure(config, { out }))).toBe(whole);
    }
  });

  it('survives 20 kills at random moments: the checkpoint is always whole, and the rerun ends with the same bytes', async () => {
    const whole = JSON.stringify(await measure({ ...config, steps: 4000, every: 200 }));
    const script = `
      const { measure } = await import(${JSON.stringify(join(process.cwd(), 'src/train/measure.ts'))});
      process.send('started');
      for (;;) { await measure(${JSON.stringify({ ...config, steps: 4000, every: 200 })}, { out: ${JSON.stringify(folder)} }); break; }
      process.send('finished');`;
    const path = join(folder, '..', `child-${process.pid}.mts`);
    writeFileSync(path, script);
    const stream = randomStream(1, 'kills');
    for (let kills = 0; kills < 20;) {
      if (kills % 5 === 0) rmSync(checkpointPath(folder), { force: true });
      const child = spawn(process.execPath, ['--import', 'tsx', path], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const finished = await new Promise<boolean>((resolve) => {
        let done = false;
        child.on('message', (message) => {
          if (message === 'started') setTimeout(() => child.kill('SIGKILL'), 15 + 250 * stream.uniform());
          if (message === 'finished') done = true;
        });
        child.on('exit', () => {
          resolve(done);
        });
      });
      if (finished) rmSync(checkpointPath(folder), { force: true });
      else kills++;
      if (existsSync(checkpointPath(folder))) JSON.parse(readFileSync(checkpointPath(folder), 'utf8'));
    }
    rmSync(path);
    expect(JSON.stringify(await measure({ ...config, steps: 4000, every: 200 }, { out: folder }))).toBe(whole);
  });

  it('refuses a folder of another run, naming what differs', async () => {
    await measure(config, { out: folder });
    const other = measure({ ...config, learningRate: 0.2 }, { out: folder });
    await expect(other).rejects.toThrow(/run\.config\.learningRate was 0\.1 there and is 0\.2 now/);
    await expect(other).rejects.toBeInstanceOf(UsageError);
  });

  it('refuses a damaged or foreign checkpoint', async () => {
    await measure(config, { out: folder });
    const text = readFileSync(checkpointPath(folder), 'utf8');
    for (const damaged of [
      '',
      '{',
      'null',
      '[]',
      '{"format":"other"}',
      text.slice(0, -20),
      text.replace('"weights":"', '"weights":"AAAA'),
    ]) {
      writeFileSync(checkpointPath(folder), damaged);
      await expect(measure(config, { out: folder })).rejects.toBeInstanceOf(DataError);
    }
  });

  it('says where training diverged, from which loss, and keeps what was measured', async () => {
    const wild = { ...config, learningRate: 1e6, every: 1 };
    const failed: unknown = await measure(wild, { out: folder }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NumericalError);
    const { message } = failed as NumericalError;
    expect(message).toMatch(
      /diverged: its loss is [\de.+]+ at step 1, and was [\d.]+ at step 0; lower the learning rate/,
    );
    expect(message).toContain(`records up to step 0 are kept in ${folder}`);
    const { records } = JSON.parse(readFileSync(checkpointPath(folder), 'utf8')) as { records: { step: number }[] };
    expect(records.map(({ step }) => step)).toEqual([0]);
    await expect(measure(wild)).rejects.toThrow(/records up to step 0 are lost/);
  });

  it('needs as many eigenvalues as classes', async () => {
    await expect(measure({ ...config, top: 2 })).rejects.toThrow(/top must be at least the number of classes, 3/);
  });
});

describe('checkMeasureConfig', () => {
  it('names the path, the problem and the value', () => {
    expect(() => checkMeasureConfig({ ...config, batch: 0 })).toThrow(/batch: .*>=1.*received 0/);
    expect(() => checkMeasureConfig({ ...config, data: { kind: 'mnist', samples: 2e7, pixels: 'unit' } })).toThrow(
      /data\.samples: .*10000000.*received 20000000/,
    );
    expect(() => checkMeasureConfig({ ...config, colour: 'red' })).toThrow(/colour/);
    expect(() => checkMeasureConfig(null)).toThrow(UsageError);
  });
});

describe('the schedule', () => {
  it('measures at multiples, or 1-2-5 steps, and always at both ends', () => {
    expect(measuredSteps({ steps: 50, every: 20 })).toEqual([0, 20, 40, 50]);
    expect(measuredSteps({ steps: 120, every: 'log' })).toEqual([0, 1, 2, 5, 10, 20, 50, 100, 120]);
    expect(measuredSteps({ steps: 0, every: 'log' })).toEqual([0]);
  });

  it('averages over the last steps only', () => {
    const steps = Array.from({ length: 101 }, (_, step) => step);
    expect(steps.filter((step) => isInWindow({ steps: 100, window: { length: 30, every: 10 } }, step))).toEqual([
      80, 90, 100,
    ]);
  });
});

describe('lockFolder', () => {
  it('keeps a second process out, and takes over the lock of a dead one', () => {
    writeFileSync(join(folder, 'lock'), '1'); // process 1 is always alive
    expect(() => lockFolder(folder)).toThrow(/in use by process 1/);
    writeFileSync(join(folder, 'lock'), '999999999');
    lockFolder(folder)();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });
});

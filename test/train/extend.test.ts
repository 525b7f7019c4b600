import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { DataError, UsageError } from '../../src/errors.js';
import { extendedConfig } from '../../src/train/extended-config.js';
import { loadRun } from '../../src/train/load-run.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import type { TrainConfig } from '../../src/train/train-config.js';
import { train, type TrainOptions } from '../../src/train/train.js';
import { captured } from '../cli/captured.js';

/** With everything a state holds: momentum, updates, a window, a followed subspace. */
const config: TrainConfig = {
  ...softmaxDefaults,
  data: { ...softmaxDefaults.data, source: 'mixture:3,4,0.2,60' },
  optimizer: { kind: 'momentum', momentum: 0.5 },
  follow: { direction: 'dominant', refresh: 2, from: 3, switch: null },
  batch: 10,
  steps: 6,
  measureEvery: 'log',
  top: 4,
  tolerance: 1e-6,
  window: { length: 4, every: 1 },
  updates: 2,
};

/** The run of the configuration, from which copies are made. */
let base: string;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'extend-base-'));
  await train(config, { out: base });
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'extend-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const filesOf = (out: string): string[] =>
  readdirSync(out, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1))
    .sort();
/** All of a folder but its manifest, which holds times. */
const contentsOf = (out: string): Record<string, string> =>
  Object.fromEntries(
    filesOf(out)
      .filter((name) => name !== 'manifest.json')
      .map((name) => [name, readFileSync(join(out, name)).toString('base64')]),
  );
const manifestOf = (out: string): { readonly extended?: unknown; readonly sessions: { resumedAt: number | null }[] } =>
  JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as ReturnType<typeof manifestOf>;

const extend = (more: TrainConfig, out: string, options: TrainOptions = {}) =>
  train(more, { ...options, out, extend: true });

/** Trains as far as a step, and is stopped there. */
async function interrupted(asked: TrainConfig, at: number, options: TrainOptions): Promise<void> {
  const [controller, reason] = [new AbortController(), new Error('stop')];
  const onProgress = ({ step }: { readonly step: number }): void => {
    if (step === at) controller.abort(reason);
  };
  await expect(train(asked, { ...options, signal: controller.signal, onProgress })).rejects.toBe(reason);
}

describe('an extended run', () => {
  it('is, byte for byte, the run that was asked for all steps from the start', async () => {
    const [out, whole] = [join(folder, 'out'), join(folder, 'whole')];
    cpSync(base, out, { recursive: true });
    await extend({ ...config, steps: 11 }, out);
    expect(manifestOf(out).extended).toEqual([{ steps: 6, measureEvery: 'log', at: 6 }]);
    const document = await extend({ ...config, steps: 20 }, out);
    const measureEvery = [0, 1, 2, 5, 6, 10, 11, 20];
    const union: TrainConfig = { ...config, steps: 20, measureEvery };
    const straight = await train(union, { out: whole });
    expect(JSON.stringify(document)).toBe(JSON.stringify(straight));
    expect(contentsOf(out)).toEqual(contentsOf(whole));
    expect(manifestOf(out).extended).toMatchObject([{ at: 6 }, { steps: 11, measureEvery: measureEvery.slice(0, 7) }]);
    expect(manifestOf(out).sessions.map(({ resumedAt }) => resumedAt)).toEqual([null, 6, 11]);
    expect(loadRun(out).records).toEqual(straight.records);
  });

  it('keeps how often it is measured where that says it, and may have been interrupted before and after', async () => {
    const [out, whole] = [join(folder, 'out'), join(folder, 'whole')];
    const short: TrainConfig = { ...config, measureEvery: 3, measureFrom: 2 };
    await interrupted(short, 4, { out });
    await interrupted({ ...short, steps: 12 }, 8, { out, extend: true });
    await extend({ ...short, steps: 12 }, out);
    const again = await extend({ ...short, steps: 12 }, out);
    expect(again.run.config).toEqual({ ...short, steps: 12 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(await train({ ...short, steps: 12 }, { out: whole })));
    expect(contentsOf(out)).toEqual(contentsOf(whole));
    expect(manifestOf(out).extended).toEqual([{ steps: 6, measureEvery: 3, at: 4 + 1 }]);
  });

  it('that keeps the last weights alone: the same, but for the sums of files that are gone', async () => {
    const last: TrainConfig = { ...config, keepWeights: 'last', measureEvery: 2 };
    const [out, whole] = [join(folder, 'out'), join(folder, 'whole')];
    await train(last, { out });
    const document = await extend({ ...last, steps: 20 }, out);
    expect(JSON.stringify(document)).toBe(JSON.stringify(await train({ ...last, steps: 20 }, { out: whole })));
    const file = join('weights', 'last.safetensors');
    expect(readFileSync(join(out, file))).toEqual(readFileSync(join(whole, file)));
    expect((await train({ ...last, steps: 20 }, { out })).records).toEqual(document.records);
  });

  it('says that weights were lost, and goes on', async () => {
    const out = join(folder, 'out');
    cpSync(base, out, { recursive: true });
    rmSync(join(out, 'weights', 'step-00000001.safetensors'));
    const notices: string[] = [];
    await extend({ ...config, steps: 12 }, out, { onNotice: (text) => notices.push(text) });
    expect(notices).toEqual([expect.stringContaining('step-00000001.safetensors is missing') as string]);
    expect(readdirSync(join(out, 'weights'))).toHaveLength(6);
  });

  it('takes its window from what was measured, and is refused where that is not enough', async () => {
    const [out, whole] = [join(folder, 'out'), join(folder, 'whole')];
    const wide: TrainConfig = { ...config, measureEvery: 2, window: { length: 5, every: 2 } };
    await train(wide, { out });
    const document = await extend({ ...wide, steps: 8 }, out); // steps 4 and 6 were measured
    expect(document.window.map(({ step }) => step)).toEqual([4, 6, 8]);
    expect(JSON.stringify(document)).toBe(JSON.stringify(await train({ ...wide, steps: 8 }, { out: whole })));
    const before = contentsOf(out);
    const refused = extend({ ...wide, steps: 9 }, out);
    await expect(refused).rejects.toThrow(/last 5 of 9 steps.*extend it to 13 steps or more/);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    expect(contentsOf(out)).toEqual(before);
    expect((await extend({ ...wide, steps: 13 }, out)).window).toHaveLength(3);
  });

  it('says where its schedule has a length of its own', async () => {
    const out = join(folder, 'out');
    const cosine: TrainConfig = { ...config, schedule: { kind: 'cosine', rate: 0.1, last: 0.01, steps: 6 } };
    await train(cosine, { out });
    const notices: string[] = [];
    const { records } = await extend({ ...cosine, steps: 10 }, out, { onNotice: (text) => notices.push(text) });
    expect(notices).toEqual([expect.stringContaining('0.01 from step 6 on') as string]);
    expect(records.at(-1)!.time - records.at(-2)!.time).toBeCloseTo(0.04, 12);
  });
});

describe('a process that is killed while it extends', () => {
  it('leaves the run as it was, or as it shall be: both go on', async () => {
    const [out, whole, old] = [join(folder, 'out'), join(folder, 'whole'), join(folder, 'old')];
    const more = { ...config, steps: 20 };
    cpSync(base, out, { recursive: true });
    const contents = contentsOf(out);
    cpSync(out, old, { recursive: true });
    await interrupted(more, 6, { out, extend: true });
    const names = filesOf(out);
    expect(names).toHaveLength(9);
    const put = (place: string, files: readonly string[]): void => {
      for (const name of files) {
        mkdirSync(dirname(join(old, place, name)), { recursive: true });
        cpSync(join(out, name), join(old, place, name));
      }
    };

    put('extension.tiny-subspace-part', names.slice(3));
    expect(loadRun(old).run.config).toEqual(config);
    await train(config, { out: old });
    expect(contentsOf(old)).toEqual(contents);
    expect(manifestOf(old).extended).toBeUndefined();

    put('extension.tiny-subspace-whole', names.slice(4));
    put('.', names.slice(0, 4));
    expect(() => loadRun(old)).toThrow(DataError);
    await extend(more, old);
    await train({ ...more, measureEvery: [0, 1, 2, 5, 6, 10, 20] }, { out: whole });
    expect(contentsOf(old)).toEqual(contentsOf(whole));
    expect(manifestOf(old).extended).toHaveLength(1);
  });
});

describe('an extension is refused', () => {
  it.each([
    ['fewer steps', { steps: 5 }, 'has 6 steps already, received 5'],
    ['another seed', { steps: 9, seed: 2 }, 'config.seed was 1 there and is 2 now'],
    ['other measurements', { steps: 10, measureEvery: 5 }, 'config.measureEvery was "log" there and is 5 now'],
    ['another batch', { steps: 10, batch: 20 }, 'config.batch was 10 there and is 20 now'],
  ])('for %s', async (_, change, message) => {
    const out = join(folder, 'out');
    cpSync(base, out, { recursive: true });
    const before = contentsOf(out);
    await expect(extend({ ...config, ...change }, out)).rejects.toThrow(message);
    await expect(extend({ ...config, ...change }, out)).rejects.toBeInstanceOf(UsageError);
    expect(contentsOf(out)).toEqual(before);
  });

  it('where a run has stopped at its loss or ends at its time', async () => {
    const out = join(folder, 'out');
    const stopping: TrainConfig = { ...config, window: { length: 0, every: 1 }, stop: { loss: 1, every: 1 } };
    const { summary } = await train(stopping, { out });
    expect(summary.stopped).toBe('loss');
    await expect(extend({ ...stopping, steps: 20 }, out)).rejects.toThrow(/has stopped at step \d/);
    const timed: TrainConfig = { ...config, stop: { time: 0.4 } };
    await train(timed, { out: join(folder, 'timed') });
    await expect(extend({ ...timed, steps: 20 }, join(folder, 'timed'))).rejects.toThrow('ends at flow time 0.4');
  });

  it('but a loss that did not come may come later', async () => {
    const [out, whole] = [join(folder, 'out'), join(folder, 'whole')];
    const stopping: TrainConfig = { ...config, window: { length: 0, every: 1 }, stop: { loss: 0.5, every: 4 } };
    expect((await train(stopping, { out })).summary.stopped).toBe('steps');
    const document = await extend({ ...stopping, steps: 200 }, out);
    expect(document.summary.stopped).toBe('loss');
    const union = [0, 1, 2, 5, 6, 10, 20, 50, 100, 200];
    const straight = await train({ ...stopping, steps: 200, measureEvery: union }, { out: whole });
    expect(JSON.stringify(document)).toBe(JSON.stringify(straight));
    expect(contentsOf(out)).toEqual(contentsOf(whole));
  });

  it('where there is no run, or an altered one', async () => {
    for (const out of [undefined, join(folder, 'none'), folder]) {
      const refused = train(config, { extend: true, ...(out === undefined ? {} : { out }) });
      await expect(refused).rejects.toBeInstanceOf(UsageError);
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ format: 'tiny-subspace page 1' }));
    await expect(extend(config, folder)).rejects.toBeInstanceOf(UsageError);
    const out = join(folder, 'out');
    cpSync(base, out, { recursive: true });
    const path = join(out, 'weights', 'step-00000000.safetensors');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.with(bytes.length - 1, 7));
    await expect(extend({ ...config, steps: 20 }, out)).rejects.toBeInstanceOf(DataError);
    expect(manifestOf(out).extended).toBeUndefined();
  });
});

describe('the configuration of an extension', () => {
  const measured = (
    measureEvery: TrainConfig['measureEvery'],
    steps: number,
    from: number,
  ): TrainConfig['measureEvery'] => extendedConfig({ ...config, steps: from, measureEvery }, steps).measureEvery;

  it('lists the steps only where nothing shorter says them', () => {
    expect(measured(10, 100, 40)).toBe(10);
    expect(measured(10, 100, 45)).toEqual([0, 10, 20, 30, 40, 45, 50, 60, 70, 80, 90, 100]);
    expect(measured('log', 100, 50)).toBe('log');
    expect(measured('log', 100, 60)).toEqual([0, 1, 2, 5, 10, 20, 50, 60, 100]);
    expect(measured([0, 10, 150], 200, 100)).toEqual([0, 10, 100, 150, 200]);
    expect(measured([0, 100], 200, 100)).toEqual([0, 100]);
    const late = { ...config, steps: 60, measureEvery: 25, measureFrom: 30 };
    expect(extendedConfig(late, 100).measureEvery).toEqual([50, 60, 75, 100]);
    expect(extendedConfig(extendedConfig(late, 100), 130, 25).measureEvery).toEqual([50, 60, 75, 100, 125, 130]);
  });
});

describe('train --extend', () => {
  const line =
    'train --model softmax --backend plain --data mixture:3,4,0.2,60 --batch 10 --top 4 --measure-every 4 --json';
  const run = (text: string) => captured(() => runCli(text.split(' ')));
  let ran: string;
  beforeAll(async () => {
    ran = mkdtempSync(join(tmpdir(), 'extend-cli-'));
    await run(`${line} --steps 8 --out ${ran}`);
  });
  afterAll(() => {
    rmSync(ran, { recursive: true });
  });

  it('needs no other options than the folder and the steps, and takes the same ones', async () => {
    const out = join(folder, 'out');
    cpSync(ran, out, { recursive: true });
    const { code, stdout, stderr } = await run(`train --extend --out ${out} --steps 12 --json`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const straight = await run(`${line} --steps 12 --out ${join(folder, 'whole')}`);
    expect(stdout).toBe(straight.stdout);
    const same = await run(`${line} --steps 16 --extend --out ${out}`);
    expect((JSON.parse(same.stdout) as { records: object[] }).records).toHaveLength(5);
  });

  it.each([
    ['--extend --steps 9', '--extend needs the folder of the run'],
    ['--extend --out OUT', '--extend needs the folder of the run'],
    ['--extend --out OUT --steps 3', 'has 8 steps already'],
    ['--extend --out OUT --steps 12 --lr 0.2', 'config.schedule.rate was 0.1 there and is 0.2 now'],
    ['--extend --out OUT --steps 12 --measure-every 0,4', 'config.measureEvery was 4 there and is [0,4] now'],
    ['--extend --out OUT/none --steps 12', 'holds no run that could be extended'],
  ])('%s: %s', async (args, message) => {
    const before = contentsOf(ran);
    const { code, stdout, stderr } = await run(`train --json ${args.replace('OUT', ran)}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(contentsOf(ran)).toEqual(before);
  });
});

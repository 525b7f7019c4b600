import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatIdx } from '../../src/data/idx.js';
import { parseSafetensors } from '../../src/files/safetensors.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { DataError, NumericalError, UsageError } from '../../src/errors.js';
import { checkTrainConfig, trainDefaults, trainJsonSchema, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

const runtime = await nativeRuntime();

const config: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:6',
  activation: 'tanh',
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.3,200' },
  steps: 40,
  measureEvery: 10,
  top: 6,
  window: { length: 10, every: 5 },
  batch: 20,
};

/** Softmax regression in the model at a noise at which the gradient lies in the top subspace. */
const quiet: TrainConfig = {
  ...config,
  model: 'softmax',
  bias: false,
  data: { ...config.data, source: 'mixture:3,5,0.1,200' },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const records = (): string => readFileSync(join(folder, 'records.jsonl'), 'utf8');

describe('train', () => {
  it('measures when asked, and f_top grows from its null value', async () => {
    const { run, records, window, summary } = await train({ ...quiet, steps: 400, measureEvery: 100 }, { runtime });
    expect(records.map(({ step }) => step)).toEqual([0, 100, 200, 300, 400]);
    expect(records.map(({ time }) => time)[4]).toBeCloseTo(40, 10);
    expect(run).toMatchObject({ parameters: 15, subspace: 3, data: { classes: 3, features: 5, samples: 200 } });
    for (const record of records) {
      expect(record.eigenvalues).toHaveLength(6);
      expect(Math.max(...record.residuals) / record.eigenvalues[0]!).toBeLessThan(config.tolerance);
      expect(record.topFraction.null).toBeCloseTo(3 / 15, 12);
    }
    expect(records[4]!.loss).toBeLessThan(0.5 * records[0]!.loss);
    expect(records[4]!.topFraction.lower).toBeGreaterThan(0.9);
    expect(window.map(({ step }) => step)).toEqual([395, 400]);
    expect(summary.overlapWindow).toMatchObject({ count: 2, firstStep: 395 });
  });

  it('gives the same document whether it is measured often or rarely, stored or not, twice', async () => {
    const often = await train(config, { runtime, out: folder });
    const rarely = await train({ ...config, measureEvery: 20 }, { runtime });
    const losses = new Map(often.records.map(({ step, loss }) => [step, loss]));
    for (const { step, loss } of rarely.records) expect(loss).toBe(losses.get(step));
    const again = await train(config, { runtime });
    expect(again.records.map((record) => ({ ...record, weights: null }))).toEqual(
      often.records.map((record) => ({ ...record, weights: null })),
    );
    expect(
      records()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual(often.records.map((record) => ({ ...record, seal: expect.anything() as unknown })));
  });

  it('writes weights that a run can begin from', async () => {
    const first = await train(config, { runtime, out: folder });
    const path = join(folder, first.records.at(-1)!.weights!);
    const { tensors, metadata } = parseSafetensors(new Uint8Array(readFileSync(path)), path);
    expect([...tensors.keys()].sort()).toEqual(['dense1.bias', 'dense1.weight', 'dense2.bias', 'dense2.weight']);
    expect(metadata.get('step')).toBe('40');
    const second = await train({ ...config, steps: 0 }, { runtime, initFrom: path });
    expect(second.records[0]!.loss).toBe(first.records.at(-1)!.loss);
    expect(second.run.initialWeights).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the weights of a file on inputs that are always zero', async () => {
    const images = mkdtempSync(join(tmpdir(), 'idx-'));
    const pixels = Uint8Array.from({ length: 12 * 9 }, (_, i) => (i % 9 < 4 ? (37 * i) % 256 : 0));
    const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
    for (const split of ['train', 't10k']) {
      writeFileSync(join(images, `${split}-images-idx3-ubyte`), formatIdx({ shape: [12, 3, 3], data: pixels }));
      writeFileSync(join(images, `${split}-labels-idx1-ubyte`), formatIdx({ shape: [12], data: labels }));
    }
    vi.stubEnv('MNIST_DIR', images);
    const idx = { ...config, data: { ...config.data, source: 'mnist' }, batch: 4, top: 4, steps: 2, measureEvery: 1 };
    const first = await train(idx, { runtime, out: join(folder, 'first') });
    expect(first.run.data.zeroFeaturesDropped).toBe(5);
    const path = join(folder, 'first', first.records.at(-1)!.weights!);
    const second = await train({ ...idx, seed: 2, steps: 0 }, { runtime, initFrom: path, out: join(folder, 'second') });
    expect(second.records[0]!.testAccuracy).toBe(first.records.at(-1)!.testAccuracy);
    const tensorsOf = (file: string) => parseSafetensors(new Uint8Array(readFileSync(file)), file).tensors;
    expect(tensorsOf(join(folder, 'second', second.records[0]!.weights!))).toEqual(tensorsOf(path));
    vi.unstubAllEnvs();
    rmSync(images, { recursive: true });
  });

  it('resumes after an interruption, and ends with the same bytes', async () => {
    await train(config, { runtime, out: folder });
    const whole = records();
    rmSync(folder, { recursive: true });
    const stop = new Error('stop');
    for (const at of [3, 10, 27]) {
      const controller = new AbortController();
      const stopped = train(config, {
        runtime,
        out: folder,
        signal: controller.signal,
        onProgress: ({ step }) => {
          if (step === at) controller.abort(stop);
        },
      });
      await expect(stopped).rejects.toBe(stop);
    }
    await train(config, { runtime, out: folder });
    expect(records()).toBe(whole);
    const { sessions } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
      sessions: { resumedAt: number | null }[];
    };
    expect(sessions.map(({ resumedAt }) => resumedAt)).toEqual([null, 4, 11, 28]);
  });

  it('cuts off records that were written after the checkpoint', async () => {
    await train(config, { runtime, out: folder });
    const whole = records();
    appendFileSync(join(folder, 'records.jsonl'), '{"step":41,"lo');
    const again = await train(config, { runtime, out: folder });
    expect(records()).toBe(whole);
    expect(again.records).toHaveLength(5);
  });

  it('follows the dominant subspace, or the rest, from a step on', async () => {
    const run = (direction: TrainConfig['follow']['direction'], optimizer = config.optimizer) =>
      train(
        {
          ...quiet,
          optimizer,
          steps: 60,
          measureEvery: 30,
          follow: { direction, refresh: 5, from: 30, switch: null },
        },
        { runtime, out: join(folder, direction) },
      );
    const [all, dominant, bulk, newton] = [
      await run('gradient'),
      await run('dominant'),
      await run('bulk'),
      await run('newton'),
    ];
    for (const { records } of [dominant, bulk, newton])
      expect(records.slice(0, 2).map(({ loss }) => loss)).toEqual(all.records.slice(0, 2).map(({ loss }) => loss));
    const fall = ({ records }: typeof all): number => records[1]!.loss - records[2]!.loss;
    expect(fall(dominant) / fall(all)).toBeGreaterThan(0.8);
    expect(fall(bulk) / fall(all)).toBeLessThan(0.2);
    expect(fall(newton)).not.toBe(fall(all));
  });

  it('stops where training diverges, and keeps what is measured', async () => {
    const wild = {
      ...config,
      loss: 'squared-error',
      activation: 'identity',
      schedule: { kind: 'constant', rate: 1e5 },
    } as const;
    const failed = train({ ...wild, measureEvery: 1 }, { runtime, out: folder });
    await expect(failed).rejects.toBeInstanceOf(NumericalError);
    await expect(failed).rejects.toThrow(
      /diverged: its loss is (NaN|Infinity|[\de.+]+) at step \d+, and was [\de.+]+ at step \d+; lower the learning rate \(received 100000\)/,
    );
    await expect(failed).rejects.toThrow(`are kept in ${folder}`);
    expect(records().split('\n').length).toBeGreaterThan(1);
  });

  it('refuses folders of other runs and damaged files', async () => {
    await train(config, { runtime, out: folder });
    const other = train({ ...config, seed: 2 }, { runtime, out: folder });
    await expect(other).rejects.toThrow(/seed was 1 there and is 2 now/);
    await expect(other).rejects.toBeInstanceOf(UsageError);
    truncateSync(join(folder, 'records.jsonl'), 20);
    await expect(train(config, { runtime, out: folder })).rejects.toBeInstanceOf(DataError);
    writeFileSync(join(folder, 'checkpoint.safetensors'), 'nothing');
    await expect(train(config, { runtime, out: folder })).rejects.toBeInstanceOf(DataError);
    await expect(train(config, { runtime, initFrom: join(folder, 'none') })).rejects.toThrow(/could not be read/);
  });

  it('needs as many eigenvalues as the subspace has dimensions, and a loss that fits the data', async () => {
    await expect(train({ ...config, top: 2 }, { runtime })).rejects.toThrow(/top must lie between 3/);
    const sine = { ...config, data: { ...config.data, source: 'sine:50' } };
    await expect(train(sine, { runtime })).rejects.toThrow(/choose squared-error/);
    const fitted = await train({ ...sine, loss: 'squared-error', top: 3, steps: 10 }, { runtime });
    expect(fitted.records[0]).toMatchObject({ accuracy: null, testAccuracy: null });
  });
});

describe('checkTrainConfig', () => {
  it('names the path, the value and what is legal', () => {
    const refused = (change: object) => () => checkTrainConfig({ ...config, ...change });
    expect(refused({ steps: -1 })).toThrow(/steps: .*>=0.*received -1/);
    expect(refused({ model: 'mlp:a' })).toThrow(/model: widths are integers.*received "mlp:a"/);
    expect(refused({ data: { ...config.data, source: 'imagenet' } })).toThrow(
      /data\.source: .*'imagenet' is no data set/,
    );
    expect(refused({ optimizer: { kind: 'adagrad' } })).toThrow(/optimizer\.kind/);
    expect(refused({ colour: 'red' })).toThrow(/colour/);
    expect(() => checkTrainConfig(null)).toThrow(UsageError);
  });

  it('answers any JSON with a configuration or a usage error', () => {
    const anything = fc.jsonValue({ maxDepth: 3 });
    const keys = fc.constantFrom(...Object.keys(trainDefaults));
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          fc.dictionary(keys, anything).map((change) => ({ ...trainDefaults, ...change })),
        ),
        (input) => {
          try {
            expect(checkTrainConfig(input)).toEqual(input);
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
            expect(error.message).toContain('the configuration is not legal: ');
          }
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });

  it('has a JSON Schema that knows every field', () => {
    expect(Object.keys((trainJsonSchema() as { properties: object }).properties).sort()).toEqual(
      [
        ...Object.keys(trainDefaults),
        'basis',
        'effort',
        'groups',
        'measureFrom',
        'noiseNull',
        'parameters',
        'stop',
        'warmup',
      ].sort(), // which has no default: it is left out
    );
  });
});

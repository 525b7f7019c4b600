import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { batchMeans } from '../../src/numeric/statistics/batch-means.js';
import { knownTopFraction } from '../../src/train/known-top-fraction.js';
import { lastStep } from '../../src/train/run-length.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import { checkTrainConfig, trainJsonSchema, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

const config: TrainConfig = {
  ...softmaxDefaults,
  data: { ...softmaxDefaults.data, source: 'mixture:3,4,0.3,120' },
  batch: 20,
  steps: 40,
  measureEvery: 10,
  top: 4,
  window: { length: 0, every: 10 },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-length-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const stepsOf = ({ records }: { readonly records: readonly { readonly step: number }[] }): number[] =>
  records.map(({ step }) => step);
/** The weights that a run with a folder ended with. */
const weightsIn = (out: string): Buffer => readFileSync(join(out, 'weights', 'last.safetensors')).subarray(-4 * 3 * 8);

describe('the flow time at which a run stops', () => {
  const last = (rate: number, time: number, steps = 1000): number =>
    lastStep({ steps, schedule: { kind: 'constant', rate }, stop: { time } });

  it('is reached whatever the rounding of its sum', () => {
    expect([
      0.1 + 0.1 + 0.1 - 0.3 > 0,
      10 * 0.1 -
        Array<number>(10)
          .fill(0.1)
          .reduce((a, b) => a + b) >
        0,
    ]).toEqual([true, true]);
    expect([last(0.1, 0.3), last(0.1, 1), last(0.3, 3), last(0.7, 7)]).toEqual([3, 10, 10, 10]);
    for (let n = 1; n <= 300; n++) for (const rate of [0.1, 0.3, 0.07, 1e-3]) expect(last(rate, n * rate)).toBe(n);
    expect([last(0.1, 0.3001), last(0.1, 0.2999), last(0.1, 1e-5)]).toEqual([4, 3, 1]);
    expect(last(1e-3, 1e3, 1_000_000)).toBe(1_000_000);
  });

  it('follows the schedule, and must be within the steps', () => {
    const schedule = { kind: 'step', rate: 1, factor: 0.5, every: 2 } as const;
    expect(lastStep({ steps: 20, schedule, stop: { time: 3 } })).toBe(4);
    expect(lastStep({ steps: 20, schedule, stop: { time: 3.2 } })).toBe(5);
    expect(lastStep({ steps: 20, schedule })).toBe(20);
    expect(() => last(0.1, 101)).toThrow(UsageError);
    expect(() => last(0.5, 11, 20)).toThrow('20 steps do not last until flow time 11, the stop.time, but until 10:');
  });

  it('ends the run there, measured, with its window before it', async () => {
    const document = await train({ ...config, stop: { time: 2.3 }, window: { length: 4, every: 2 } });
    expect(stepsOf(document)).toEqual([0, 10, 20, 23]);
    expect(document.window.map(({ step }) => step)).toEqual([21, 23]);
    expect(document.summary).toMatchObject({ stopped: 'time', overlapWindow: { firstStep: 21, count: 2 } });
    expect(document.summary.topFractionWindow).toMatchObject({ count: 2 });
    const whole = await train({ ...config, measureEvery: [10, 20, 23] });
    expect(document.records.at(-1)).toEqual(whole.records[3]);
    expect(whole.summary).not.toHaveProperty('stopped');
  });
});

describe('the training loss at which a run stops', () => {
  it('is looked for at multiples, an epoch if nothing is said, and the run ends at the first that has it', async () => {
    const all = await train({ ...config, measureEvery: 1 });
    const lossAt = (step: number): number => all.records[step]!.loss;
    const [wanted, of] = [lossAt(15) + 1e-12, (every: number) => (step: number) => step % every === 0];
    const first = (isLooked: (step: number) => boolean): number =>
      stepsOf(all).find((step) => isLooked(step) && lossAt(step) <= wanted)!;
    expect(first(of(1))).not.toBe(first(of(6))); // an epoch has 6 steps
    for (const every of [1, 4, 7]) {
      const document = await train({ ...config, stop: { loss: wanted, every } });
      expect(stepsOf(document).at(-1), `every ${every}`).toBe(first(of(every)));
      expect(document.summary).toMatchObject({ stopped: 'loss', finalLoss: lossAt(first(of(every))) });
    }
    const document = await train({ ...config, stop: { loss: wanted } });
    expect(stepsOf(document).at(-1)).toBe(first(of(6)));
    expect(document.run.config.stop).toEqual({ loss: wanted, every: 6 });
    const at = await train({ ...config, stop: { loss: lossAt(0), every: 1 } });
    expect(stepsOf(at)).toEqual([0]);
  });

  it('may never come', async () => {
    const document = await train({ ...config, stop: { loss: 0 } });
    expect(stepsOf(document)).toEqual([0, 10, 20, 30, 40]);
    expect(document.summary.stopped).toBe('steps');
    expect(document.records).toEqual((await train(config)).records);
  });

  it('ends a run that was interrupted at the same step, also after it had ended', async () => {
    const stopping: TrainConfig = { ...config, stop: { loss: 0.7, every: 3 }, measureEvery: 7 };
    const whole = await train(stopping, { out: join(folder, 'whole') });
    const end = stepsOf(whole).at(-1)!;
    expect(end).toBeGreaterThan(5);
    expect(end % 7).not.toBe(0);
    const out = join(folder, 'interrupted');
    for (const at of [2, end - 1, end]) {
      const [controller, reason] = [new AbortController(), new Error('stop')];
      const onProgress = ({ step }: { readonly step: number }): void => {
        if (step === at) controller.abort(reason);
      };
      await train(stopping, { out, signal: controller.signal, onProgress }).catch((error: unknown) => {
        expect(error).toBe(reason);
      });
    }
    expect(JSON.stringify(await train(stopping, { out }))).toBe(JSON.stringify(whole));
    for (const file of ['records.jsonl', 'checkpoint.safetensors']) {
      expect(readFileSync(join(out, file))).toEqual(readFileSync(join(folder, 'whole', file)));
    }
  });

  it('leaves no window, whose end would not be known', async () => {
    const both = train({ ...config, stop: { loss: 0.9 }, window: { length: 4, every: 1 } });
    await expect(both).rejects.toThrow(/window of the last 4 steps/);
    await expect(both).rejects.toBeInstanceOf(UsageError);
  });
});

describe('measureFrom', () => {
  it('measures nothing before it, and changes neither weights nor window nor updates', async () => {
    const base: TrainConfig = { ...config, window: { length: 4, every: 2 }, updates: 3, keepWeights: 'last' };
    const all = await train(base, { out: join(folder, 'all') });
    const late = await train({ ...base, measureFrom: 15 }, { out: join(folder, 'late') });
    expect(stepsOf(late)).toEqual([20, 30, 40]);
    expect(weightsIn(join(folder, 'late'))).toEqual(weightsIn(join(folder, 'all')));
    const plain = ({ step, time, loss, gradientNorm }: (typeof all.records)[number]) => [
      step,
      time,
      loss,
      gradientNorm,
    ];
    expect(late.records.map(plain)).toEqual(all.records.slice(2).map(plain));
    expect(late.window.map(({ step }) => step)).toEqual(all.window.map(({ step }) => step));
    expect(late.records[0]!.subspaceOverlap).toBeNull();
    expect(late.records[2]!.updates!.singularValues).toEqual(all.records[4]!.updates!.singularValues);
    expect(stepsOf(await train({ ...config, measureFrom: 40 }))).toEqual([40]);
  });

  it('is within the run', async () => {
    await expect(train({ ...config, measureFrom: 41 })).rejects.toThrow('measureFrom must be at most 40');
    await expect(train({ ...config, measureFrom: 24, stop: { time: 2.3 } })).rejects.toThrow('at most 23');
  });
});

describe('the summary of a window', () => {
  it('has means with their standard errors by batch means, and the last values', async () => {
    const { window, records, summary } = await train({
      ...config,
      window: { length: 32, every: 1 },
      measureEvery: Array.from({ length: 20 }, (_, i) => 21 + i),
    });
    const overlaps = window.map(({ overlap }) => overlap);
    expect(overlaps).toHaveLength(32);
    expect(summary.overlapWindow).toMatchObject({
      standardError: batchMeans(overlaps).standardError,
      last: records.at(-1)!.overlapGradientHessianGradient,
    });
    const { middle } = knownTopFraction(records.at(-1)!);
    expect(summary.topFractionWindow).toMatchObject({ count: 20, last: middle });
    const few = await train({ ...config, window: { length: 4, every: 1 } });
    expect(few.summary).toMatchObject({ overlapWindow: { standardError: null }, topFractionWindow: { count: 1 } });
    expect((await train(config)).summary).toMatchObject({ overlapWindow: null, topFractionWindow: null });
  });
});

describe('the configuration', () => {
  it('is as it was where nothing of this is asked for, and says what is legal', () => {
    expect(Object.keys(checkTrainConfig(config))).toEqual(Object.keys(config));
    for (const stop of [{}, { loss: 1, time: 1 }, { time: 0 }, { loss: 1, every: 0 }, { every: 3 }, null]) {
      expect(() => checkTrainConfig({ ...config, stop })).toThrow(/: stop(: either \{"loss": L\}|\.time: |\.every: )/);
    }
    expect(() => checkTrainConfig({ ...config, measureFrom: 0 })).toThrow('measureFrom');
    const schema = JSON.stringify(trainJsonSchema());
    expect(schema).toContain('"measureFrom":{"type":"integer","minimum":1');
    expect(schema).toContain('"time":{"type":"number","exclusiveMinimum":0}');
    expect(schema).toContain('"loss":{"type":"number"},"every":{');
  });
});

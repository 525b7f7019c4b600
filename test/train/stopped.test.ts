import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Objective } from '../../src/loss/objective.js';
import { givingWay, stoppable } from '../../src/loss/stoppable.js';
import { spectrum } from '../../src/studies/spectrum/spectrum.js';
import { nativeRuntime, stoppableRuntime, type Runtime } from '../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { trainProblem } from '../../src/train/train-problem.js';
import { train } from '../../src/train/train.js';

const runtime = await nativeRuntime();
const config: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:6',
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.3,50' },
  batch: 10,
  steps: 4,
  measureEvery: 2,
  top: 4,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stopped-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The runtime, with a call before every run of a graph. */
function counted(called: (runs: number) => void): Runtime {
  let runs = 0;
  const { Tensor, InferenceSession, env } = runtime;
  return {
    ...(env && { env }),
    Tensor,
    InferenceSession: {
      async create(...given) {
        const session = await InferenceSession.create(...given);
        return {
          run(feeds) {
            called(++runs);
            return session.run(feeds);
          },
          release: () => session.release(),
        };
      },
    },
  };
}

describe('a run that is stopped in the middle of a measurement', () => {
  it('rejects with the reason before the next product, and goes on with the same bytes', async () => {
    let all = 0;
    await train(config, { runtime: counted((runs) => (all = runs)), out: join(folder, 'whole') });
    const whole = readFileSync(join(folder, 'whole', 'records.jsonl'), 'utf8');
    for (const at of [3, Math.floor(all / 2), all - 5]) {
      const out = join(folder, `stopped-${at}`);
      const controller = new AbortController();
      const reason = new Error('stop');
      let last = 0;
      const stopping = counted((runs) => {
        last = runs;
        if (runs === at) controller.abort(reason);
      });
      await expect(train(config, { runtime: stopping, out, signal: controller.signal })).rejects.toBe(reason);
      expect(last).toBe(at); // the run of a graph in which it came was the last
      const document = await train(config, { runtime, out });
      expect(document.records.map(({ step }) => step)).toEqual([0, 2, 4]);
      expect(readFileSync(join(out, 'records.jsonl'), 'utf8')).toBe(whole);
    }
  });

  it('stops a spectrum too', async () => {
    const { records } = await train(config, { runtime, out: folder });
    const controller = new AbortController();
    const reason = new Error('stop');
    const stopped = spectrum(
      {
        checkpoint: join(folder, records.at(-1)!.weights!),
        ...{ curvature: 'hessian', layers: [], top: 4, bottom: 2, tolerance: 1e-6, seed: 1 },
        ...{ densityProducts: 0, traceProducts: 30, split: true, signal: controller.signal },
        onProgress: (done) => {
          if (done === 'top') controller.abort(reason);
        },
      },
      runtime,
    );
    await expect(stopped).rejects.toBe(reason);
  });
});

describe('stoppable', () => {
  it('gives the same numbers, and rejects everywhere once the signal is raised', async () => {
    const controller = new AbortController();
    const { objective, initial, release } = await trainProblem(config, runtime);
    const stopping = stoppable(objective, givingWay(controller.signal));
    const direction = new Float64Array(initial.length).fill(1);
    const hessianOf = (of: Objective) => of.curvature('hessian', initial);
    const everything = (of: Objective): (() => Promise<unknown>)[] => [
      () => of.evaluate(initial),
      () => of.sampleSlopes(initial, direction, 1),
      () => of.classGradients(initial),
      () => hessianOf(of).apply(direction, 1),
      () => hessianOf(of).precise!(direction, 1),
      () => of.precise().evaluate(initial),
      () => of.score(initial),
    ];
    for (const [i, work] of everything(stopping).entries())
      expect(await work()).toEqual(await everything(objective)[i]!());
    const f64 = stoppable(objective.precise(), givingWay());
    expect(f64.precise()).toBe(f64);
    const reason = new Error('stop');
    controller.abort(reason);
    for (const work of everything(stopping)) await expect(work()).rejects.toBe(reason);
    await expect(hessianOf(stopping).giveWay!()).rejects.toBe(reason);
    await release();
  });

  it('lets others go first after a while', async () => {
    const giveWay = givingWay();
    let isHeard = false;
    setTimeout(() => (isHeard = true), 0);
    await giveWay();
    expect(isHeard).toBe(false);
    const start = performance.now();
    while (performance.now() - start < 250);
    await giveWay();
    expect(isHeard).toBe(true);
    const runtimeStopped = stoppableRuntime(runtime, AbortSignal.abort(new Error('stop')));
    await expect(
      trainProblem(config, runtimeStopped).then(({ objective, initial }) => objective.evaluate(initial)),
    ).rejects.toThrow('stop');
  });
});

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseSafetensors } from '../../src/files/safetensors.js';
import { randomStream } from '../../src/numeric/random.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';
import { soakTimes } from '../soak-times.js';

const cases: readonly { readonly name: string; readonly kills: number; readonly config: TrainConfig }[] = [
  {
    name: 'Adam on ONNX Runtime',
    kills: soakTimes(50),
    config: {
      ...trainDefaults,
      model: 'mlp:6',
      activation: 'tanh',
      data: { ...trainDefaults.data, source: 'mixture:3,5,0.3,200' },
      steps: 1500,
      measureEvery: 50,
      top: 6,
      window: { length: 10, every: 5 },
      batch: 20,
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      schedule: { kind: 'constant', rate: 0.003 },
      keepWeights: 'last',
    },
  },
  {
    name: 'SGD on the plain backend',
    kills: soakTimes(20),
    config: {
      ...softmaxDefaults,
      data: { ...softmaxDefaults.data, source: 'mixture:3,6,0.3,200' },
      steps: 4000,
      measureEvery: 200,
      top: 7,
      tolerance: 1e-8,
      window: { length: 30, every: 5 },
      keepWeights: 'last',
    },
  },
];

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'train-kill-'));
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

/** A process that trains and is killed at a random moment, unless it comes to its end before. */
function killedOnce(script: string, moment: number): Promise<'finished' | 'killed'> {
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve) => {
    let ended: 'finished' | 'killed' = 'killed';
    child.on('message', (message) => {
      if (message === 'started') setTimeout(() => child.kill('SIGKILL'), moment);
      if (message === 'finished') ended = 'finished';
    });
    child.on('exit', () => {
      resolve(ended);
    });
  });
}

it.each(cases)(
  'survives $kills kills at random moments, $name: files are always whole, and the end is the same bytes',
  async ({ config, kills }) => {
    const [whole, out] = [join(base, 'whole'), join(base, 'killed')];
    const runtime = await nativeRuntime();
    const document = JSON.stringify(await train(config, { runtime, out: whole }));
    const records = (folder: string): string => readFileSync(join(folder, 'records.jsonl'), 'utf8');
    const script = join(base, 'child.mts');
    const module = (path: string): string => JSON.stringify(join(process.cwd(), path));
    writeFileSync(
      script,
      `const { train } = await import(${module('src/train/train.ts')});
       const { nativeRuntime } = await import(${module('src/tensor/engine/index.ts')});
       const runtime = await nativeRuntime();
       process.send('started');
       await train(${JSON.stringify(config)}, { runtime, out: ${JSON.stringify(out)} });
       process.send('finished');`,
    );
    const random = randomStream(1, 'kills');
    for (let killed = 0; killed < kills;) {
      if ((await killedOnce(script, 10 + 400 * random.uniform())) === 'killed') killed++;
      else {
        expect(records(out)).toBe(records(whole));
        rmSync(out, { recursive: true });
      }
      const state = join(out, 'checkpoint.safetensors');
      if (existsSync(state)) parseSafetensors(new Uint8Array(readFileSync(state)), state);
      if (existsSync(join(out, 'records.jsonl')))
        expect(records(whole).startsWith(records(out).split('\n').slice(0, -1).join('\n'))).toBe(true);
    }
    expect(JSON.stringify(await train(config, { runtime, out }))).toBe(document);
    expect(records(out)).toBe(records(whole));
    expect(readdirSync(join(out, 'weights'))).toEqual(['last.safetensors']);
  },
  600_000,
);

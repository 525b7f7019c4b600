import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import type { TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';
import { soakTimes } from '../soak-times.js';

const config: TrainConfig = {
  ...softmaxDefaults,
  data: { ...softmaxDefaults.data, source: 'mixture:3,6,0.3,200' },
  steps: 100,
  measureEvery: 2,
  top: 7,
  window: { length: 30, every: 5 },
};
const kills = soakTimes(40);

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'extend-kill-'));
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

/** A process that extends, and is killed so many milliseconds after it began to, unless it comes to its end before. */
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

it(`survives ${kills} kills at random moments of extensions, each of 20 steps more: the end is the same bytes as without`, async () => {
  const [whole, out, script] = [join(base, 'whole'), join(base, 'out'), join(base, 'child.mts')];
  await train(config, { out });
  const random = randomStream(1, 'kills of extensions');
  let { steps } = config;
  for (let killed = 0; killed < kills;) {
    const next = { ...config, steps: steps + 20 };
    writeFileSync(
      script,
      `const { train } = await import(${JSON.stringify(join(process.cwd(), 'src/train/train.ts'))});
       process.send('started');
       await train(${JSON.stringify(next)}, { out: ${JSON.stringify(out)}, extend: true });
       process.send('finished');`,
    );
    if ((await killedOnce(script, 5 + 700 * random.uniform())) === 'killed') killed++;
    else ({ steps } = next);
  }
  const last = { ...config, steps: steps + 20 };
  const document = await train(last, { out, extend: true });
  expect(JSON.stringify(document)).toBe(JSON.stringify(await train(last, { out: whole })));
  const contents = (folder: string): string[] =>
    ['records.jsonl', 'checkpoint.safetensors', 'config.json', ...readdirSync(join(folder, 'weights')).sort()].map(
      (name) => readFileSync(join(folder, name.startsWith('step-') ? join('weights', name) : name), 'base64'),
    );
  expect(contents(out)).toEqual(contents(whole));
  expect(readdirSync(out).sort()).toEqual(readdirSync(whole).sort());
}, 600_000);

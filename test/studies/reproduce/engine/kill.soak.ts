import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { reproduce } from '../../../../src/studies/reproduce/reproduce.js';
import { randomStream } from '../../../../src/numeric/random.js';
import { toy } from './toy-experiment.js';
import { written } from './written.js';
import { soakTimes } from '../../../soak-times.js';

const base = mkdtempSync(join(tmpdir(), 'reproduce-kill-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});

const attempts = soakTimes(10);

describe('reproduce under kill -9', () => {
  it(`goes on from any moment and ends with the same bytes, ${attempts} times over`, async () => {
    const [whole, killed] = [join(base, 'whole'), join(base, 'killed')];
    await reproduce([toy], { scale: 'full', out: whole, jobs: 2 });
    const random = randomStream(1, 'kill');
    const results = (): number =>
      existsSync(join(killed, 'runs'))
        ? readdirSync(join(killed, 'runs')).filter((key) => existsSync(join(killed, 'runs', key, 'result.json'))).length
        : 0;
    const seen = new Set<number>();
    for (let attempt = 0; attempt < attempts; attempt++) {
      const script = join(import.meta.dirname, 'run-toy.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, killed, '2'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const exit = once(child, 'exit');
      await once(child.stdout, 'data');
      // Half of them at a random moment, half a moment after the next task has finished.
      const before = results();
      if (attempt % 2 === 0) await Promise.race([exit, pause(2000 * random.uniform())]);
      else while (child.exitCode === null && results() === before) await pause(10);
      if (attempt % 2 === 1) await pause(100 * random.uniform());
      child.kill('SIGKILL');
      await exit;
      seen.add(results());
    }
    await reproduce([toy], { scale: 'full', out: killed, jobs: 1 });
    expect(written(killed)).toEqual(written(whole));
    expect(seen.size, 'it was killed in different states').toBeGreaterThan(1);
  });
});

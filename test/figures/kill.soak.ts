import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawFigures } from '../../figures/index.js';
import { isTemporaryName } from '../../src/files/temporary-file.js';
import { randomStream } from '../../src/numeric/random.js';
import { soakTimes } from '../soak-times.js';

const names = ['spectrum.csv', 'spectrum.md', 'spectrum.png', 'spectrum.svg'];
const base = mkdtempSync(join(tmpdir(), 'figures-kill-'));
const whole = new Map<string, Buffer>();

async function draw(out: string): Promise<void> {
  await drawFigures({ out, only: ['spectrum'] });
}

beforeAll(async () => {
  await draw(base);
  for (const name of names) whole.set(name, readFileSync(join(base, name)));
});

afterAll(() => {
  rmSync(base, { recursive: true });
});

const attempts = 2 * soakTimes(10);

describe('drawFigures under kill -9', () => {
  it(`never shows a half-written file, ${attempts} times, and a rerun completes`, async () => {
    const random = randomStream(1, 'kill');
    let incomplete = 0;
    const killOnce = async (attempt: number): Promise<void> => {
      const out = join(base, `attempt-${attempt}`);
      const script = join(import.meta.dirname, 'draw-forever.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, out], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      // Half of them at a random moment, half as soon as a temporary file is seen.
      if (attempt % 2 === 0) await pause(500 * random.uniform());
      else while (!existsSync(out) || !readdirSync(out).some(isTemporaryName)) await pause(0);
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      for (const name of names) {
        const path = join(out, name);
        if (!existsSync(path)) incomplete++;
        else expect(readFileSync(path).equals(whole.get(name)!), name).toBe(true);
      }
      await draw(out);
      expect(readdirSync(out).sort()).toEqual(['manifest.json', ...names]);
      for (const name of names) expect(readFileSync(join(out, name)).equals(whole.get(name)!), name).toBe(true);
    };
    for (let attempt = 0; attempt < attempts; attempt += 2)
      await Promise.all([killOnce(attempt), killOnce(attempt + 1)]);
    expect(incomplete).toBeGreaterThan(0);
  });
});

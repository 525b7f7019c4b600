import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockFolder } from '../../src/files/folder-lock.js';
import { randomStream } from '../../src/numeric/random.js';
import { soakTimes } from '../soak-times.js';
import type { Raced, ToRacer } from './lock-racer.js';

const racers = 6;
const races = soakTimes(1000);
const perVictim = 50;
const module = new URL('../../src/files/folder-lock.ts', import.meta.url).pathname;
const racer = new URL('lock-racer.ts', import.meta.url).pathname;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const said = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));

async function started(): Promise<ChildProcess> {
  const child = fork(racer, [module], { execArgv: ['--import', 'tsx'] });
  await said(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Has a process lock folders, and kills it. */
async function leaveDeadLocks(folders: readonly string[]): Promise<void> {
  const victim = await started();
  victim.send({ hold: folders } satisfies ToRacer);
  await said(victim);
  await kill(victim);
}

it(`lets one in at a time in ${races} races of ${racers} processes for folders whose holder was killed`, async () => {
  const base = mkdtempSync(join(tmpdir(), 'lock-races-'));
  const folders = Array.from({ length: races }, (_, i) => join(base, String(i)));
  for (let i = 0; i < races; i += perVictim) await leaveDeadLocks(folders.slice(i, i + perVictim));
  const all = await Promise.all(Array.from({ length: racers }, started));
  const random = randomStream(1, 'lock-races');
  let [held, doubles, empty] = [0, 0, 0];
  for (const [i, race] of folders.entries()) {
    const at = Date.now() + 2;
    const victim = i % 10 === 0 ? all[(i / 10) % racers] : undefined; // every tenth race a racer dies in it
    const answers = all.filter((child) => child !== victim).map(said);
    for (const child of all) child.send({ race, at } satisfies ToRacer);
    if (victim !== undefined) {
      await pause(2 + 6 * random.uniform());
      await kill(victim);
      all[all.indexOf(victim)] = await started();
    }
    const raced = (await Promise.all(answers)) as Raced[];
    held += raced.reduce((sum, one) => sum + one.held, 0);
    doubles += raced.reduce((sum, one) => sum + one.doubles, 0);
    lockFolder(race)();
    if (readdirSync(race).filter((name) => !name.startsWith('inside')).length === 0) empty++;
  }
  for (const child of all) await kill(child);
  console.log(`${held} times held, ${doubles} of them by two at once`);
  rmSync(base, { recursive: true });
  expect({ doubles, empty }).toEqual({ doubles: 0, empty: races });
  expect(held).toBeGreaterThanOrEqual(races);
}, 1_200_000);

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawFigures } from '../../figures/index.js';
import { DataError } from '../../src/errors.js';
import { train } from '../../src/train/train.js';
import { smallDisk } from '../files/full-disk.js';
import { alteredConfig } from './altered-folders.js';

/** Weights and checkpoints of some 30 kB. */
const run = { ...alteredConfig, data: { ...alteredConfig.data, source: 'mixture:5,60,0.2,100' }, steps: 12, top: 6 };
const base = mkdtempSync(join(tmpdir(), 'full-disk-'));
let document = '';

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'manifest.json')
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

/** The first folder holds what the second does, and nothing half-written. */
function expectSame(found: string, whole: string): void {
  expect(filesOf(found)).toEqual(filesOf(whole));
  for (const name of filesOf(whole)) {
    expect(readFileSync(join(found, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
  }
}

beforeAll(async () => {
  document = JSON.stringify(await train(run, { out: join(base, 'run') }));
  await drawFigures({ out: join(base, 'figures'), only: ['spectrum'] });
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

it('30 disks that fill up somewhere in a run: refused in words, nothing lost, and taken up again once there is room', async (context) => {
  let [full, resumedLater] = [0, 0];
  for (let i = 0; i < 30; i++) {
    const disk = smallDisk(8 + 4 * i);
    if (disk === undefined) {
      context.skip('no disk can be mounted here');
      return;
    }
    try {
      writeFileSync(join(disk.folder, 'mine.txt'), 'mine');
      const out = join(disk.folder, 'run');
      const before = await train(run, { out }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (before !== undefined) {
        full++;
        expect(before).toBeInstanceOf(DataError);
        expect((before as DataError).message).toMatch(/could not be written|cannot be locked|no room/);
        if (existsSync(out)) expect(filesOf(out).filter((name) => name.endsWith('tmp'))).toEqual([]);
        if (existsSync(join(out, 'records.jsonl'))) resumedLater++;
      }
      disk.resize(65_536);
      expect(JSON.stringify(await train(run, { out }))).toBe(document);
      expectSame(out, join(base, 'run'));
      expect(readFileSync(join(disk.folder, 'mine.txt'), 'utf8')).toBe('mine');
    } finally {
      disk.remove();
    }
  }
  process.stderr.write(`${full} of 30 disks were full, ${resumedLater} of them in the middle of the records\n`);
  expect(full).toBeGreaterThanOrEqual(28);
  expect(resumedLater).toBeGreaterThan(15);
});

it('six disks that fill up somewhere in a figure: refused in words, every file whole or not there', async (context) => {
  let full = 0;
  const whole = join(base, 'figures');
  for (let i = 0; i < 6; i++) {
    const disk = smallDisk(4 + 32 * i);
    if (disk === undefined) {
      context.skip('no disk can be mounted here');
      return;
    }
    try {
      const out = join(disk.folder, 'figures');
      const before = await drawFigures({ out, only: ['spectrum'] }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (before !== undefined) {
        full++;
        expect(before).toBeInstanceOf(DataError);
        const there = existsSync(out) ? filesOf(out) : [];
        for (const name of there)
          expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
      }
      disk.resize(65_536);
      await drawFigures({ out, only: ['spectrum'] });
      expectSame(out, whole);
    } finally {
      disk.remove();
    }
  }
  expect(full).toBeGreaterThan(2);
});

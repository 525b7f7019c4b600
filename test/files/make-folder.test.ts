import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { makeFolder } from '../../src/files/make-folder.js';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'make-folder-'));
  writeFileSync(join(base, 'file'), '');
  symlinkSync('missing', join(base, 'dangling'));
  symlinkSync('circle', join(base, 'circle'));
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

const refusal = (path: string): string => {
  try {
    makeFolder(path);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as Error).message;
  }
  throw new Error(`${path} was made`);
};

describe('makeFolder', () => {
  it('makes a folder with all it lies in, and leaves one that is there', () => {
    const deep = join(base, 'a', 'b', '..', 'c', 'd');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
    expect(existsSync(join(base, 'a', 'c', 'd'))).toBe(true);
    symlinkSync('a', join(base, 'link'));
    makeFolder(join(base, 'link', 'e'));
    expect(existsSync(join(base, 'a', 'e'))).toBe(true);
  });

  it.each([
    ['file', /file is there and is no folder; choose another$/],
    ['file/x/y', /file is there and is no folder/],
    ['dangling', /dangling is there and is no folder/],
    ['dangling/x', /dangling is there and is no folder/],
    ['circle/x', /lead in a circle/],
    ['x'.repeat(300), /its name is too long/],
    ['null\0byte', /null bytes/],
  ])('refuses %s in words', (name, message) => {
    const path = join(base, name);
    expect(refusal(path)).toMatch(message);
    expect(refusal(path).startsWith(`${path} cannot be used as a folder: `)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('comes to an end below /proc', () => {
    expect(refusal('/proc/tiny-subspace/x')).toMatch(/the file system of \/proc\/tiny-subspace takes no new folders/);
    expect(refusal('/proc/self/x')).toMatch(/cannot be used as a folder/);
    expect(refusal('/sys/tiny-subspace')).toMatch(/may not be made|takes no new folders|read-only/);
    expect(refusal('/dev/null/x')).toMatch(/\/dev\/null is there and is no folder/);
  });

  it('says that a disk is read-only', ({ skip }) => {
    const folder = join(base, 'read-only');
    makeFolder(folder);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder]).status === 0;
    if (!mounted) skip('no disk can be mounted here');
    try {
      expect(refusal(join(folder, 'x', 'y'))).toMatch(/the file system of .*x is read-only/);
    } finally {
      spawnSync('umount', ['--lazy', folder]);
    }
  });
});

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { finishReplacing, isBeingReplaced, replaceTogether } from '../../src/train/replaced-files.js';

const names = ['a', 'b', join('inner', 'c')];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replaced-'));
  put(folder, 'old', names.slice(1));
  writeFileSync(join(folder, 'other'), 'other');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(place: string, text: string, files: readonly string[] = names): void {
  mkdirSync(join(place, 'inner'), { recursive: true });
  for (const name of files) writeFileSync(join(place, name), text);
}

const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
const old = { b: 'old', 'inner/c': 'old', other: 'other' };
const replaced = { a: 'new', b: 'new', 'inner/c': 'new', other: 'other' };

describe('files that are replaced together', () => {
  it('are all new', () => {
    replaceTogether(folder, (place) => {
      put(place, 'new');
      expect(contents()).toMatchObject(old);
    });
    expect(contents()).toEqual(replaced);
    expect(isBeingReplaced(folder)).toBe(false);
    finishReplacing(folder);
    expect(contents()).toEqual(replaced);
  });

  it('are all old where one of them cannot be written', () => {
    const reason = new DataError('the disk is full');
    const work = (): void => {
      replaceTogether(folder, (place) => {
        put(place, 'new', names.slice(0, 2));
        throw reason;
      });
    };
    expect(work).toThrow(reason);
    expect(contents()).toEqual(old);
    expect(readdirSync(folder).sort()).toEqual(['b', 'inner', 'other']);
  });

  it.each([0, 1, 2, 3])(
    'are all new once a process that was killed after %d of them is followed by another',
    (moved) => {
      const whole = join(folder, 'extension.tiny-subspace-whole');
      put(whole, 'new');
      for (const name of names.slice(0, moved)) renameSync(join(whole, name), join(folder, name));
      expect(isBeingReplaced(folder)).toBe(true);
      finishReplacing(folder);
      expect(contents()).toEqual(replaced);
      expect(isBeingReplaced(folder)).toBe(false);
    },
  );

  it('are all old where it was killed before the last was written', () => {
    const part = join(folder, 'extension.tiny-subspace-part');
    put(part, 'new', names.slice(0, 2));
    finishReplacing(folder);
    expect(contents()).toEqual(old);
    expect(existsSync(part)).toBe(false);
  });

  it('say what the disk refuses', () => {
    put(join(folder, 'extension.tiny-subspace-whole'), 'new');
    mkdirSync(join(folder, 'a'));
    expect(() => {
      finishReplacing(folder);
    }).toThrow(DataError);
    rmSync(join(folder, 'a'), { recursive: true });
    finishReplacing(folder);
    expect(contents()).toEqual(replaced);
  });
});

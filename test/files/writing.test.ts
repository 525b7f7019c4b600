import { spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../src/errors.js';
import { appendDurably } from '../../src/files/append-durably.js';
import { removeLeftovers } from '../../src/files/leftovers.js';
import { isTemporaryName, temporaryPath } from '../../src/files/temporary-file.js';
import { writeAtomically } from '../../src/files/write-atomically.js';
import { onSmallDisk } from './full-disk.js';

const old = 'what was there\n';
const long = 'x'.repeat(100_000);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'writing-'));
  path = join(folder, 'file');
  writeFileSync(path, old);
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true });
});

interface Calls {
  readonly mock: { readonly calls: readonly unknown[][] };
}

const real = { ...fs };

/** Puts something in the place of a function of node:fs, also for Node itself; restored after the test. */
function replace<Name extends 'writeSync' | 'fsyncSync' | 'renameSync' | 'ftruncateSync'>(
  name: Name,
  as: (real: (typeof fs)[Name]) => (...given: never[]) => unknown,
): Calls {
  const spy = vi.spyOn(fs, name).mockImplementation(as(real[name]) as never);
  syncBuiltinESMExports();
  return spy;
}

/** Writes that take at most `most` bytes at a time, and `room` in all: then the disk is full. */
function shortWrites(most: number, room = Infinity): Calls {
  let left = room;
  return replace('writeSync', (real) => (file: number, data: Uint8Array, offset = 0, length = data.length - offset) => {
    if (left === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const written = real(file, data, offset, Math.min(length, most, left));
    left -= written;
    return written;
  });
}

const failing = (code: string) => () => (): never => {
  throw Object.assign(new Error(`${code}: injected`), { code });
};

/** What a failure must leave. */
function expectUntouched(): void {
  expect(readdirSync(folder)).toEqual(['file']);
  expect(readFileSync(path, 'utf8')).toBe(old);
}

describe('writeAtomically', () => {
  it('writes text and bytes, into folders that are made', () => {
    writeAtomically(path, long);
    expect(readFileSync(path, 'utf8')).toBe(long);
    const deep = join(folder, 'a', 'b', 'file');
    writeAtomically(deep, Uint8Array.of(1, 2, 255).subarray(1));
    expect([...readFileSync(deep)]).toEqual([2, 255]);
    writeAtomically(deep, '');
    expect(statSync(deep).size).toBe(0);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
  });

  it('goes on after short writes', () => {
    const writes = shortWrites(4096);
    writeAtomically(path, long);
    expect(writes.mock.calls.length).toBe(Math.ceil(long.length / 4096));
    expect(readFileSync(path, 'utf8')).toBe(long);
  });

  it.each([
    ['a disk that is full at once', () => shortWrites(Infinity, 0)],
    ['a disk that is full in the middle', () => shortWrites(4096, 12_288)],
    ['a write that says more than it does', () => replace('writeSync', () => (_: number, d: Uint8Array) => d.length)],
    ['a disk that confirms nothing', () => replace('fsyncSync', failing('EIO'))],
    ['a rename that fails', () => replace('renameSync', failing('EACCES'))],
  ])('leaves the old content and no temporary file after %s', (_, damage) => {
    damage();
    expect(() => {
      writeAtomically(path, long);
    }).toThrow(DataError);
    expect(() => {
      writeAtomically(path, long);
    }).toThrow(/file could not be written: .*; nothing was changed$/);
    expectUntouched();
  });

  it('says so if only the folder is not confirmed', () => {
    let calls = 0;
    replace('fsyncSync', (real) => (file: number) => {
      if (calls++ === 1) failing('EIO')()();
      real(file);
    });
    expect(() => {
      writeAtomically(path, long);
    }).toThrow(/a power cut now may bring back the old content/);
    expect(readFileSync(path, 'utf8')).toBe(long);
  });

  it('has the disk confirm the file before it gets its name, and the folder after', () => {
    const order: string[] = [];
    replace('fsyncSync', (real) => (file: number) => {
      order.push(fs.fstatSync(file).isDirectory() ? 'folder' : `file of ${fs.fstatSync(file).size}`);
      real(file);
    });
    replace('renameSync', (real) => (from: string, to: string) => {
      order.push('rename');
      real(from, to);
    });
    writeAtomically(path, long);
    expect(order).toEqual(['file of 100000', 'rename', 'folder']);
  });

  it('keeps permissions, replaces a link and not what it leads to, and refuses a folder in the place of the file', () => {
    chmodSync(path, 0o640);
    writeAtomically(path, 'mine');
    const link = join(folder, 'link');
    symlinkSync('file', link);
    writeAtomically(link, 'new');
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(false);
    expect(readFileSync(link, 'utf8')).toBe('new');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    mkdirSync(join(folder, 'taken'));
    expect(() => {
      writeAtomically(join(folder, 'taken'), 'new');
    }).toThrow(DataError);
    expect(readdirSync(folder).sort()).toEqual(['file', 'link', 'taken']);
  });
});

describe('appendDurably', () => {
  it('appends, makes a file that is missing, and has the disk confirm it', () => {
    const confirmed = replace('fsyncSync', (real) => real as never);
    appendDurably(path, 'one\n');
    expect(confirmed.mock.calls.length).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(`${old}one\n`);
    appendDurably(join(folder, 'new'), 'two\n');
    expect(confirmed.mock.calls.length).toBe(3); // the folder, too
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('two\n');
  });

  it('goes on after short writes', () => {
    shortWrites(1000);
    appendDurably(path, long);
    expect(readFileSync(path, 'utf8')).toBe(old + long);
  });

  it.each([
    ['a disk that is full in the middle', () => shortWrites(4096, 12_288)],
    ['a write that says more than it does', () => replace('writeSync', () => (_: number, d: Uint8Array) => d.length)],
    ['a disk that confirms nothing', () => replace('fsyncSync', failing('EIO'))],
  ])('cuts the file back after %s', (_, damage) => {
    damage();
    for (const name of ['file', 'new']) {
      expect(() => {
        appendDurably(join(folder, name), long);
      }).toThrow(DataError);
    }
    expect(() => {
      appendDurably(path, long);
    }).toThrow(/file could not be written: .*; earlier lines are intact$/);
    expectUntouched();
  });

  it('says which part counts where the file cannot be cut back', () => {
    shortWrites(4096, 12_288);
    replace('ftruncateSync', failing('EIO'));
    expect(() => {
      appendDurably(path, long);
    }).toThrow(/ENOSPC.*earlier lines are intact, its first 15 bytes$/);
    expect(readFileSync(path, 'utf8').startsWith(old)).toBe(true);
  });

  it('refuses a folder in the place of the file', () => {
    expect(() => {
      appendDurably(folder, 'one\n');
    }).toThrow(DataError);
  });
});

describe('a full disk', () => {
  it('changes nothing', ({ skip }) => {
    const left = onSmallDisk(256, (disk) => {
      const [whole, lines] = [join(disk, 'whole'), join(disk, 'lines')];
      writeAtomically(whole, old);
      appendDurably(lines, old);
      const failures = Array.from({ length: 20 }, (_, i) => {
        const refused = [
          () => {
            writeAtomically(whole, 'y'.repeat(200_000 + 5000 * i));
          },
          () => {
            appendDurably(lines, 'y'.repeat(300_000));
          },
        ].map((write) => {
          try {
            write();
            return false;
          } catch (error) {
            return error instanceof DataError && /ENOSPC|no space/.test(error.message);
          }
        });
        const text = readFileSync(whole, 'utf8');
        return {
          refused,
          whole: text === old || /^y{200000,}$/.test(text),
          lines: readFileSync(lines, 'utf8') === old,
        };
      });
      return { failures, names: readdirSync(disk).sort() };
    });
    if (left === undefined) skip('no disk can be mounted here');
    expect(left!.names).toEqual(['lines', 'whole']);
    expect(left!.failures.filter((failure) => !failure.whole || !failure.lines || !failure.refused[1])).toEqual([]);
    expect(left!.failures.some(({ refused }) => refused[0])).toBe(true);
  });

  it('changes nothing, nor a limit to the size of files (ulimit -f)', () => {
    const module = (name: string): string => JSON.stringify(join(process.cwd(), 'src', 'files', `${name}.ts`));
    const script = join(folder, 'script.mts');
    writeFileSync(
      script,
      `import { writeAtomically } from ${module('write-atomically')};
       import { appendDurably } from ${module('append-durably')};
       for (const write of [writeAtomically, appendDurably]) {
         try { write(${JSON.stringify(path)}, 'x'.repeat(100_000)); console.log('written'); }
         catch (error) { console.log(error.name, error.message); }
       }`,
    );
    const { stdout, status } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 12; exec "$@"', 'bash', process.execPath, '--import', 'tsx', script],
      { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
    );
    rmSync(script);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^DataError .*EFBIG.*; nothing was changed\nDataError .*EFBIG.*; earlier lines are intact\n$/,
    );
    expectUntouched();
  });
});

describe('removeLeftovers', () => {
  it('removes plain files by the names of temporary files, and nothing else', () => {
    const ours = [temporaryPath(path), temporaryPath(join(folder, 'weights.safetensors'))];
    for (const name of ours) writeFileSync(name, 'half');
    const others = [
      'data.json.1',
      'w.safetensors.3',
      'lock',
      '.tiny-subspace-tmp',
      '.0123456789abcdef.tiny-subspace-tmp',
      'a.0123456789ABCDEF.tiny-subspace-tmp',
      'a.0123456789abcdef.tiny-subspace-tmp.txt',
      'a.123.tiny-subspace-tmp',
    ];
    for (const name of others) writeFileSync(join(folder, name), 'foreign');
    mkdirSync(join(folder, 'folder.0123456789abcdef.tiny-subspace-tmp'));
    symlinkSync('file', join(folder, 'link.0123456789abcdef.tiny-subspace-tmp'));
    mkdirSync(join(folder, 'weights'));
    writeFileSync(temporaryPath(join(folder, 'weights', 'w')), 'half');
    removeLeftovers(folder);
    expect(ours.filter((name) => existsSync(name))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(
      [
        ...others,
        'file',
        'folder.0123456789abcdef.tiny-subspace-tmp',
        'link.0123456789abcdef.tiny-subspace-tmp',
        'weights',
      ].sort(),
    );
    expect(readdirSync(join(folder, 'weights')).filter(isTemporaryName).length).toBe(1);
    removeLeftovers(join(folder, 'missing'));
  });
});

import { spawnSync } from 'node:child_process';
import fs, { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../src/errors.js';
import { readDataFile } from '../../src/files/read-data-file.js';

const LARGEST = 2 ** 28;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-file-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A file of a size, of which the disk holds only the beginning. */
function sparse(name: string, size: number, beginning: Uint8Array = Uint8Array.of(0, 0, 8, 1)): string {
  const path = join(folder, name);
  writeFileSync(path, beginning);
  truncateSync(path, size);
  return path;
}

describe('readDataFile', () => {
  it('refuses what is larger than it says, plain and packed, and reads nothing of it', () => {
    const reads = vi.spyOn(fs, 'readFileSync');
    syncBuiltinESMExports();
    const large = [
      sparse('plain', LARGEST + 1),
      sparse('packed', LARGEST + 1, gzipSync(Uint8Array.of(1, 2, 3))),
      sparse('terabyte', 2 ** 40),
    ];
    for (const path of large) {
      expect(() => readDataFile(path)).toThrow(DataError);
      expect(() => readDataFile(path)).toThrow(/it holds \d+ bytes, more than the 256 MiB that are read/);
    }
    expect(reads.mock.calls).toEqual([]);
  });

  it('reads a file of just that size', () => {
    const reads = vi.spyOn(fs, 'readFileSync').mockReturnValue(Buffer.of(1, 2));
    syncBuiltinESMExports();
    expect([...readDataFile(sparse('just', LARGEST))]).toEqual([1, 2]);
    expect(reads.mock.calls).toEqual([[join(folder, 'just')]]);
  });

  it.runIf(process.platform === 'linux')('refuses what may have no end', () => {
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const path of ['/dev/zero', pipe]) expect(() => readDataFile(path)).toThrow(/it is no plain file/);
  });
});

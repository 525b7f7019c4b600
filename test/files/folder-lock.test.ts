import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/files/folder-lock.js';

describe('lockFolder', () => {
  it('keeps a second process out, and takes over the lock of a dead one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lock-'));
    writeFileSync(join(folder, 'lock'), '1'); // process 1 is always alive
    expect(() => lockFolder(folder)).toThrow(/in use by process 1/);
    writeFileSync(join(folder, 'lock'), '999999999');
    lockFolder(folder)();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Works in a folder on a disk of `kilobytes`, as far as mounting one is allowed here; undefined where it is not. */
export function onSmallDisk<T>(kilobytes: number, work: (folder: string) => T): T | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder];
  const mounted = spawnSync('mount', options).status === 0;
  try {
    return mounted ? work(folder) : undefined;
  } finally {
    if (mounted) spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  }
}

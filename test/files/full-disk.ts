import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own. */
export interface SmallDisk {
  readonly folder: string;
  readonly resize: (kilobytes: number) => void;
  readonly remove: () => void;
}

/** A disk of `kilobytes`, as far as mounting one is allowed here; undefined where it is not. */
export function smallDisk(kilobytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mount = (options: string): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;
  if (!mount(`size=${kilobytes}k`)) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    resize: (size) => {
      if (!mount(`remount,size=${size}k`)) throw new Error(`${folder} could not be given ${size} kB`);
    },
    remove: () => {
      spawnSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Works in a folder on a disk of `kilobytes`; undefined where there can be none. */
export function onSmallDisk<T>(kilobytes: number, work: (folder: string) => T): T | undefined {
  const disk = smallDisk(kilobytes);
  try {
    return disk === undefined ? undefined : work(disk.folder);
  } finally {
    disk?.remove();
  }
}

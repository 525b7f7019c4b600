import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Has the disk confirm the names in a folder, so that they outlive a power cut. Does nothing where folders cannot be opened (Windows). */
export function syncFolder(folder: string): void {
  let file: number;
  try {
    file = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(file);
  } catch (error) {
    if (!/^(EINVAL|ENOTSUP|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error; // no such thing there
  } finally {
    closeSync(file);
  }
}

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporaryName } from './temporary-file.js';

/**
 * Removes the temporary files that killed processes left in a folder, which is locked now: plain files directly in it, by the names
 * of writeTemporary. What is no folder has none.
 */
export function removeLeftovers(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && isTemporaryName(entry.name)) rmSync(join(folder, entry.name), { force: true });
  }
}

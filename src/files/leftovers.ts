import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes the temporary files, `NAME.EXTENSION.NUMBER`, of runs that were killed while they wrote into folders that are locked now. */
export function removeLeftovers(folders: readonly string[]): void {
  for (const folder of folders.filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder)) {
      if (/\.(safetensors|json)\.\d+$/.test(name)) rmSync(join(folder, name), { force: true });
    }
  }
}

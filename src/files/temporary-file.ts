import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';

/** A name beside `path` that nobody else uses. */
export const temporaryPath = (path: string): string => `${path}.${randomBytes(8).toString('hex')}.tiny-subspace-tmp`;

/** Whether a file's name is one that temporaryPath makes. */
export const isTemporaryName = (name: string): boolean => /.\.[0-9a-f]{16}\.tiny-subspace-tmp$/.test(name);

/**
 * Writes a temporary file beside `path`, whole and confirmed by the disk, and returns its name. `mode`: its permissions, those of any
 * new file if left out. Throws what the system says, and leaves no file then.
 */
export function writeTemporary(path: string, data: string | Uint8Array, mode?: number): string {
  const temporary = temporaryPath(path);
  const file = openSync(temporary, 'wx');
  try {
    if (mode !== undefined) fchmodSync(file, mode);
    appendWhole(file, data);
    return temporary;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Writes all of `data` at the end of an open file and has the disk confirm it. Throws what the system says, and Error if less was written. */
export function appendWhole(file: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const before = fstatSync(file).size;
  writeFileSync(file, bytes); // goes on after a short write
  fsyncSync(file);
  const written = fstatSync(file).size - before;
  if (written !== bytes.length) throw new Error(`${written} of ${bytes.length} bytes were written`);
}

import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '../errors.js';
import { lockFolder } from './folder-lock.js';
import { removeLeftovers } from './leftovers.js';
import { isLockName } from './lock-steps.js';
import { readText } from './read-bytes.js';
import { isObject } from './json-object.js';
import { openSealed, sealedJson } from './sealed-json.js';
import { isTemporaryName } from './temporary-file.js';
import { writeAtomically } from './write-atomically.js';

/** A kind of folder that this package makes. Its manifest.json says which: `format` is the name, a space and a number. */
export interface FolderKind {
  /** For instance 'tiny-subspace run'. */
  readonly name: string;
  /** Folders in it that are written to. */
  readonly subfolders?: readonly string[];
  /** Another way to know a folder of this kind, where its manifest is gone. */
  readonly isKnown?: (path: string) => boolean;
}

export const manifestName = 'manifest.json';

/**
 * Works in a folder that is new, empty or of this kind, and that nobody else works in, cleared of what a killed process left half-written.
 *
 * Throws UsageError, before anything in it is touched, where the folder holds something else or is in use; DataError where it cannot be made or read.
 */
export async function inOwnFolder<T>(path: string, kind: FolderKind, work: () => Promise<T>): Promise<T> {
  refuseForeign(path, kind);
  const release = lockFolder(path);
  try {
    refuseForeign(path, kind); // it may have been filled meanwhile
    for (const folder of ['.', ...(kind.subfolders ?? [])]) removeLeftovers(join(path, folder));
    return await work();
  } finally {
    release();
  }
}

/**
 * Files that are about to be written into a folder that is worked in, by names relative to it: from now on its manifest names them. Throws UsageError where one is
 * there that the manifest does not name, and was put there by somebody else; DataError for a manifest that was altered.
 */
export function claimFiles(folder: string, { name }: FolderKind, files: readonly string[]): void {
  const path = join(folder, manifestName);
  const ours = existsSync(path) ? filesOf(path) : [];
  const added = files.filter((file) => !ours.includes(file));
  const foreign = added.find((file) => existsSync(join(folder, file)));
  if (foreign !== undefined) {
    throw new UsageError(
      `${join(folder, foreign)} is there already and was not written by this program; move it away, or choose another folder`,
    );
  }
  if (added.length === 0 && existsSync(path)) return;
  writeAtomically(path, sealedJson({ format: `${name} 1`, files: [...ours, ...added].sort() }, 2));
}

function filesOf(path: string): readonly string[] {
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; restore it, or choose another folder`);
  };
  const { files } = openSealed(readText(path, 'choose another folder'), fail);
  return Array.isArray(files) && files.every((file) => typeof file === 'string') ? files : fail('it names no files');
}

/** Throws UsageError for a folder that holds something and is of no such kind, DataError where it cannot be read. */
export function refuseForeign(path: string, { name, isKnown = () => false }: FolderKind): void {
  if (path === '') throw new UsageError("a folder needs a name, received ''; give one, for example run");
  if (!holdsAnything(path)) return;
  const format = formatOf(join(path, manifestName));
  if (isFormat(format, name) || isKnown(path)) return;
  const what = format === undefined ? `it has no ${manifestName} of one` : `its ${manifestName} says '${format}'`;
  throw new UsageError(
    `${path} is not empty and is no '${name}' folder: ${what}; nothing in it was touched: choose a new or an empty folder`,
  );
}

/** Whether a folder holds folders of a kind, or folders of these, and nothing else. Throws DataError where it cannot be read. */
export function holdsOnly(path: string, kind: FolderKind, levels = 2): boolean {
  const names = contentsOf(path);
  return (
    names.length > 0 &&
    names.every((name) => {
      const inner = join(path, name);
      if (isFormat(formatOf(join(inner, manifestName)), kind.name)) return true;
      return levels > 1 && lstatSync(inner).isDirectory() && holdsOnly(inner, kind, levels - 1);
    })
  );
}

const isFormat = (format: string | undefined, name: string): boolean => format?.replace(/ \d+$/, '') === name;

const holdsAnything = (path: string): boolean => contentsOf(path).length > 0;

/** Names in a folder, locks and leftovers left out; none where it is not there. */
function contentsOf(path: string): string[] {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new DataError(`${path} cannot be used as a folder: ${(cause as Error).message}; choose another`, { cause });
  }
  return names.filter((name) => !isLockName(name) && !isTemporaryName(name));
}

function formatOf(path: string): string | undefined {
  try {
    const found: unknown = JSON.parse(readText(path, 'choose another folder'));
    return isObject(found) && typeof found.format === 'string' ? found.format : undefined;
  } catch {
    return undefined;
  }
}

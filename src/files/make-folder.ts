import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DataError } from '../errors.js';
import { syncFolder } from './sync-folder.js';

/**
 * Makes a folder and those it lies in, where they are missing, so that they outlive a power cut.
 *
 * Throws DataError if one of them cannot be made. (The recursive mkdir of Node never ends below /proc, where a missing folder is reported
 * inside one that is there.)
 */
export function makeFolder(path: string): void {
  try {
    make(resolve(path));
  } catch (cause) {
    throw new DataError(`${path} cannot be used as a folder: ${problem(cause as NodeJS.ErrnoException)}`, { cause });
  }
}

function make(path: string): void {
  const parent = dirname(path);
  if (parent !== path) make(parent);
  if (isFolder(path)) return;
  try {
    mkdirSync(path);
    syncFolder(parent);
  } catch (error) {
    if (!isFolder(path)) throw error; // another process made it meanwhile
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function problem({ code = '', path = 'the working folder', message }: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    EEXIST: `${path} is there and is no folder`,
    ENOENT: `the file system of ${path} takes no new folders`,
    EACCES: `${path} may not be made or looked into by this user`,
    EPERM: `${path} may not be made by this user`,
    EROFS: `the file system of ${path} is read-only`,
    ENOSPC: `there is no room for ${path}`,
    ENAMETOOLONG: 'its name is too long',
    ELOOP: `the links of ${path} lead in a circle`,
  };
  return `${words[code] ?? message}; choose another`;
}

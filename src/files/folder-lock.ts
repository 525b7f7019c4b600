import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError, UsageError } from '../errors.js';
import { isLockName, lockName, removeOwn, takeLock, type LockFiles } from './lock-steps.js';
import { makeFolder } from './make-folder.js';
import { fateOf, thisProcess } from './process-identity.js';
import { writeTemporary } from './temporary-file.js';

const ownerSchema = z.strictObject({
  format: z.literal('tiny-subspace lock 1'),
  token: z.string().regex(/^[0-9a-f]{32}$/),
  host: z.string(),
  machine: z.string().nullable(),
  boot: z.string().nullable(),
  space: z.string().nullable(),
  pid: z.int().min(1).max(0x7fffffff),
  started: z.string().nullable(),
  since: z.iso.datetime(),
});
type Owner = z.infer<typeof ownerSchema>;

/** What gives back the locks that this process holds. */
const held = new Set<() => void>();

/**
 * Makes a folder if it is missing, takes it for this process alone, and returns the function that gives it back; the end of the process
 * does so, too. The lock of a process that is gone for certain is taken over: killed, or of an earlier start of this machine.
 *
 * Throws UsageError if another holds the folder, this process included; one on another machine or in another container cannot be seen,
 * and holds it until its lock, which is named, is removed. DataError if the folder cannot be made or written to.
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const files = lockFiles(folder);
  const me: Owner = {
    format: 'tiny-subspace lock 1',
    token: randomBytes(16).toString('hex'),
    ...thisProcess(),
    since: new Date().toISOString(),
  };
  const holder = finish(
    folder,
    takeLock(files, me, (owner) => fate(owner) === 'gone'),
  );
  if (holder !== undefined) {
    const { pid, host, since } = holder;
    const remedy =
      fate(holder) === 'unseen'
        ? `or, if it is gone for certain, remove ${join(folder, lockName)}`
        : 'or choose another --out';
    throw new UsageError(`${folder} is in use by process ${pid} on ${host} since ${since}; wait for it, ${remedy}`);
  }
  const release = (): void => {
    held.delete(release);
    if (held.size === 0) process.off('exit', releaseAll);
    try {
      finish(folder, removeOwn(files, lockName, me));
    } catch {
      // whatever is there, it is not known to be ours; and ours ends with this process
    }
  };
  if (held.size === 0) process.once('exit', releaseAll);
  held.add(release);
  return release;
}

/**
 * Removes the locks in a folder and in those below it whose holders cannot be seen from here, for one who knows from elsewhere that they are gone. Locks of processes that
 * can be seen stay, and so do files that are none.
 */
export function dropUnseenLocks(folder: string): void {
  if (!existsSync(folder)) return;
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!isLockName(name)) continue;
    const files = lockFiles(parentPath);
    try {
      const owner = files.read(name);
      if (owner !== undefined && fate(owner) === 'unseen') files.remove(name);
    } catch {
      // whoever locks the folder is told of it
    }
  }
}

const fate = (owner: Owner): ReturnType<typeof fateOf> => fateOf(owner, new Date(owner.since));

function releaseAll(): void {
  for (const release of held) release();
}

/** Runs steps one after another. */
function finish<Result>(folder: string, steps: Generator<void, Result>): Result {
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  } catch (cause) {
    const words = `${folder} cannot be locked: ${(cause as Error).message}`;
    throw cause instanceof UsageError ? new UsageError(words, { cause }) : new DataError(words, { cause });
  }
}

function lockFiles(folder: string): LockFiles<Owner> {
  const at = (name: string): string => join(folder, name);
  return {
    read(name) {
      try {
        if (!lstatSync(at(name)).isFile()) throw new Error('it is no plain file');
        return ownerSchema.parse(JSON.parse(readFileSync(at(name), 'utf8')));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new UsageError(`${name} cannot be read; if nobody uses the folder, remove ${at(name)}`, { cause });
      }
    },
    create(name, owner) {
      const whole = writeTemporary(at(name), JSON.stringify(owner));
      try {
        return link(whole, at(name));
      } finally {
        rmSync(whole, { force: true });
      }
    },
    rename(from, to) {
      renameSync(at(from), at(to));
    },
    remove(name) {
      rmSync(at(name), { force: true });
    },
    names: () => readdirSync(folder),
  };
}

/** A second name for a file, or a copy on disks that know no second names; false if it is taken, or the holder cleared the file away. */
function link(file: string, name: string): boolean {
  const refused = (error: unknown): boolean => /^(EEXIST|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? '');
  try {
    linkSync(file, name);
  } catch (error) {
    if (refused(error)) return false;
    try {
      copyFileSync(file, name, constants.COPYFILE_EXCL);
    } catch (failure) {
      if (refused(failure)) return false;
      throw failure;
    }
  }
  return true;
}

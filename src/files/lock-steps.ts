import { UsageError } from '../errors.js';

/** The name of the lock of a folder. */
export const lockName = 'tiny-subspace.lock';

/** Whether a file belongs to the lock of its folder: the lock, the successor of a dead one, or one of these in the making. */
export const isLockName = (name: string): boolean =>
  /^tiny-subspace\.lock(\.[0-9a-f]{32})?(\.[0-9a-f]{16}\.tiny-subspace-tmp)?$/.test(name);

/** Who wants a lock, or has it. */
export interface Claimant {
  /** 128 random bits in hexadecimal digits, never used twice. */
  readonly token: string;
}

/** What a lock does with the files of its folder. Each is one step that others see whole or not at all. */
export interface LockFiles<Owner extends Claimant> {
  /** What a file says; undefined if there is none. */
  readonly read: (name: string) => Owner | undefined;
  /** Makes a file; false if there is one. */
  readonly create: (name: string, owner: Owner) => boolean;
  /** Gives a file the name of another, which it replaces. */
  readonly rename: (from: string, to: string) => void;
  readonly remove: (name: string) => void;
  readonly names: () => readonly string[];
}

const mostTries = 100;

/**
 * Takes the lock for `me`, or returns who has it. Yields before each step, so that the steps of several can be mixed.
 *
 * A dead lock is never removed, which could hit the lock of another who was faster. Its successor is the file named by its token,
 * which only one can make; a dead successor is succeeded likewise. What counts is the end of this chain, read again after each claim: a
 * claim on a lock that is no longer in the chain is void, since no token comes back. Who is at the end holds the lock, puts its file in
 * the place of the first and clears the others, which are dead or void.
 */
export function* takeLock<Owner extends Claimant>(
  files: LockFiles<Owner>,
  me: Owner,
  isDead: (owner: Owner) => boolean,
): Generator<void, Owner | undefined> {
  const claims: string[] = [];
  try {
    for (let tries = 0; tries < mostTries; tries++) {
      const { name, owner } = yield* endOfChain(files, isDead);
      if (owner === undefined) {
        yield;
        if (files.create(name, me)) claims.push(name);
      } else if (owner.token === me.token) {
        yield* settle(files, name);
        return undefined;
      } else {
        for (const claim of claims) yield* removeOwn(files, claim, me);
        return owner;
      }
    }
  } catch (error) {
    for (const claim of claims) yield* removeOwn(files, claim, me);
    throw error;
  }
  throw new UsageError('others take and give it back all the time');
}

/** Gives back the lock, if it still is that of `me`. */
export function* removeOwn<Owner extends Claimant>(
  files: LockFiles<Owner>,
  name: string,
  me: Owner,
): Generator<void, void> {
  yield;
  if (files.read(name)?.token !== me.token) return;
  yield;
  files.remove(name);
}

function* endOfChain<Owner extends Claimant>(
  files: LockFiles<Owner>,
  isDead: (owner: Owner) => boolean,
): Generator<void, { readonly name: string; readonly owner: Owner | undefined }> {
  let name = lockName;
  for (let length = 0; length < mostTries; length++) {
    yield;
    const owner = files.read(name);
    if (owner === undefined || !isDead(owner)) return { name, owner };
    name = `${lockName}.${owner.token}`;
  }
  throw new UsageError(`the locks of dead processes that follow ${lockName} have no end; remove them`);
}

function* settle<Owner extends Claimant>(files: LockFiles<Owner>, name: string): Generator<void, void> {
  if (name !== lockName) {
    yield;
    files.rename(name, lockName);
  }
  yield;
  for (const other of files.names().filter((one) => isLockName(one) && one !== lockName)) {
    yield;
    files.remove(other);
  }
}

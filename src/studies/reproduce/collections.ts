import { UsageError } from '../../errors.js';
import type { Experiment } from './engine/experiment.js';
import { laterHead, paperHead, type PageHead } from './engine/page-head.js';
import { laterExperiments } from './experiments/later.js';
import { experiments } from './experiments/index.js';

/** Experiments that share a page. */
export interface Collection {
  readonly head: PageHead;
  /** Where its page is, in the folder of the reproduction. */
  readonly folder: string;
  readonly experiments: readonly Experiment[];
}

/** The paper with what was said of it soon after, and the works that cite it. */
export const collections: readonly Collection[] = [
  { head: paperHead, folder: '.', experiments },
  { head: laterHead, folder: 'after', experiments: laterExperiments },
];

/** A collection, and what of it was asked for; undefined for all. */
export interface ChosenCollection extends Collection {
  readonly only: readonly string[] | undefined;
}

/**
 * The collections in which names select something: `after:…` in that of later works, `after:*` all of it, and other names in each. Nothing named: all. Throws UsageError
 * for a name that selects nothing.
 */
export function chosenCollections(names: readonly string[] | undefined): ChosenCollection[] {
  if (names === undefined) return collections.map((one) => ({ ...one, only: undefined }));
  for (const name of names) refuseUnknown(name);
  return collections.flatMap((collection) => {
    const own = names.flatMap((name) => namesWithin(collection, name));
    if (own.length === 0) return [];
    return [{ ...collection, only: own.includes('*') ? undefined : own }];
  });
}

/** A name without the prefix of a collection, if it selects something there. */
function namesWithin({ head: { prefix }, experiments: own }: Collection, name: string): string[] {
  const owner = collections.find((one) => one.head.prefix !== '' && name.startsWith(one.head.prefix));
  if (owner !== undefined && owner.head.prefix !== prefix) return [];
  const rest = owner === undefined ? name : name.slice(prefix.length);
  const ids = own.flatMap(({ id, claims, figures }) => [id, ...[...claims, ...figures].map((part) => part.id)]);
  const isThere = rest !== '' && ids.some((id) => id.startsWith(rest));
  return isThere || (owner !== undefined && rest === '*') ? [rest] : [];
}

function refuseUnknown(name: string): void {
  if (collections.some((collection) => namesWithin(collection, name).length > 0)) return;
  const there = collections.flatMap(({ head, experiments: own }) => own.map(({ id }) => `${head.prefix}${id}`));
  throw new UsageError(`no experiment begins with '${name}'; there are ${there.join(', ')}, for example --only table1`);
}

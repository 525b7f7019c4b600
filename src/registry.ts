import { UsageError } from './errors.js';

/** What an entry of a registry says of itself: help, schema, errors and docs/registries.md are made from it. */
export interface Entry {
  readonly name: string;
  /** What it is, in one line. */
  readonly help: string;
  /** Where it is from. */
  readonly source?: string;
}

/** An entry that is written as text: NAME, or NAME:ARGUMENT. */
export interface WrittenEntry<T> extends Entry {
  /** How it is written, where that is not the name alone: 'mlp:WIDTH,…'. */
  readonly pattern?: string;
  /** What the capitals of the pattern stand for. */
  readonly where?: string;
  /** What the text means; undefined where it is not written so, which the registry refuses. Throws UsageError to say more. */
  readonly parse: (argument: string | undefined) => T | undefined;
}

/** `parse` of an entry that takes no argument. */
export const alone =
  <T>(value: T) =>
  (argument: string | undefined): T | undefined =>
    argument === undefined ? value : undefined;

/** How an entry is written. */
export const patternOf = <T>({ name, pattern = name }: WrittenEntry<T>): string => pattern;

/** 'a, b and c'. */
export function wordList(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)!}`;
}

/** The entry of a name. Throws UsageError, naming all there are, where there is none. */
export function entryOf<E extends Entry>(what: string, entries: readonly E[], name: string): E {
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no ${what} '${name}'; legal are ${wordList(entries.map((entry) => entry.name))}`);
}

/** Entries that are told apart by the word their text begins with. */
export interface Registry<T, E extends WrittenEntry<T>> {
  readonly entries: readonly E[];
  /** 'mnist, cifar10, mixture:K,D,SIGMA,N or sine[:N]': for help and schema. */
  readonly patterns: string;
  /** What a text means, and the entry it is of. Throws UsageError, saying what is legal, for anything else. */
  readonly read: (text: string) => { readonly entry: E; readonly value: T };
}

/** `unknown`: how the refusal of a text begins; `example`: a legal text. */
export function registry<T, E extends WrittenEntry<T>>(
  entries: readonly E[],
  { unknown, example }: { readonly unknown: (text: string) => string; readonly example: string },
): Registry<T, E> {
  const legal = entries.map((entry) => patternOf(entry) + (entry.where === undefined ? '' : ` (${entry.where})`));
  return {
    entries,
    patterns: wordList(entries.map(patternOf), 'or'),
    read(text) {
      const [name, argument] = text.split(/:(.*)/s) as [string, string | undefined];
      const entry = entries.find((one) => one.name === name);
      const value = entry?.parse(argument);
      if (entry !== undefined && value !== undefined) return { entry, value };
      throw new UsageError(`${unknown(text)}; legal are ${wordList(legal)}, for example ${example}`);
    },
  };
}

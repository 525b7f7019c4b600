import { laws, theorems, verify, type Laws, type Theorem } from '../../theory/index.js';
import { mapLeaves } from './leaves.js';
import { regimes } from './regimes.js';

type Law = (...args: unknown[]) => unknown;
type Name = keyof Laws;
const names = Object.keys(laws) as Name[];
const lawOf = (from: Laws, name: Name): Law => from[name] as unknown as Law;

/** Laws that are asked the same thing answer from memory: what makes a thousand runs of a check affordable. */
export function remembering(): Laws {
  const entries = names.map((name): [string, Law] => {
    const answers = new Map<string, unknown>();
    const ask: Law = (...args) => {
      const key = keyOf(args);
      if (key === undefined) return lawOf(laws, name)(...args);
      if (!answers.has(key)) {
        const answer = lawOf(laws, name)(...args);
        answers.set(key, isGenerator(answer) ? [...answer] : answer);
      }
      return answers.get(key);
    };
    return [name, ask];
  });
  return Object.fromEntries(entries) as unknown as Laws;
}

const isGenerator = (answer: unknown): answer is Generator =>
  typeof answer === 'object' && answer !== null && 'next' in answer;

/** The arguments as text, or nothing where one is a function or holds one. */
function keyOf(args: readonly unknown[]): string | undefined {
  const functions: unknown[] = [];
  const text = JSON.stringify(args, (_, value: unknown): unknown => {
    if (typeof value === 'function') functions.push(value);
    return value instanceof Float64Array
      ? [...value]
      : Number.isFinite(value) || typeof value !== 'number'
        ? value
        : String(value);
  });
  return functions.length === 0 && text.length < 1e5 ? text : undefined;
}

/** One number of one law in one regime, and the theorems that see it, cheapest first. */
export interface Target {
  readonly law: Name;
  readonly path: string;
  readonly regime: string;
  readonly theorems: readonly Theorem[];
}

/** All numbers that laws give to theorems, by running every theorem once on laws that note what is read. */
export function targetsSeenBy(base: Laws, seen: readonly Theorem[] = theorems): Target[] {
  const readers = new Map<string, { law: Name; path: string; regime: string; theorems: Set<Theorem> }>();
  const costs = new Map<Theorem, number>();
  for (const theorem of seen) {
    const noting = wrapped(base, names, (law, path) => (x, regimesOf) => {
      for (const regime of regimesOf()) {
        const key = `${law} ${path} ${regime}`;
        if (!readers.has(key)) readers.set(key, { law, path, regime, theorems: new Set() });
        readers.get(key)!.theorems.add(theorem);
      }
      return x;
    });
    verify(noting, [theorem]);
    const [again] = verify(base, [theorem]).theorems; // by now from memory
    costs.set(theorem, again!.milliseconds);
  }
  return [...readers.values()].map((target) => ({
    ...target,
    theorems: [...target.theorems].sort((x, y) => costs.get(x)! - costs.get(y)!),
  }));
}

/** What is done to the numbers of a law at a path, with the regimes of the call; nothing if left alone. */
type NumberMap = (law: Name, path: string) => ((x: number, regimesOf: () => readonly string[]) => number) | undefined;

/** Laws of which some pass their numbers through f. */
function wrapped(base: Laws, which: readonly Name[], f: NumberMap): Laws {
  const entries = which.map((name) => {
    const law: Law = (...args) => {
      let known: { readonly inner: readonly unknown[] | undefined; readonly at: readonly string[] } | undefined;
      const regimesOf = (inner: readonly unknown[] | undefined): readonly string[] => {
        if (known === undefined || known.inner !== inner) known = { inner, at: regimes[name].of(args, inner) };
        return known.at;
      };
      return mapLeaves(lawOf(base, name)(...args), (path) => {
        const change = f(name, path);
        return change && ((x, inner) => change(x, () => regimesOf(inner)));
      });
    };
    return [name, law];
  });
  return { ...base, ...(Object.fromEntries(entries) as Partial<Laws>) };
}

/** The name of the theorem that fails when the target's number is replaced by change(number), 'unchanged' if no number is, or nothing. */
export function killerOf(base: Laws, target: Target, change: (x: number) => number): string | undefined {
  let changes = 0;
  const mutant = wrapped(base, [target.law], (_, path) => {
    if (path !== target.path) return undefined;
    return (x, regimesOf) => {
      if (!regimesOf().includes(target.regime)) return x;
      const changed = change(x);
      if (changed !== x) changes++;
      return changed;
    };
  });
  const killer = target.theorems.find((theorem) => !verify(mutant, [theorem]).ok);
  return killer?.id ?? (changes > 0 ? undefined : 'unchanged');
}

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
    const noting = wrapped(base, names, (law, path, x, at) => {
      for (const regime of at) {
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

/** Laws of which some pass their numbers through f, with the regimes of the call. */
function wrapped(
  base: Laws,
  which: readonly Name[],
  f: (law: Name, path: string, x: number, regimes: readonly string[]) => number,
): Laws {
  const entries = which.map((name) => {
    const law: Law = (...args) =>
      mapLeaves(lawOf(base, name)(...args), (path, x, inner) => f(name, path, x, regimes[name].of(args, inner)));
    return [name, law];
  });
  return { ...base, ...(Object.fromEntries(entries) as Partial<Laws>) };
}

/** The name of the theorem that fails when the target's number is replaced by change(number), 'unchanged' if no number is, or nothing. */
export function killerOf(base: Laws, target: Target, change: (x: number) => number): string | undefined {
  const changes: number[] = [];
  const mutant = wrapped(base, [target.law], (_, path, x, at) => {
    if (path !== target.path || !at.includes(target.regime)) return x;
    const changed = change(x);
    if (changed !== x && changes.length === 0) changes.push(changed);
    return changed;
  });
  const killer = target.theorems.find((theorem) => !verify(mutant, [theorem]).ok);
  return killer?.id ?? (changes.length > 0 ? undefined : 'unchanged');
}

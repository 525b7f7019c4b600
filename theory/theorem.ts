import type { Laws } from './laws.js';

/** How strong the check is: the first two prove, the last two check. */
export type Method = 'symbolic proof' | 'rational proof' | 'certified numerics' | 'property-based';

export type Verdict = 'proved' | 'checked' | 'refuted';

/** What a check found: does the statement hold, and what was seen. */
export interface Finding {
  readonly holds: boolean;
  readonly evidence: string;
}

/**
 * A theorem as a value. `check` derives the statement on its own and confronts the library's functions, which it is given,
 * with what it derived: it fails if the mathematics or the library is wrong. `expected` is 'refuted' for counterexamples, which
 * show that the checker can say no.
 */
export interface Theorem {
  readonly id: string;
  readonly statement: string;
  /** The statement in LaTeX, in the notation of theory/README.md: what KaTeX and amsmath can set. */
  readonly formula: string;
  readonly assumptions: string;
  readonly reference: string;
  readonly method: Method;
  readonly expected: Verdict;
  /** `seed` is that of random cases, where there are any. */
  check(laws: Laws, seed: number): Finding;
}

/** The verdict that a finding means under a method. */
export function verdictOf(method: Method, { holds }: Finding): Verdict {
  if (!holds) return 'refuted';
  return method === 'symbolic proof' || method === 'rational proof' ? 'proved' : 'checked';
}

import { laws as libraryLaws, type Laws } from './laws.js';
import { verdictOf, type Method, type Theorem, type Verdict } from './theorem.js';
import { theorems as allTheorems } from './theorems.js';

/** A claim with what became of it: `ok` where the verdict is the expected one. */
export interface VerifiedTheorem {
  readonly id: string;
  readonly statement: string;
  /** The statement in LaTeX. */
  readonly formula: string;
  readonly assumptions: string;
  readonly reference: string;
  readonly method: Method;
  readonly verdict: Verdict;
  readonly expected: Verdict;
  readonly ok: boolean;
  readonly evidence: string;
  readonly milliseconds: number;
}

/** Every claim with its verdict; `ok` where all are as expected. */
export interface VerifyDocument {
  readonly theorems: readonly VerifiedTheorem[];
  readonly ok: boolean;
}

/**
 * Checks every theorem against the library's functions, or against others given in their place. `seed`: of the random cases. A check that throws has not
 * been passed: its verdict is 'refuted' and its evidence the error.
 */
export function verify(laws: Laws = libraryLaws, theorems: readonly Theorem[] = allTheorems, seed = 1): VerifyDocument {
  const verified = theorems.map((theorem): VerifiedTheorem => {
    const { id, statement, formula, assumptions, reference, method, expected } = theorem;
    const start = performance.now();
    const finding = attempt(theorem, laws, seed);
    const milliseconds = performance.now() - start;
    const verdict = verdictOf(method, finding);
    const ok = !finding.failed && verdict === expected;
    return {
      id,
      statement,
      formula,
      assumptions,
      reference,
      method,
      verdict,
      expected,
      ok,
      evidence: finding.evidence,
      milliseconds,
    };
  });
  return { theorems: verified, ok: verified.every((theorem) => theorem.ok) };
}

function attempt(theorem: Theorem, laws: Laws, seed: number): { holds: boolean; evidence: string; failed: boolean } {
  try {
    return { ...theorem.check(laws, seed), failed: false };
  } catch (error) {
    return { holds: false, evidence: `the check failed: ${(error as Error).message}`, failed: true };
  }
}

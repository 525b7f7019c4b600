import { wrongLaws } from './broken/index.js';
import { families } from './families.js';
import type { Theorem } from './theorem.js';

/** What a theorem says, without its check: plain data, for a page or a paper. */
export interface StatedClaim extends Omit<Theorem, 'check'> {
  /** Title of its family. */
  readonly family: string;
  /** What is wrong, in words, in the laws that it must notice. */
  readonly wrong: readonly string[];
}

/** Every claim, in the order of the argument. */
export const claims: readonly StatedClaim[] = families.flatMap(({ title, theorems }) =>
  theorems.map(({ id, statement, formula, assumptions, reference, method, expected }) => ({
    id,
    family: title,
    statement,
    formula,
    assumptions,
    reference,
    method,
    expected,
    wrong: wrongLaws.flatMap(([what, { caughtBy }]) => (caughtBy === id ? [what] : [])),
  })),
);

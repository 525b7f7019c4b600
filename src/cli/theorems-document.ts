import type { Method, Verdict, VerifiedTheorem } from '../../theory/index.js';
import type { Notation } from '../../theory/notation.js';

/** A claim as it is printed, with what its check found where it was run. */
export interface PrintedClaim {
  readonly id: string;
  /** What it belongs to, in the order of the argument. */
  readonly family: string;
  readonly statement: string;
  /** The statement in LaTeX. */
  readonly formula: string;
  readonly assumptions: string;
  readonly method: Method;
  readonly reference: string;
  readonly expected: Verdict;
  /** What is wrong in the laws that it must notice. */
  readonly wrong: readonly string[];
  readonly found?: Pick<VerifiedTheorem, 'verdict' | 'ok' | 'evidence'>;
}

export interface TheoremsDocument {
  /** What the formulas are written in. */
  readonly notation: readonly Notation[];
  readonly theorems: readonly PrintedClaim[];
}

/** Claims in a row that belong together. */
export function byFamily({ theorems }: TheoremsDocument): (readonly [family: string, claims: PrintedClaim[]])[] {
  return [...new Set(theorems.map(({ family }) => family))].map((family) => [
    family,
    theorems.filter((claim) => claim.family === family),
  ]);
}

const shownBy: Readonly<Record<Verdict, string>> = {
  proved: 'Proved by',
  checked: 'Checked by',
  refuted: 'False, refuted by',
};

/** What is said of a claim below its formula: a word for each, and the text. */
export function remarksOn(claim: PrintedClaim): readonly (readonly [word: string, text: string])[] {
  const { assumptions, method, reference, expected, found } = claim;
  return [
    ['Assumes', assumptions],
    [shownBy[expected], `${method} (${reference})`],
    ...(found === undefined
      ? []
      : [[found.ok ? 'Evidence' : `NOT AS EXPECTED (${found.verdict})`, found.evidence] as const]),
  ];
}

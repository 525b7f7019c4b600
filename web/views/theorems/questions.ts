import type { VerifiedTheorem } from '../../../theory/verify.js';

/** What a worker is asked: to check a claim against the library's laws, or against every wrong law that it must notice. */
export interface Question {
  readonly id: string;
  readonly isBroken: boolean;
}

/** A claim checked; `wrong` says what is wrong with the laws it was checked against, where something is. */
export interface Answer {
  readonly verified: VerifiedTheorem;
  readonly wrong?: string;
}

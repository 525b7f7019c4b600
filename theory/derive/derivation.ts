import type { DerivationFormat } from './print.js';

/** What can be derived. */
export const derivedQuantities = ['gradient', 'hessian', 'spectrum', 'flow', 'covariance'] as const;
export type DerivedQuantity = (typeof derivedQuantities)[number];

/** Where: on the symmetric line W = αB, or at any weights. */
export const derivationPlaces = ['line', 'any'] as const;
export type DerivationPlace = (typeof derivationPlaces)[number];

/** What `derive` is asked for. */
export interface DerivationRequest {
  /** 2 to 8, or 'k': any number of classes, on the line. */
  readonly classes: number | 'k';
  readonly of: DerivedQuantity;
  /** 'line' if left out. */
  readonly at?: DerivationPlace;
}

/** A name that the expressions use. */
export interface DerivedSymbol {
  readonly name: string;
  readonly latex: string;
  readonly meaning: string;
  /** Whether a part is to be given its value; the others are only defined by an expression. */
  readonly given: boolean;
}

/** name = value, a number or a matrix (rows of numbers): in LaTeX, an assignment for mathjs, and one for Python. */
export interface DerivedExpression {
  readonly name: string;
  readonly meaning: string;
  readonly latex: string;
  readonly mathjs: string;
  readonly python: string;
}

/** Expressions in their order, each of what is given and of those before it: a function of the Python module. */
export interface DerivationPart {
  readonly name: string;
  readonly meaning: string;
  /** The arguments of the Python function: the names given, or `w`, the matrix of all logits. */
  readonly arguments: readonly string[];
  readonly expressions: readonly DerivedExpression[];
}

/** One step of the derivation, checked in exact fractions: the identity is zero whatever the values of its variables. */
export interface DerivationStep {
  readonly statement: string;
  /** An expression of mathjs, in x = e^α (or e^{w_c} of one class), r the sum over other classes, and k. */
  readonly identity: string;
  readonly variables: readonly string[];
}

/** What was derived, how, and in every form. */
export interface Derivation {
  readonly of: DerivedQuantity;
  readonly at: DerivationPlace;
  readonly classes: number | 'k';
  readonly summary: string;
  readonly assumptions: readonly string[];
  readonly references: readonly string[];
  readonly symbols: readonly DerivedSymbol[];
  readonly steps: readonly DerivationStep[];
  readonly parts: readonly DerivationPart[];
  /** The whole as text: an align* environment for each part, lines for mathjs.evaluate, a Python module. */
  readonly documents: Readonly<Record<DerivationFormat, string>>;
}

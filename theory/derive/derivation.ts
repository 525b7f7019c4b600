import type { DerivationFormat } from './print.js';

/** What can be derived. */
export const derivedQuantities = ['gradient', 'hessian', 'spectrum', 'flow', 'covariance'] as const;
/** One of them. */
export type DerivedQuantity = (typeof derivedQuantities)[number];

/** Where: on the symmetric line W = αB, or at any weights. */
export const derivationPlaces = ['line', 'any'] as const;
/** One of them. */
export type DerivationPlace = (typeof derivationPlaces)[number];

/** What `derive` is asked for. */
export interface DerivationRequest {
  /** 2 to 8, or 'k': any number of classes, on the line. */
  readonly classes: number | 'k';
  /** Which quantity. */
  readonly of: DerivedQuantity;
  /** 'line' if left out. */
  readonly at?: DerivationPlace;
}

/** A name that the expressions use. */
export interface DerivedSymbol {
  /** In mathjs and in Python. */
  readonly name: string;
  /** In LaTeX. */
  readonly latex: string;
  /** What it stands for. */
  readonly meaning: string;
  /** Whether a part is to be given its value; the others are only defined by an expression. */
  readonly given: boolean;
}

/** name = value, a number or a matrix (rows of numbers): in LaTeX, an assignment for mathjs, and one for Python. */
export interface DerivedExpression {
  /** What is defined, in mathjs and in Python. */
  readonly name: string;
  /** What it stands for. */
  readonly meaning: string;
  /** An equation. */
  readonly latex: string;
  /** An assignment. */
  readonly mathjs: string;
  /** A statement. */
  readonly python: string;
}

/** Expressions in their order, each of what is given and of those before it: a function of the Python module. */
export interface DerivationPart {
  /** Of the Python function. */
  readonly name: string;
  /** What it gives. */
  readonly meaning: string;
  /** The arguments of the Python function: the names given, or `w`, the matrix of all logits. */
  readonly arguments: readonly string[];
  /** In the order in which they are to be evaluated. */
  readonly expressions: readonly DerivedExpression[];
}

/** One step of the derivation, checked in exact fractions: the identity is zero whatever the values of its variables. */
export interface DerivationStep {
  /** What is derived, in words. */
  readonly statement: string;
  /** An expression of mathjs, in x = e^α (or e^{w_c} of one class), r the sum over other classes, and k. */
  readonly identity: string;
  /** The names in it that are free. */
  readonly variables: readonly string[];
}

/** What was derived, how, and in every form. */
export interface Derivation {
  /** The quantity. */
  readonly of: DerivedQuantity;
  /** The place. */
  readonly at: DerivationPlace;
  /** How many classes, or that k is a symbol. */
  readonly classes: number | 'k';
  /** The result in words. */
  readonly summary: string;
  /** What it holds under. */
  readonly assumptions: readonly string[];
  /** Where it is from. */
  readonly references: readonly string[];
  /** Every name, once. */
  readonly symbols: readonly DerivedSymbol[];
  /** How it follows from the definition of the loss. */
  readonly steps: readonly DerivationStep[];
  /** The expressions. */
  readonly parts: readonly DerivationPart[];
  /** The whole as text: an align* environment for each part, lines for mathjs.evaluate, a Python module. */
  readonly documents: Readonly<Record<DerivationFormat, string>>;
}

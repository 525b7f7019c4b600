import type { DerivationStep } from './derivation.js';

/** A name with its meaning; `latex` where it is not the name with its subscript. */
export interface Named {
  readonly name: string;
  readonly meaning: string;
  readonly latex?: string;
}

/** name = value in mathjs' syntax, with k for the number of classes; a matrix by its rows. */
export interface Definition extends Named {
  readonly value: string | readonly (readonly string[])[];
}

/** Expressions in their order, of what is given. */
export interface Part extends Named {
  readonly given: readonly Named[];
  readonly definitions: readonly Definition[];
}

/** A step with a bound on the degree of its numerator in each variable, which its proof needs. */
export interface CheckedStep extends DerivationStep {
  readonly degree: number;
}

/** A quantity at one place, before it is printed. */
export interface Content {
  readonly summary: string;
  readonly assumptions?: readonly string[];
  readonly references?: readonly string[];
  readonly steps: readonly CheckedStep[];
  readonly parts: readonly Part[];
}

/** 1 … k. */
export const oneTo = (k: number): number[] => Array.from({ length: k }, (_, i) => i + 1);

/** A k×k matrix by its entries, numbered from 1. */
export const classMatrix = (k: number, entry: (row: number, column: number) => string): string[][] =>
  oneTo(k).map((row) => oneTo(k).map((column) => entry(row, column)));

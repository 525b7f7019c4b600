import type { z } from 'zod';
import type { Pausing } from '../../numeric/kernels/pausing.js';
import type { TrainRun } from '../train-run.js';
import type { Measured } from './measured.js';

export type Need = keyof Measured;

/** JSON that is not to be changed. */
export type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** A number of a record, or an interval in which one lies: a column of the table and of the CSV, a curve of a figure. Null where there is none. */
export type Column<Reads> = {
  /** What people see, for instance `λ₁`. */
  readonly heading: string | ((run: TrainRun) => string);
  /** What it is, where it is a part of the observable. */
  readonly meaning?: string;
  /** Significant digits in the table; 6 if left out. */
  readonly digits?: number | 'all';
  /** In the table that is shown if no columns are chosen. */
  readonly isShown?: boolean;
} & (
  | {
      /** The number of a record. */
      readonly of: (record: Reads, run: TrainRun) => number | null;
    }
  | {
      /** The interval of a record. */
      readonly within: (record: Reads, run: TrainRun) => Interval | null;
    }
);

/**
 * A field of the records of a training run, with all that is to be known of it.
 *
 * - `id`: the name of the field.
 * - `meaning`: what it is, in one phrase, and after a semicolon what else is to be known. m is that of f_top(m), θ are the weights, g is the gradient, λ an
 *   eigenvalue of the Hessian, η the learning rate.
 * - `unit`: a product of powers of loss and θ, `1` for a pure number, the thing that is counted, or `–`.
 * - `needs`: what the measurement must have; `compute` is given that and nothing else, and is pure.
 * - `schema`: of the value, as JSON; a record that it refuses is neither written nor read.
 * - `columns`: numbers of it, each by an id of its own.
 */
export interface Observable<
  Id extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Needs extends Need = Need,
  Reads = never,
> {
  readonly id: Id;
  readonly meaning: string;
  readonly unit: string;
  readonly needs: readonly Needs[];
  readonly schema: Schema;
  /** The value, from what is needed and nothing else. */
  readonly compute: (measured: Pick<Measured, Needs>) => Frozen<z.output<Schema>>;
  /** The same with pauses, which a run takes instead, where it may take long. */
  readonly program?: (measured: Pick<Measured, Needs>) => Pausing<Frozen<z.output<Schema>>>;
  readonly columns?: Readonly<Record<string, Column<Reads>>>;
}

/** The observable itself, its types inferred: columns read its own field, or the fields that their parameter is declared with. */
export function observable<
  const Id extends string,
  Schema extends z.ZodType,
  Needs extends Need,
  Reads = Readonly<Record<Id, Frozen<z.output<Schema>>>>,
>(definition: Observable<Id, Schema, Needs, Reads>): Observable<Id, Schema, Needs, Reads> {
  return definition;
}

/** An entry of a table; null where there is none. */
export type Cell = number | string | boolean | null;

/** What a column holds. */
export interface ResultColumn {
  readonly name: string;
  /** An integer is a whole number within ±2⁵³. */
  readonly type: 'number' | 'integer' | 'string' | 'boolean';
  /** In words. */
  readonly meaning: string;
}

/** A tidy table: one row for each observation, in an order of its own that depends on nothing but what was asked for. */
export interface Table {
  readonly columns: readonly (ResultColumn & { readonly values: readonly Cell[] })[];
  readonly rows: number;
}

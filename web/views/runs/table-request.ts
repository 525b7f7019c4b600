import type { FileHandle } from './run-file.js';

/** What is to be drawn of a table; columns that are left out are chosen by what the table has. */
export interface TableRequest {
  readonly file: FileHandle;
  readonly x?: string;
  readonly y?: string;
  readonly color?: string;
  /** Conditions as `plot --where` takes them. */
  readonly where: readonly string[];
}

/** Mean over seeds at one value of x, and the ends of its bar. */
export interface TablePoint {
  /** Colour and x, as JSON. */
  readonly place: string;
  readonly x: number | string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
}

/** The points of one colour, or of a further column, which is dashed. */
export interface TableCurve {
  readonly label: string;
  readonly isDashed: boolean;
  readonly points: readonly TablePoint[];
}

/** A table, and a picture of it. */
export interface TableReply {
  readonly rows: number;
  /** What of the file was not read. */
  readonly notes: readonly string[];
  /** Names for x and colour, and those of numbers, intervals by one name. */
  readonly columns: readonly string[];
  readonly quantities: readonly string[];
  readonly chosen: { readonly x: string; readonly y: string; readonly color?: string };
  readonly isOfNumbers: boolean;
  readonly curves: readonly TableCurve[];
  /** Why nothing is drawn. */
  readonly problem?: string;
}

import type { Entry } from '../src/registry.js';
import type { Figure } from './figure.js';
import type { FigureValues, TakenParameters } from './parameters.js';

/** What the function of a figure takes: its parameters, with these defaults, and what every figure takes. */
export type FigureOptions<Defaults> = Readonly<Partial<Defaults>> & {
  readonly seed?: number;
  /** Called with the share that is done, by figures that take longer. */
  readonly onProgress?: (share: number) => void;
};

/** A figure that can be asked for by its name, with the parameters it takes. */
export interface FigureProgram extends TakenParameters, Entry {
  /** Whether it depends on the seed. */
  readonly isRandom: boolean;
  /** What is left out is as by default. */
  readonly draw: (options?: FigureOptions<FigureValues>) => Figure | Promise<Figure>;
}

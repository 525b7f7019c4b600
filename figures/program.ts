import type { Entry } from '../src/registry.js';
import type { MeasureDocument } from '../src/train/measure-document.js';
import type { Figure } from './figure.js';
import type { FigureValues, TakenParameters } from './parameters.js';

interface DrawingOptions extends FigureValues {
  readonly seed: number;
  readonly measurement?: MeasureDocument;
  readonly onProgress: (share: number) => void;
}

/** A figure that can be asked for by its name, with the parameters it takes. */
export interface FigureProgram extends TakenParameters, Entry {
  /** Whether it depends on the seed. */
  readonly isRandom: boolean;
  /** What is left out is as by default. */
  readonly draw: (options?: Partial<DrawingOptions>) => Figure | Promise<Figure>;
}

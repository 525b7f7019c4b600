import { DataError } from '../errors.js';
import type { NumberArray } from '../files/number-array.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { OpenedData } from './data-set.js';
import type { Dataset, FilesOrigin, Targets } from './dataset.js';
import type { Rows } from './rows.js';

/** Classes are 0 … 65,535. */
const mostClasses = 65536;

/** The inputs x, with a first axis of samples, and what is to be predicted, if anything. */
export interface Arrays {
  readonly name: string;
  readonly x: NumberArray;
  readonly y: NumberArray | undefined;
  readonly origin: FilesOrigin;
}

/**
 * Arrays as a data set. Inputs: floats and booleans [n, …] are numbers, of shape […]; unsigned bytes are pixels, [n, height, width],
 * [n, channels, height, width] or [n, features]; other integers [n, T] are token ids 0 … V − 1, V one more than the largest. Targets: integers and
 * booleans [n] are classes 0 … k − 1, k one more than the largest, [n, T] a label for each token; floats [n] or [n, w] are values.
 *
 * Throws DataError, naming the array, where they are anything else or do not fit together.
 */
export function arrayDataset({ name, x, y, origin }: Arrays): Dataset<FloatArray | Rows> {
  const samples = x.shape[0] ?? 0;
  if (x.shape.length < 2) {
    throw new DataError(
      `${x.name} has the shape [${x.shape.join(', ')}]; inputs need a first axis of samples and at least one more: reshape it, to [${samples}, 1] for one number a sample`,
    );
  }
  const isTokens = x.kind === 'integer' && !x.isByte;
  if (isTokens && x.shape.length !== 2) {
    throw new DataError(
      `${x.name} holds integers of the shape [${x.shape.join(', ')}]; integers are token ids of shape [n, T]: save numbers as floats, pixels as uint8`,
    );
  }
  if (isTokens) refuseNegative(x, 'token ids');
  const width = x.shape.slice(1).reduce((product, extent) => product * extent, 1);
  const rows: Rows = { length: samples * width, width, precision: x.precision, rows: x.rows };
  return {
    name,
    samples,
    inputShape: isPixels(x) && x.shape.length === 3 ? [1, ...x.shape.slice(1)] : x.shape.slice(1),
    inputs: x.isHeld ? x.rows(0, samples) : rows,
    ...(isTokens ? { vocabulary: x.most + 1 } : {}),
    targets: y === undefined ? { kind: 'none' } : targetsOf(y, samples, x.name),
    record: { origin, transformations: [] },
  };
}

/** The data sets of a training and, where there is one, a test split. */
export function openedArrays(train: Arrays, test: (() => Arrays) | null): OpenedData {
  return {
    train: arrayDataset(train),
    test: test && (() => arrayDataset(test())),
    isPixels: isPixels(train.x),
  };
}

/** The last part of a path: what records call data from a file. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}

const isPixels = ({ isByte }: NumberArray): boolean => isByte;

/** What an array says of targets. Throws DataError where it is none of `samples` of them. */
export function targetsOf(y: NumberArray, samples: number, inputs: string): Targets {
  const [count, ...shape] = y.shape;
  if (count !== samples) {
    throw new DataError(
      `${y.name} has the shape [${y.shape.join(', ')}], but ${inputs} holds ${samples} samples; give each sample its target`,
    );
  }
  const values = y.rows(0, samples);
  const width = shape.reduce((product, extent) => product * extent, 1);
  if (y.kind === 'float') {
    if (shape.length <= 1) return { kind: 'values', width, values: Float64Array.from(values) };
    throw new DataError(
      `${y.name} has the shape [${y.shape.join(', ')}]; numbers to predict are of shape [n] or [n, w]`,
    );
  }
  refuseNegative(y, 'classes');
  const classes = Math.max(2, y.most + 1);
  if (classes > mostClasses && width === 1) {
    throw new DataError(
      `${y.name} holds the class ${y.most}, legal are 0 to ${mostClasses - 1}; save numbers to be predicted as floats`,
    );
  }
  if (width === 1) return { kind: 'classes', classes, labels: Uint16Array.from(values) };
  return { kind: 'labels', classes, shape, labels: Uint32Array.from(values) };
}

function refuseNegative({ name, least, most }: NumberArray, what: string): void {
  if (least < 0) throw new DataError(`${name} holds the integer ${least}; ${what} are 0, 1, …`);
  if (most >= 2 ** 32) throw new DataError(`${name} holds the integer ${most}; ${what} are below 2^32`);
}

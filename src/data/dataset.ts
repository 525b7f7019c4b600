import { DataError, UsageError } from '../errors.js';
import { zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';
import { inputPrecision, isRows, mappedRows, type Rows } from './rows.js';

/**
 * What a network is to predict: one of `classes` labels 0 … classes − 1, `width` numbers a sample (row-major), a label for each of the tokens of
 * a sample, or nothing but what the inputs say.
 */
export type Targets = ClassTargets | ValueTargets | TokenTargets | NoTargets;

export interface ClassTargets {
  readonly kind: 'classes';
  readonly classes: number;
  readonly labels: Uint16Array;
  /** What the classes are called, where the files say so. */
  readonly names?: readonly string[];
}

export interface ValueTargets {
  readonly kind: 'values';
  readonly width: number;
  readonly values: Float64Array;
}

/** Labels 0 … classes − 1 of `shape` a sample: of each token. */
export interface TokenTargets {
  readonly kind: 'labels';
  readonly classes: number;
  readonly shape: readonly number[];
  /** Sample after sample, row-major. */
  readonly labels: Uint32Array;
}

/** For losses that are of the outputs alone, or of the inputs too, like that of the next token. */
export interface NoTargets {
  readonly kind: 'none';
}

/** Where the samples came from: enough to get the same bytes again. */
export type Origin = FilesOrigin | SampledOrigin;

export interface FilesOrigin {
  readonly kind: 'files';
  readonly source: string;
  readonly split: 'train' | 'test';
  readonly checksums: readonly string[];
}

/** `kind`: the name of the data set; beside it whatever it was sampled with. */
export interface SampledOrigin {
  readonly kind: string;
  readonly source: string;
  readonly samples: number;
  readonly seed: number;
  readonly split?: never;
  readonly checksums?: never;
  readonly [parameter: string]: string | number | undefined;
}

/** A scaling of pixels with its numbers: one mean and deviation a channel, in units of 255. */
export type PixelScale =
  | { readonly kind: 'unit' }
  | { readonly kind: 'standardised'; readonly mean: readonly number[]; readonly deviation: readonly number[] };

/** One thing that was done to a data set, with the numbers it was done with. */
export type Transformation =
  | { readonly kind: 'first'; readonly samples: number }
  | { readonly kind: 'random-subset'; readonly samples: number; readonly seed: number }
  /** Label i was label keep[i] before. */
  | { readonly kind: 'classes'; readonly keep: readonly number[] }
  | { readonly kind: 'random-labels'; readonly seed: number }
  | { readonly kind: 'pixel-scale'; readonly scale: PixelScale; readonly precision: Precision }
  | { readonly kind: 'active-features'; readonly kept: number; readonly dropped: readonly number[] }
  | { readonly kind: 'precision'; readonly precision: Precision };

/** The history of a data set. It is plain JSON: two data sets with the same record hold the same bytes. */
export interface DatasetRecord {
  readonly origin: Origin;
  /** In the order they were done. */
  readonly transformations: readonly Transformation[];
}

/**
 * What a network is trained on: x_i in row i of `inputs`, samples × features row-major, each row of shape `inputShape` (images:
 * channels, height, width), and what is to be predicted.
 *
 * `Dataset<Uint8Array>` holds pixels as they are in the files; `scalePixels` makes numbers of them. Softmax regression has its own,
 * sparse form, LabelledData; `toLabelledData` leads there.
 */
export interface Dataset<Inputs extends FloatArray | Uint8Array | Rows = FloatArray> {
  readonly name: string;
  readonly samples: number;
  readonly inputShape: readonly number[];
  readonly inputs: Inputs;
  /** V, where the inputs are token ids 0 … V − 1. */
  readonly vocabulary?: number;
  readonly targets: Targets;
  readonly record: DatasetRecord;
}

/** Numbers a sample: Π inputShape. */
export function featureCount({ inputShape }: Pick<Dataset, 'inputShape'>): number {
  return inputShape.reduce((product, extent) => product * extent, 1);
}

/** What a network gives for each sample or token: a score for each class, or numbers; without targets a score for each token there is, or one number. */
export function outputCount({ targets, vocabulary = 1 }: Pick<Dataset, 'targets' | 'vocabulary'>): number {
  if (targets.kind === 'none') return vocabulary;
  return targets.kind === 'values' ? targets.width : targets.classes;
}

/** The shape of one sample's targets: a unit vector for a class, numbers, a label for each token, or nothing. */
export function targetShapeOf(data: Pick<Dataset, 'targets'>): readonly number[] {
  const { targets } = data;
  return targets.kind === 'labels' ? targets.shape : targets.kind === 'none' ? [] : [outputCount(data)];
}

const instead = { values: 'numbers as targets', labels: 'a label for each token', none: 'no targets' };

/** The targets as labels, one a sample. Throws UsageError if they are something else. */
export function classTargets({ name, targets }: Pick<Dataset, 'name' | 'targets'>): ClassTargets {
  if (targets.kind === 'classes') return targets;
  throw new UsageError(`${name} has ${instead[targets.kind]} where labels are needed; choose a data set with classes`);
}

/** The same data set with one more entry in its record. */
export function transformed<D extends Pick<Dataset, 'record'>>(data: D, transformation: Transformation): D {
  const { origin, transformations } = data.record;
  return { ...data, record: { origin, transformations: [...transformations, transformation] } };
}

/** The inputs in another precision, rounded to nearest; the data set itself if they have it. Throws DataError for numbers that the precision does not hold. Cost: O(samples · features). */
export function datasetInPrecision<Inputs extends FloatArray | Rows>(
  data: Dataset<Inputs>,
  precision: Precision,
): Dataset<Inputs | FloatArray> {
  const given: FloatArray | Rows = data.inputs;
  if (inputPrecision(given) === precision) return data;
  if (precision === 'f32' && (data.vocabulary ?? 0) > largestToken) {
    throw new DataError(
      `${data.name} has token ids up to ${data.vocabulary! - 1}, beyond what f32 tells apart; choose f64`,
    );
  }
  const rounded = (from: FloatArray, into: FloatArray): FloatArray => {
    into.set(from);
    const lost = into.findIndex((x) => !Number.isFinite(x));
    if (lost >= 0)
      throw new DataError(
        `${data.name} holds ${from[lost]!}, which is infinite in ${precision}; choose f64, or scale it`,
      );
    return into;
  };
  const inputs = isRows(given)
    ? (mappedRows(given, { width: given.width, precision }, rounded) as Inputs)
    : rounded(given, zeros(precision, given.length));
  return transformed({ ...data, inputs }, { kind: 'precision', precision });
}

/** Integers up to here are their own in single precision. */
const largestToken = 2 ** 24;

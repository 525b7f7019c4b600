import { UsageError } from '../errors.js';
import { precisionOf, zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';

/** What a network is to predict: one of `classes` labels 0 … classes − 1, or `width` numbers a sample (row-major). */
export type Targets = ClassTargets | ValueTargets;

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
export interface Dataset<Inputs extends FloatArray | Uint8Array = FloatArray> {
  readonly name: string;
  readonly samples: number;
  readonly inputShape: readonly number[];
  readonly inputs: Inputs;
  readonly targets: Targets;
  readonly record: DatasetRecord;
}

/** Numbers a sample: Π inputShape. */
export function featureCount({ inputShape }: Pick<Dataset, 'inputShape'>): number {
  return inputShape.reduce((product, extent) => product * extent, 1);
}

/** The targets as labels. Throws UsageError if they are values. */
export function classTargets({ name, targets }: Pick<Dataset, 'name' | 'targets'>): ClassTargets {
  if (targets.kind === 'classes') return targets;
  throw new UsageError(`${name} has numbers as targets where labels are needed; choose a data set with classes`);
}

/** The same data set with one more entry in its record. */
export function transformed<D extends Pick<Dataset, 'record'>>(data: D, transformation: Transformation): D {
  const { origin, transformations } = data.record;
  return { ...data, record: { origin, transformations: [...transformations, transformation] } };
}

/** The inputs in another precision, rounded to nearest; the data set itself if they have it. Cost: O(samples · features). */
export function datasetInPrecision(data: Dataset, precision: Precision): Dataset {
  if (precisionOf(data.inputs) === precision) return data;
  const inputs = zeros(precision, data.inputs.length);
  inputs.set(data.inputs);
  return transformed({ ...data, inputs }, { kind: 'precision', precision });
}

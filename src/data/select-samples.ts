import { DataError, UsageError } from '../errors.js';
import { precisionOf, zeros, type FloatArray } from '../numeric/kernels/float-array.js';
import { randomStream } from '../numeric/random.js';
import { classTargets, featureCount, transformed, type Dataset, type Targets, type TokenTargets } from './dataset.js';

/** The first `count` samples. Throws UsageError if there are fewer. Cost: O(count · features). */
export function firstSamples<I extends FloatArray | Uint8Array>(data: Dataset<I>, count: number): Dataset<I> {
  checkCount(data, count);
  if (count === data.samples) return data;
  return transformed(
    takeRows(
      data,
      Uint32Array.from({ length: count }, (_, i) => i),
    ),
    { kind: 'first', samples: count },
  );
}

/**
 * `count` samples drawn without replacement, keyed by the seed: the first `count` of a Fisher–Yates shuffle from the front, so that
 * a smaller draw of the same seed is the beginning of a larger one. Throws UsageError if there are fewer.
 * Cost: O(samples + count · features).
 */
export function randomSubset<I extends FloatArray | Uint8Array>(
  data: Dataset<I>,
  count: number,
  seed: number,
): Dataset<I> {
  checkCount(data, count);
  const stream = randomStream(seed, 'random-subset');
  const rows = Uint32Array.from({ length: data.samples }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + stream.integer(data.samples - i);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return transformed(takeRows(data, rows.subarray(0, count)), { kind: 'random-subset', samples: count, seed });
}

/**
 * The samples of some classes, relabelled 0 … k − 1 in the order of `keep`: real data with a k of choice.
 *
 * Throws UsageError unless `keep` names at least two classes, each once; DataError if one of them has no samples.
 * Cost: O(samples · features).
 */
export function keepClasses<I extends FloatArray | Uint8Array>(data: Dataset<I>, keep: readonly number[]): Dataset<I> {
  const { classes, labels, names } = classTargets(data);
  const legal = keep.every((c) => Number.isInteger(c) && c >= 0 && c < classes);
  if (!legal || keep.length < 2 || new Set(keep).size !== keep.length) {
    throw new UsageError(
      `classes to keep must be two or more different integers from 0 to ${classes - 1}; received ${keep.join(',') || 'none'}`,
    );
  }
  const missing = keep.find((c) => !labels.includes(c));
  if (missing !== undefined) {
    throw new DataError(`${data.name} holds no sample of class ${missing}; keep other classes, or use more samples`);
  }
  const rows = Uint32Array.from(labels.keys()).filter((i) => keep.includes(labels[i]!));
  const targets: Targets = {
    kind: 'classes',
    classes: keep.length,
    labels: Uint16Array.from(rows, (i) => keep.indexOf(labels[i]!)),
    ...(names === undefined ? {} : { names: keep.map((c) => names[c]!) }),
  };
  return transformed({ ...takeRows(data, rows), targets }, { kind: 'classes', keep: [...keep] });
}

function checkCount({ name, samples }: Pick<Dataset, 'name' | 'samples'>, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= samples) return;
  throw new UsageError(
    `samples must be an integer from 1 to ${samples}, the samples of ${name} there are; received ${count}`,
  );
}

function takeRows<I extends FloatArray | Uint8Array>(data: Dataset<I>, rows: Uint32Array): Dataset<I> {
  const { targets } = data;
  const inputs = gather(data.inputs, rows, featureCount(data));
  return { ...data, samples: rows.length, inputs, targets: takeTargets(targets, rows) };
}

function takeTargets(targets: Targets, rows: Uint32Array): Targets {
  switch (targets.kind) {
    case 'classes':
      return { ...targets, labels: gather(targets.labels, rows, 1) };
    case 'values':
      return { ...targets, values: gather(targets.values, rows, targets.width) };
    case 'labels':
      return { ...targets, labels: gather(targets.labels, rows, tokensOf(targets)) };
    case 'none':
      return targets;
  }
}

const tokensOf = ({ shape }: TokenTargets): number => shape.reduce((product, extent) => product * extent, 1);

type RowMajor = FloatArray | Uint8Array | Uint16Array | Uint32Array;

/** Some rows of a row-major matrix, copied. */
function gather<A extends RowMajor>(matrix: A, rows: Uint32Array, width: number): A {
  const result = emptyLike(matrix, rows.length * width) as A;
  rows.forEach((row, i) => {
    result.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  });
  return result;
}

/** Never `matrix.slice`: of a Node Buffer, which is a Uint8Array too, that is a view. */
function emptyLike(matrix: RowMajor, length: number): RowMajor {
  if (matrix instanceof Uint8Array) return new Uint8Array(length);
  if (matrix instanceof Uint16Array) return new Uint16Array(length);
  if (matrix instanceof Uint32Array) return new Uint32Array(length);
  return zeros(precisionOf(matrix), length);
}

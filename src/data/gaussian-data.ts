import { DataError, UsageError } from '../errors.js';
import { npyFileHeader, readNpyFile } from '../files/npy-file.js';
import { randomStream } from '../numeric/random.js';
import { lowerFactor } from './covariance-factor.js';
import type { SampledDataSet } from './data-set.js';
import type { Dataset } from './dataset.js';
import { refuseTooMany } from './too-many.js';

/** A mixture of Gaussians with means and covariances from files. */
export interface GaussianSource {
  readonly kind: 'gaussian';
  readonly means: string;
  /** A file, or the variance of every coordinate. */
  readonly covariances: string | number;
  readonly samples: number;
}

export const gaussian: SampledDataSet<GaussianSource> = {
  name: 'gaussian',
  pattern: 'gaussian:MEANS.npy,COVARIANCES.npy,N',
  where: 'means [k, d]; covariances [k, d, d], one [d, d] for all, or a number, the variance; samples',
  help: 'k equally likely Gaussian classes of any means and covariances',
  isSampled: true,
  parse(argument = '') {
    const match = /^([^,]+),([^,]+),(\d+)$/.exec(argument);
    if (!match) return undefined;
    const [means, covariances, samples] = match.slice(1) as [string, string, string];
    const isNumber = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(covariances);
    return {
      kind: 'gaussian',
      means,
      covariances: isNumber ? Number(covariances) : covariances,
      samples: Number(samples),
    };
  },
  extent({ means, samples }) {
    const [k, d] = checkedMeans(means, npyFileHeader(means).shape);
    return { samples, inputShape: [d], outputs: k };
  },
  files: ({ means, covariances }) => [means, ...(typeof covariances === 'string' ? [covariances] : [])],
  sample: sampleGaussians,
};

/**
 * n samples x = μ_y + L_y ξ, y uniform on the classes, ξ standard normal, L_y L_yᵀ the covariance of the class. Keyed by the seed: sample i is the same
 * whatever n is. Throws UsageError unless n ≥ 1, DataError for files that hold no means and covariances. Cost: O(k d³ + n d²).
 */
function sampleGaussians(source: GaussianSource, seed: number): Dataset<Float64Array> {
  const { samples } = source;
  if (samples < 1) throw new UsageError(`samples must be a positive integer, received ${samples}`);
  const { array: means, sha256 } = readNpyFile(source.means);
  const [classes, dim] = checkedMeans(source.means, means.shape);
  refuseTooMany(samples * dim);
  const centres = means.rows(0, classes);
  const { factors, covariances } = factorsOf(source, classes, dim);
  const stream = randomStream(seed, 'gaussian', classes, dim);
  const [labels, inputs] = [new Uint16Array(samples), new Float64Array(samples * dim)];
  const drawn = new Float64Array(dim);
  for (let i = 0; i < samples; i++) {
    const label = stream.integer(classes);
    labels[i] = label;
    for (let f = 0; f < dim; f++) drawn[f] = stream.normal();
    const factor = factors[label % factors.length]!;
    for (let f = 0; f < dim; f++) {
      let x = centres[label * dim + f]!;
      for (let g = 0; g <= f; g++) x += factor[f * dim + g]! * drawn[g]!;
      inputs[i * dim + f] = x;
    }
  }
  const about = { source: 'Gaussian mixture, sampled', classes, dim, means: sha256, covariances };
  return {
    name: 'gaussian',
    samples,
    inputShape: [dim],
    inputs,
    targets: { kind: 'classes', classes, labels },
    record: { origin: { kind: 'gaussian', ...about, samples, seed }, transformations: [] },
  };
}

function checkedMeans(path: string, shape: readonly number[]): [classes: number, dim: number] {
  const [classes = 0, dim = 0] = shape;
  if (shape.length === 2 && classes >= 2 && classes < 65536) return [classes, dim];
  throw new DataError(`${path} has the shape [${shape.join(', ')}]; means are of shape [k, d], k from 2 to 65535`);
}

/** L of each class, or one for all, and what the record says of them. */
function factorsOf(
  { covariances: given }: GaussianSource,
  classes: number,
  dim: number,
): { readonly factors: readonly Float64Array[]; readonly covariances: string | number } {
  if (typeof given === 'number') {
    const factor = new Float64Array(dim * dim);
    for (let f = 0; f < dim; f++) factor[f * dim + f] = Math.sqrt(given);
    return { factors: [factor], covariances: given };
  }
  const { array, sha256 } = readNpyFile(given);
  const { shape } = array;
  const isOne = String(shape) === String([dim, dim]);
  if (!isOne && String(shape) !== String([classes, dim, dim])) {
    throw new DataError(
      `${given} has the shape [${shape.join(', ')}]; covariances are of shape [${classes}, ${dim}, ${dim}] or, one for all, [${dim}, ${dim}]`,
    );
  }
  const all = array.rows(0, shape[0]!);
  const factors = Array.from({ length: isOne ? 1 : classes }, (_, c) => {
    const matrix = Float64Array.from(all.subarray(c * dim * dim, (c + 1) * dim * dim));
    const factor = lowerFactor(matrix, dim, array.precision);
    if (typeof factor !== 'string') return factor;
    throw new DataError(`${given}: ${isOne ? 'the covariance' : `covariance ${c}`} ${factor}`);
  });
  return { factors, covariances: sha256 };
}

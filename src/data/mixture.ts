import type { SampledDataSet } from './data-set.js';
import type { Dataset } from './dataset.js';
import { denseMatrix } from './features.js';
import { sampleMixture, type GaussianMixture } from './gaussian-mixture.js';

export interface MixtureSource extends GaussianMixture {
  readonly kind: 'mixture';
  readonly samples: number;
}

export const mixture: SampledDataSet<MixtureSource> = {
  name: 'mixture',
  pattern: 'mixture:K,D,SIGMA,N',
  where: 'classes, features, noise, samples',
  help: "the solvable model's own data: k Gaussian classes about orthonormal means",
  source: 'GRD18 §4',
  isSampled: true,
  parse(argument = '') {
    const match = /^(\d+),(\d+),(\d*\.?\d+(?:e-?\d+)?),(\d+)$/.exec(argument);
    if (!match) return undefined;
    const [classes, dim, noise, samples] = match.slice(1).map(Number);
    return { kind: 'mixture', classes: classes!, dim: dim!, noise: noise!, samples: samples! };
  },
  extent: ({ samples, dim, classes }) => ({ samples, inputShape: [dim], outputs: classes }),
  sample: (source, seed) => mixtureDataset(source, source.samples, seed),
};

/** The mixture of `sampleMixture`, the same samples, as a data set. Throws UsageError on values outside the model. */
export function mixtureDataset(
  { classes, dim, noise }: GaussianMixture,
  samples: number,
  seed: number,
): Dataset<Float64Array> {
  const { features, labels } = sampleMixture({ classes, dim, noise }, samples, seed);
  const source = 'Gaussian mixture, sampled';
  return {
    name: 'mixture',
    samples,
    inputShape: [dim],
    inputs: denseMatrix(features),
    targets: { kind: 'classes', classes, labels },
    record: { origin: { kind: 'mixture', source, classes, dim, noise, samples, seed }, transformations: [] },
  };
}

import type { LabelledData } from '../data/features.js';
import { sampleMixture } from '../data/gaussian-mixture.js';
import { imageData } from '../data/image-data.js';
import { loadMnist } from '../data/mnist.js';
import { UsageError } from '../errors.js';
import { version } from '../version.js';
import type { MeasureConfig } from './measure-config.js';
import type { MeasureRun } from './measure-document.js';

/** The data a configuration names, and the description of the run that goes into its records. Throws UsageError, DataError. */
export function measuredData(config: MeasureConfig): { data: LabelledData; run: MeasureRun } {
  const { data, ...origin } = loadData(config);
  if (config.top < data.classes) {
    throw new UsageError(
      `top must be at least the number of classes, ${data.classes}, for f_top(k); received ${config.top}`,
    );
  }
  const features = data.features.columns;
  const run: MeasureRun = {
    config,
    data: { ...origin, classes: data.classes, features },
    parameters: data.classes * features,
    initialisation: 'uniform on ±1/√features (the default of a PyTorch linear layer)',
    version,
  };
  return { data, run };
}

type Loaded = { readonly data: LabelledData } & Pick<
  MeasureRun['data'],
  'source' | 'checksums' | 'zeroFeaturesDropped'
>;

function loadData({ data: from, bias, seed }: MeasureConfig): Loaded {
  if (from.kind === 'mixture') {
    const data = sampleMixture(from, from.samples, seed);
    return { data, source: 'Gaussian mixture, sampled', checksums: [], zeroFeaturesDropped: 0 };
  }
  const images = loadMnist('train');
  const data = imageData(images, from.samples, from.pixels, bias);
  return { data, source: images.source, checksums: images.checksums, zeroFeaturesDropped: data.zeroFeaturesDropped };
}

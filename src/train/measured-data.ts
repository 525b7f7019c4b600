import type { LabelledData } from '../data/features.js';
import { sampleMixture } from '../data/gaussian-mixture.js';
import { imageData } from '../data/image-data.js';
import { loadMnist } from '../data/mnist.js';
import { UsageError } from '../errors.js';
import { version } from '../version.js';
import { mnistDefaults, type MeasureConfig, type ResolvedMeasureConfig } from './measure-config.js';
import type { MeasureRun } from './measure-document.js';

/** The data a configuration names, and the description of the run that goes into its records. Throws UsageError, DataError. */
export function measuredData(config: MeasureConfig): { data: LabelledData; run: MeasureRun } {
  const { data, ...origin } = loadData(config);
  const samples = data.features.rows;
  const { classes } = data;
  const top = config.top === mnistDefaults.top ? Math.max(config.top, classes) : config.top;
  if (top < classes) {
    throw new UsageError(
      `top must be at least the number of classes, ${classes}, for f_top(k); received ${config.top}`,
    );
  }
  if (config.batch > samples && config.batch !== mnistDefaults.batch) {
    throw new UsageError(`batch must be at most ${samples}, the samples there are; received ${config.batch}`);
  }
  const features = data.features.columns;
  const batch = Math.min(config.batch, samples);
  const resolved: ResolvedMeasureConfig = { ...config, top, batch, data: { ...config.data, samples } };
  const run: MeasureRun = {
    config: resolved,
    data: { ...origin, classes, features },
    parameters: classes * features,
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
    if (bias)
      throw new UsageError('a bias is a constant feature of images, received bias with a mixture; leave it out');
    const data = sampleMixture(from, from.samples, seed);
    return { data, source: 'Gaussian mixture, sampled', checksums: [], zeroFeaturesDropped: 0 };
  }
  const images = loadMnist('train');
  const data = imageData(images, from.samples ?? images.count, from.pixels, bias);
  return { data, source: images.source, checksums: images.checksums, zeroFeaturesDropped: data.zeroFeaturesDropped };
}

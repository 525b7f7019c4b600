import { dataSets } from '../data/data-source.js';
import { UsageError } from '../errors.js';
import { hasActivation, isOnnxFile } from '../models/model-text.js';
import { trainDefaults, type TrainConfig } from './train-config.js';

/** A setting, by its path in the configuration, that has no part in a run, and why. */
export interface UnusedSetting {
  readonly path: string;
  readonly why: string;
}

export { hasActivation } from '../models/model-text.js';

/** What of a configuration would change nothing. */
export function unusedSettings({ model, backend, data, follow }: TrainConfig): UnusedSetting[] {
  const { isSampled } = dataSets.read(data.source).entry;
  const unused = (when: boolean, why: string, ...paths: readonly string[]): UnusedSetting[] =>
    when ? paths.map((path) => ({ path, why })) : [];
  return [
    ...unused(
      isSampled,
      `${data.source} is sampled as its name says; pixels and subsets are for images`,
      ...['data.samples', 'data.subset', 'data.classes', 'data.pixels'],
    ),
    ...unused(
      !isSampled && data.samples === null,
      'all images are taken unless samples says how many',
      ...['data.subset'],
    ),
    ...unused(!isOnnxFile(model) && !hasActivation(model), `${model} has nothing between its layers`, 'activation'),
    ...unused(isOnnxFile(model), `${model} says where its biases and activations are`, ...['bias', 'activation']),
    ...unused(backend === 'plain', 'the plain backend has one thread', 'threads'),
    ...unused(
      follow.direction === 'gradient',
      'the whole gradient is followed',
      ...['follow.refresh', 'follow.from', 'follow.switch'],
    ),
  ];
}

/** Throws UsageError where a setting that would change nothing is not at its default: a record never says that it had a part. */
export function refuseUnusedSettings(config: TrainConfig): void {
  for (const { path, why } of unusedSettings(config)) {
    const [value, standard] = [config, trainDefaults].map((from) => JSON.stringify(at(from, path)));
    if (value !== standard) {
      throw new UsageError(`${why}: leave ${path} at ${standard!}; received ${value!}, which would change nothing`);
    }
  }
}

function at(config: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config);
}

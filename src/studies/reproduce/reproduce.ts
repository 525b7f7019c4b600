import type { Experiment } from './engine/experiment.js';
import { reproduceWith, type ReproduceOptions, type Reproduction } from './engine/reproduce.js';

export type { ReproduceOptions, Reproduction };

/** This package's worker, which knows the probes: compiled, or the source where that is run. */
const worker = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Runs experiments and writes their page, see the engine. */
export const reproduce = (experiments: readonly Experiment[], options: ReproduceOptions): Promise<Reproduction> =>
  reproduceWith(experiments, { ...options, worker });

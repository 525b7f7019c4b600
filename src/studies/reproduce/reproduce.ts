import type { Engine } from '../../jobs/engine.js';
import { localEngine } from '../../jobs/local/local-engine.js';
import type { Experiment } from './engine/experiment.js';
import { reproduceWith, type ReproduceWithOptions, type Reproduction } from './engine/reproduce.js';

export type { Reproduction };

/** Where experiments are run: in so many processes of this machine, if no engine is given. */
export interface ReproduceOptions extends Omit<ReproduceWithOptions, 'engine'> {
  readonly jobs: number;
  readonly engine?: Engine;
}

/** This package's worker, which knows the probes: compiled, or the source where that is run. */
export const reproduceWorker = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
);

/** Runs experiments and writes their page, see the engine. */
export const reproduce = (
  experiments: readonly Experiment[],
  { jobs, engine = localEngine({ worker: reproduceWorker, processes: jobs }), ...options }: ReproduceOptions,
): Promise<Reproduction> => reproduceWith(experiments, { ...options, engine });

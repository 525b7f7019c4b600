import type { Experiment } from '../engine/experiment.js';
import { spectralLifecycle } from './spectral-lifecycle/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [spectralLifecycle];

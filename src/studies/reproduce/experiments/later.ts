import type { Experiment } from '../engine/experiment.js';
import { klShampoo } from './kl-shampoo/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [klShampoo];

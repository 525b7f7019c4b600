import type { Experiment } from '../engine/experiment.js';
import { federated } from './federated/index.js';
import { lostGradients } from './lost-gradients/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [federated, lostGradients];

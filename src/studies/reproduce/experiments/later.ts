import type { Experiment } from '../engine/experiment.js';
import { edgeOfStability } from './edge-of-stability/index.js';
import { postTrainingExperiment } from './post-training/index.js';
import { tlora } from './tlora/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [tlora, postTrainingExperiment, edgeOfStability];

import type { Experiment } from '../engine/experiment.js';
import { gradientDimension } from './gradient-dimension/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [gradientDimension];
import { spectralLens } from './spectral-lens/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [spectralLens];
import { klShampoo } from './kl-shampoo/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [klShampoo];
import { federated } from './federated/index.js';
import { lostGradients } from './lost-gradients/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [federated, lostGradients];
import { edgeOfStability } from './edge-of-stability/index.js';
import { postTrainingExperiment } from './post-training/index.js';
import { tlora } from './tlora/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [tlora, postTrainingExperiment, edgeOfStability];
import { spectralEdges } from './spectral-edge/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [spectralEdges];
import { spectralLifecycle } from './spectral-lifecycle/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [spectralLifecycle];

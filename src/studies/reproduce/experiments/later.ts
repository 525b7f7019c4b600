import type { Experiment } from '../engine/experiment.js';
import { edgeOfStability } from './edge-of-stability/index.js';
import { federated } from './federated/index.js';
import { gradientDimension } from './gradient-dimension/index.js';
import { klShampoo } from './kl-shampoo/index.js';
import { lostGradients } from './lost-gradients/index.js';
import { postTrainingExperiment } from './post-training/index.js';
import { spectralEdges } from './spectral-edge/index.js';
import { spectralLens } from './spectral-lens/index.js';
import { spectralLifecycle } from './spectral-lifecycle/index.js';
import { tlora } from './tlora/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [
  spectralEdges,
  spectralLifecycle,
  gradientDimension,
  spectralLens,
  klShampoo,
  federated,
  lostGradients,
  tlora,
  postTrainingExperiment,
  edgeOfStability,
];

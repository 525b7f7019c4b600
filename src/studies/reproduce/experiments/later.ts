import type { Experiment } from '../engine/experiment.js';
import { spectralEdges } from './spectral-edge/index.js';

/** Experiments on claims of the works that cite the paper, in the order of their page. */
export const laterExperiments: readonly Experiment[] = [spectralEdges];

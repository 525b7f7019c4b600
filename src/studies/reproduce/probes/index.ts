import type { Probe } from '../engine/probe.js';
import { classMeanAlignment } from './class-mean-alignment.js';
import { classStructure } from './class-structure.js';
import { clientCosines } from './client-cosines.js';
import { compressedRounds } from './compressed-rounds.js';
import { decreaseAlong } from './decrease-along.js';
import { edgeOscillation } from './edge-oscillation.js';
import { edgeLifecycle } from './edge-lifecycle.js';
import { exactParts } from './exact-parts.js';
import { gradientDimensions } from './gradient-dimensions.js';
import { gradientEnergies } from './gradient-energies.js';
import { exactRecurrence, trainedRecurrence } from './gradient-recurrence.js';
import { modelDimensions } from './model-dimensions.js';
import { layerSpectra } from './layer-spectra.js';
import { modelFactors } from './model-factors.js';
import { lineCosines } from './line-cosines.js';
import { partlyLost } from './lost-gradients.js';
import { lostOnLine } from './lost-on-line.js';
import { modelCorrelation } from './model-correlation.js';
import { lowRankAdaptation } from './low-rank-adaptation.js';
import { modelLowRank } from './model-low-rank.js';
import { modelPostTraining } from './model-post-training.js';
import { modelEdge } from './model-edge.js';
import { modelQuench } from './model-quench.js';
import { modelSpectra } from './model-spectra.js';
import { partialDescent } from './partial-descent.js';
import { slopeVariances } from './slope-variances.js';
import { shampooFactors } from './shampoo-factors.js';
import { sentGradients } from './sent-gradients.js';
import { postTraining } from './post-training.js';
import { subspaceOverlaps } from './subspace-overlaps.js';
import { trainedEdge } from './trained-edge.js';
import { trainedQuench } from './trained-quench.js';
import { xorDimensions } from './xor-dimensions.js';

/** The probes that tasks may name. */
export const probes: readonly Probe<never, unknown>[] = [
  subspaceOverlaps,
  decreaseAlong,
  trainedRecurrence,
  exactRecurrence,
  exactParts,
  partialDescent,
  gradientEnergies,
  classMeanAlignment,
  classStructure,
  modelQuench,
  trainedQuench,
  gradientDimensions,
  modelDimensions,
  xorDimensions,
  layerSpectra,
  slopeVariances,
  modelSpectra,
  modelFactors,
  shampooFactors,
  clientCosines,
  sentGradients,
  compressedRounds,
  modelCorrelation,
  lineCosines,
  partlyLost,
  lostOnLine,
  edgeOscillation,
  lowRankAdaptation,
  modelLowRank,
  postTraining,
  modelPostTraining,
  modelEdge,
  trainedEdge,
  edgeLifecycle,
];

import type { Probe } from '../engine/probe.js';
import { classMeanAlignment } from './class-mean-alignment.js';
import { classStructure } from './class-structure.js';
import { decreaseAlong } from './decrease-along.js';
import { edgeLifecycle } from './edge-lifecycle.js';
import { exactParts } from './exact-parts.js';
import { gradientEnergies } from './gradient-energies.js';
import { exactRecurrence, trainedRecurrence } from './gradient-recurrence.js';
import { modelQuench } from './model-quench.js';
import { partialDescent } from './partial-descent.js';
import { subspaceOverlaps } from './subspace-overlaps.js';
import { trainedQuench } from './trained-quench.js';

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
  edgeLifecycle,
];

import type { Probe } from './probe.js';
import { classMeanAlignment } from './probes/class-mean-alignment.js';
import { classStructure } from './probes/class-structure.js';
import { decreaseAlong } from './probes/decrease-along.js';
import { exactParts } from './probes/exact-parts.js';
import { gradientEnergies } from './probes/gradient-energies.js';
import { exactRecurrence, trainedRecurrence } from './probes/gradient-recurrence.js';
import { partialDescent } from './probes/partial-descent.js';
import { subspaceOverlaps } from './probes/subspace-overlaps.js';

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
];

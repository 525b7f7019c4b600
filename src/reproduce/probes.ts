import type { Probe } from './probe.js';
import { subspaceOverlaps } from './probes/subspace-overlaps.js';

/** The probes that tasks may name. */
export const probes: readonly Probe<never, unknown>[] = [subspaceOverlaps];

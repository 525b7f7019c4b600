import type { Probe } from './probe.js';

/** The probes that tasks may name. */
export const probes: readonly Probe<never, unknown>[] = [];

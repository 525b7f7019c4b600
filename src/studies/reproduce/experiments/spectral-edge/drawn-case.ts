import type { EdgeCase } from '../../../../../figures/spectral-edge.js';
import type { EdgePhase } from '../../probes/edge-phase.js';
import { meanOfValues } from '../../shared/train-row.js';

/** What the figure draws of windows: means over the seeds, errors of all their windows together. */
export function edgeCase(name: string, about: string, phases: readonly EdgePhase[]): EdgeCase {
  const over = (of: (phase: EdgePhase) => number): number => meanOfValues(phases.map(of));
  const shares = (of: (phase: EdgePhase) => readonly number[]): number[] =>
    of(phases[0]!).map((_, j) => over((phase) => of(phase)[j]!));
  const means = (part: 'singularValues' | 'topShares') =>
    phases[0]!.predicted[part].map((_, j) => ({
      predicted: over(({ predicted }) => predicted[part][j]!.mean),
      measured: over(({ measured }) => measured[part][j]!.mean),
      error: Math.hypot(...phases.map(({ measured }) => measured[part][j]!.error)) / phases.length,
    }));
  return {
    name,
    about,
    windows: phases.reduce((sum, { measured }) => sum + measured.windows, 0),
    edges: {
      predicted: shares(({ predicted }) => predicted.edges),
      measured: shares(({ measured }) => measured.edges),
    },
    singularValues: means('singularValues'),
    topShares: means('topShares'),
  };
}

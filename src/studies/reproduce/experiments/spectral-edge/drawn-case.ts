import type { EdgeCase } from '../../../../../figures/spectral-edge.js';
import type { EdgePhase } from '../../probes/edge-phase.js';
import { meanOfValues } from '../../shared/train-row.js';

/** What the figure draws of windows: means over the seeds, errors of all their windows together. `withFlow` of a phase: noise and flow, where there is any. */
export function edgeCase(
  name: string,
  about: string,
  phases: readonly (EdgePhase & { readonly withFlow?: EdgePhase['predicted'] })[],
): EdgeCase {
  type Summary = EdgePhase['measured'];
  const flows = phases.flatMap(({ withFlow }) => (withFlow === undefined ? [] : [withFlow]));
  const compared = (of: (summary: Summary) => readonly { readonly mean: number; readonly error: number }[]) =>
    of(phases[0]!.predicted).map((_, j) => ({
      predicted: meanOfValues(phases.map(({ predicted }) => of(predicted)[j]!.mean)),
      withFlow: flows.length === 0 ? null : meanOfValues(flows.map((flow) => of(flow)[j]!.mean)),
      measured: meanOfValues(phases.map(({ measured }) => of(measured)[j]!.mean)),
      error: Math.hypot(...phases.map(({ measured }) => of(measured)[j]!.error)) / phases.length,
    }));
  return {
    name,
    about,
    windows: phases.reduce((sum, { measured }) => sum + measured.windows, 0),
    edges: compared(({ edges, windows }) =>
      edges.map((mean) => ({ mean, error: Math.sqrt((mean * (1 - mean)) / windows) })),
    ),
    singularValues: compared(({ singularValues }) => singularValues),
    topShares: compared(({ topShares }) => topShares),
  };
}

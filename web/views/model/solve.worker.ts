import { symmetricPointAtMargin } from '../../../src/exact/noiseless/index.js';
import type { LineModel } from '../../../src/exact/noisy/index.js';
import { findBoundary, type BoundaryDocument } from '../../../src/studies/solve/boundary.js';
import { solve } from '../../../src/studies/solve/solve.js';
import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import { serveTask } from '../../core/serve-task.js';
import { askedBoundary, askedState } from './commands.js';
import { clockOf, finePrecision, flowRows, type FlowRow } from './flow-rows.js';
import type { ModelSettings } from './settings.js';

export interface ModelStateRequest {
  readonly settings: ModelSettings;
  readonly model: LineModel;
  readonly times: readonly [number, number] | undefined;
  /** The curves are those of a sketch. */
  readonly needsRows: boolean;
}

export type ModelStateReply =
  | { readonly kind: 'state'; readonly document: SolveDocument; readonly command: string }
  | { readonly kind: 'boundary'; readonly document: BoundaryDocument; readonly command: string }
  | { readonly kind: 'rows'; readonly rows: readonly FlowRow[] };

let known: { readonly command: string; readonly document: BoundaryDocument } | undefined;

serveTask<ModelStateRequest, ModelStateReply>(async function* ({ settings, model, times, needsRows }) {
  yield undefined;
  const boundary = askedBoundary(settings);
  if (boundary !== undefined) {
    if (known?.command !== boundary.command)
      known = { command: boundary.command, document: findBoundary(boundary.settings) };
    yield { kind: 'boundary', ...known };
  }
  const timeAt = (margin: number): number | undefined => timeOf(model, margin);
  const state = askedState(settings, timeAt);
  yield { kind: 'state', document: await solve(state.settings), command: state.command };
  if (needsRows) yield { kind: 'rows', rows: flowRows(model, times, finePrecision) };
});

/** When the flow is at a margin; undefined where that is never, or after all that is solved. */
function timeOf(model: LineModel, margin: number): number | undefined {
  if (model.noise === 0) return symmetricPointAtMargin(model.classes, margin).time;
  if (margin === 0) return 0;
  const clock = clockOf(model, finePrecision.tolerance);
  if (margin >= clock.optimalMargin) return undefined;
  const time = Math.exp(clock.logTimeAt(margin));
  return time <= 1e12 ? time : undefined;
}

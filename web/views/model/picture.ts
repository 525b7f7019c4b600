import type { LineModel, NoiseTakeover } from '../../../src/exact/noisy/index.js';
import type { BoundaryDocument } from '../../../src/studies/solve/boundary.js';
import { clockOf, sketchPrecision, type FlowRow } from './flow-rows.js';
import type { ModelSettings } from './settings.js';
import type { SgdRow } from './sgd-rows.js';
import type { SgdOverlap } from './sgd.worker.js';
import type { Along } from './axis.js';
import { wholeMargin } from './commands.js';

/** What is known, of one and the same settings: parts that are still being solved are undefined. */
export interface Picture {
  readonly settings: ModelSettings;
  readonly model: LineModel;
  readonly along: Along;
  readonly rows: readonly FlowRow[];
  readonly isSketch: boolean;
  readonly boundary: BoundaryDocument | undefined;
  readonly sgdRows: readonly SgdRow[] | undefined;
  readonly sgdOverlaps: readonly SgdOverlap[] | undefined;
  readonly takeover: NoiseTakeover | undefined;
}

/** A level that passes the gradient's. */
export interface CrossingMark {
  readonly sector: string;
  readonly share: number;
  readonly at: number;
}

/** The crossings that are on the axis, in their order. */
export function crossingMarks({ boundary, model, along, settings }: Picture): CrossingMark[] {
  if (boundary === undefined) return [];
  const { marginCritical, relativeMargin, crossedBy, later, timeCritical } = boundary;
  const timeAt = (margin: number): number =>
    margin === marginCritical && timeCritical !== null
      ? timeCritical
      : Math.exp(clockOf(model, sketchPrecision.tolerance).logTimeAt(margin));
  return [{ sector: crossedBy, margin: marginCritical, relativeMargin }, ...later].flatMap(
    ({ sector, margin, relativeMargin: share }) => {
      if (share >= 1) return []; // the flow does not come there
      const time = settings.against === 'time' ? timeAt(margin) : undefined;
      const at = along.of({ share, time });
      return at === undefined ? [] : [{ sector, share, at }];
    },
  );
}

/** A stretch of the flow in which one thing rules the gradient. */
export interface Regime {
  readonly name: 'I' | 'II' | 'III';
  readonly from: number;
  readonly to: number;
}

/** I: the flow in the top space; II: the flow outside; III: the noise of SGD carries more than the flow. Nothing while they are being solved. */
export function regimesOf(picture: Picture): Regime[] {
  const { settings, along, boundary, takeover, model } = picture;
  const [first, last] = along.ends;
  const place = (relativeMargin: number, time: number | null): number =>
    Math.min(last, Math.max(first, (settings.against === 'time' ? time : relativeMargin) ?? last));
  if (settings.noise === 0) return [{ name: 'I', from: first, to: last }];
  if (boundary === undefined || (settings.sgd === 'on' && takeover === undefined)) return [];
  const leaves = place(boundary.relativeMargin, boundary.timeCritical);
  const takes = takeover === undefined ? last : place(takeover.margin / wholeMargin(model), Math.exp(takeover.logTime));
  const inside = Math.min(leaves, takes);
  const regimes: Regime[] = [
    { name: 'I', from: first, to: inside },
    { name: 'II', from: inside, to: takes },
    { name: 'III', from: takes, to: last },
  ];
  return regimes.filter(({ from, to }) => to > from);
}

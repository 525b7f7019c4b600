import type { TrainRecord } from '../../../src/train/observables/index.js';

/** What is along x, and how. */
export interface DrawnAxis {
  readonly along: 'step' | 'time';
  readonly scale: 'linear' | 'log';
}

/** Of Observable Plot. */
export function xOptions({ along, scale }: DrawnAxis): { readonly type: 'linear' | 'log'; readonly label: string } {
  return { type: scale, label: along === 'step' ? 'step' : 'time t = Σ η' };
}

/** Where a record is; null for a start that a logarithmic axis has no place for. */
export function placeAlong({ along, scale }: DrawnAxis, record: TrainRecord): number | null {
  const x = record[along];
  return scale === 'log' && x <= 0 ? null : x;
}

/** Whether a logarithmic axis shows more of these values: all positive, and over more than a decade and a half. */
export function spansDecades(values: readonly number[]): boolean {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return low > 0 && high > 30 * low;
}

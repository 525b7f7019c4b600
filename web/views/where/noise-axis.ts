import type { ScaleOptions } from '@observablehq/plot';
import { noiseRange } from './controls.js';

/** The horizontal axis of the charts over the noise of the data. */
export const noiseAxis: ScaleOptions = {
  type: 'log',
  domain: [...noiseRange],
  label: 'noise of the data σ →',
  labelAnchor: 'center',
  ticks: [0.1, 0.2, 0.3, 0.5, 1],
  tickFormat: (x: number) => String(x),
};

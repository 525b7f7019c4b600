import type { Snapshot } from '../../observe/snapshot.js';
import { marginPoint, type MarginPoint } from './margin-point.js';
import { noisyLevels, type NoisyPoint, type NoisySpectrum } from './symmetric-levels.js';

/** A symmetric point, solved. */
export interface LinePoint {
  readonly spectrum: NoisySpectrum;
  readonly scalars: MarginPoint;
  /** With one coordinate, along B: the gradient has no other. Hessian and levels in units of Ω, so that none underflows; O(1) for any k and d. */
  readonly snapshot: Snapshot;
}

/** Spectrum, loss, rate and the snapshot of W = αB at any noise. See noisyLevels and marginPoint for limits and errors. */
export function linePoint(point: NoisyPoint, time = 0): LinePoint {
  const spectrum = noisyLevels(point);
  const scalars = marginPoint(point);
  const shown = spectrum.levels.filter(({ sector }) => sector !== 'gauge');
  const trivial = shown.findIndex(({ sector }) => sector === 'trivial');
  const { classes: k, dim } = point;
  const snapshot: Snapshot = {
    time,
    loss: scalars.loss,
    parameters: k * dim,
    gradient: Float64Array.of(Math.max(scalars.gradientNorm, Number.MIN_VALUE)),
    hessian: { dimension: 1, apply: (block) => block.map((x) => x * shown[trivial]!.ratio) },
    spectrum: {
      dimension: k * dim,
      levels: shown.map(({ ratio, ratioError, multiplicity }) => ({
        value: ratio,
        multiplicity,
        error: ratio * ratioError,
      })),
      remainder: 'null',
      energy: (level, x) => (level === trivial ? x[0]! ** 2 : 0),
      basis: (level) => Float64Array.of(...(level === trivial ? [1] : [])),
    },
    origin: 'exact',
  };
  return { spectrum, scalars, snapshot };
}

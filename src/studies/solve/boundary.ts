import { boundary, type Boundary } from '../../exact/noisy/index.js';
import { correlationOf, type Correlation } from './correlation.js';

export interface BoundarySettings {
  readonly classes: number;
  readonly noise: number;
  readonly rho: Correlation;
}

export const boundaryDefaults: BoundarySettings = { classes: 10, noise: 0.3, rho: 0 };

/** What `boundary` prints: the contract for scripts. `timeCritical` is null where the flow takes longer than t = 1e300. */
export interface BoundaryDocument {
  readonly model: { readonly classes: number; readonly noise: number; readonly rho: number };
  readonly marginCritical: number;
  readonly relativeMargin: number;
  readonly crossedBy: string;
  readonly timeCritical: number | null;
  readonly smallNoiseLaw: number;
  readonly errorBar: number;
  readonly later: Boundary['later'];
}

/** The document of `boundary`. Throws as that of the exact model does. */
export function findBoundary({ classes, noise, rho: asked }: BoundarySettings): BoundaryDocument {
  const rho = correlationOf(asked, classes);
  const found = boundary(classes, noise, rho);
  const time = Math.exp(found.logTime);
  return {
    model: { classes, noise, rho },
    marginCritical: found.margin,
    relativeMargin: found.relativeMargin,
    crossedBy: found.sector,
    timeCritical: time <= 1e300 ? time : null,
    smallNoiseLaw: found.smallNoiseLaw,
    errorBar: found.errorBar,
    later: found.later,
  };
}

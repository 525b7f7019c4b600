import { collapse, type Collapse } from '../../exact/noisy/index.js';
import { correlationOf, refuseRhoWithoutNoise, type Correlation } from './correlation.js';

export interface ResponseSettings {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly rho: Correlation;
  readonly delta: number;
  readonly times: readonly number[];
  readonly draws: number;
  readonly threshold: number;
  readonly seed: number;
}

export const responseDefaults: ResponseSettings = {
  classes: 10,
  dim: 50,
  noise: 0.3,
  rho: 0,
  delta: 0.01,
  times: [0.01, 0.1, 1, 10, 100, 1e3],
  draws: 2000,
  threshold: 0.99,
  seed: 1,
};

/** What `response` prints: the contract for scripts. */
export interface ResponseDocument extends Collapse {
  readonly model: Omit<ResponseSettings, 'times' | 'threshold' | 'rho'> & { readonly rho: number };
}

/** The document of `response`, at ascending times. Throws UsageError on values outside the model. */
export function findResponse(settings: ResponseSettings): ResponseDocument {
  const { classes, dim, noise, delta, draws, threshold, times, seed } = settings;
  const rho = correlationOf(settings.rho, classes);
  refuseRhoWithoutNoise(noise, rho);
  const result = collapse(
    { classes, dim, noise, correlation: rho },
    { delta, times: [...new Set(times)].sort((x, y) => x - y), draws, threshold, seed },
  );
  return { model: { classes, dim, noise, rho, delta, draws, seed }, ...result };
}

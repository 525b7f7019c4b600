import type { BoundarySettings } from '../../../src/studies/solve/boundary.js';
import { solveDefaults, type SolveSettings } from '../../../src/studies/solve/solve.js';
import { commandText } from '../../core/command-text.js';
import type { ModelSettings } from './settings.js';

/** Settings of a function of the library, and the command that prints the same document. */
export interface Asked<T> {
  readonly settings: T;
  readonly command: string;
}

/** The margin that stands for 1 where there is no best one. */
const marginWithoutNoise = 20;

/** α* = 1/σ², or what stands for it. */
export const wholeMargin = ({ noise }: Pick<ModelSettings, 'noise'>): number =>
  noise === 0 ? marginWithoutNoise : 1 / noise ** 2;

/**
 * The state that is pointed at. With the noise of SGD it is named by its time even along the margin, since that noise has a history; `timeAt`: when the
 * flow is at a margin.
 */
export function askedState(
  settings: ModelSettings,
  timeAt: (margin: number) => number | undefined,
): Asked<SolveSettings> {
  const { classes, dim, noise, sgd } = settings;
  const margin = Number((settings.margin * wholeMargin(settings)).toPrecision(8));
  const passed = settings.against === 'margin' && sgd === 'on' ? timeAt(margin) : settings.times;
  const time = passed === undefined ? undefined : Number(passed.toPrecision(8));
  const place =
    time !== undefined && (settings.against === 'time' || sgd === 'on') ? { times: [time] } : { margin: [margin] };
  const noiseOfSgd: { readonly etaOverB?: number } = sgd === 'on' ? { etaOverB: settings['eta-over-b'] } : {};
  const rho = correlationOfSettings(settings);
  const command = commandText('solve', {
    classes,
    dim,
    noise: noise || undefined,
    rho: noise === 0 ? undefined : rho || undefined,
    ...('times' in place ? { times: time } : { margin }),
    'eta-over-b': noiseOfSgd.etaOverB,
  });
  return { settings: { ...solveDefaults, classes, dim, noise, rho, ...place, ...noiseOfSgd }, command };
}

/** Where the gradient leaves the top space; undefined without noise, where it does not. */
export function askedBoundary(settings: ModelSettings): Asked<BoundarySettings> | undefined {
  const { classes, noise } = settings;
  if (noise === 0) return undefined;
  const rho = correlationOfSettings(settings);
  return {
    settings: { classes, noise, rho },
    command: commandText('boundary', { classes, noise, rho: rho || undefined }),
  };
}

/** ρ; the least is what `etf` stands for. */
const correlationOfSettings = ({ classes, rho }: ModelSettings): number | 'etf' =>
  rho === -1 / (classes - 1) ? 'etf' : rho;

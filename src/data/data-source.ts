import { UsageError } from '../errors.js';
import type { GaussianMixture } from './gaussian-mixture.js';

/** A data set by name, as the command line and configurations know it. */
export type DataSource =
  | { readonly kind: 'mnist' }
  | { readonly kind: 'cifar10' }
  | MixtureSource
  | { readonly kind: 'sine'; readonly samples: number };

export interface MixtureSource extends GaussianMixture {
  readonly kind: 'mixture';
  readonly samples: number;
}

const SINE_SAMPLES = 1000;

/**
 * `mnist`, `cifar10`, `mixture:K,D,SIGMA,N` (classes, features, noise, samples), `sine` (1000 samples) or `sine:N`.
 *
 * Throws UsageError for anything else. Whether the numbers make a data set is decided where it is sampled.
 */
export function parseDataSource(text: string): DataSource {
  if (text === 'mnist' || text === 'cifar10') return { kind: text };
  const sine = /^sine(?::(\d+))?$/.exec(text);
  if (sine) return { kind: 'sine', samples: sine[1] === undefined ? SINE_SAMPLES : Number(sine[1]) };
  const mixture = parseMixture(text);
  if (mixture !== undefined) return mixture;
  throw new UsageError(
    `'${text}' is no data set; legal are mnist, cifar10, mixture:K,D,SIGMA,N (classes, features, noise, samples; ` +
      'for example mixture:3,10,0.2,1000), sine, sine:N',
  );
}

/** `mixture:K,D,SIGMA,N`, or undefined for any other text. */
export function parseMixture(text: string): MixtureSource | undefined {
  const match = /^mixture:(\d+),(\d+),(\d*\.?\d+(?:e-?\d+)?),(\d+)$/.exec(text);
  if (!match) return undefined;
  const [classes, dim, noise, samples] = match.slice(1).map(Number);
  return { kind: 'mixture', classes: classes!, dim: dim!, noise: noise!, samples: samples! };
}

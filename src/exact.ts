/**
 * The exact model alone, for a browser as for Node: closed forms without noise and with it, any Gaussian mixture by quadrature, the
 * gradient flow integrated, and the observables of their snapshots. Nothing here reads a file or needs a network's runtime.
 *
 * ```ts
 * import { symmetricSnapshot, topFraction } from 'tiny-subspace/exact';
 * topFraction(symmetricSnapshot(10, 50, 100), 10).lower; // 1
 * ```
 */
export * from './errors.js';
export * from './exact/flow/index.js';
export * from './exact/noiseless/index.js';
export * from './exact/noisy/index.js';
export * from './exact/population/index.js';
export * from './observe/index.js';
export * from './sgd-noise/index.js';
export { randomStream, type RandomStream } from './numeric/random.js';

import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { RandomStream } from '../numeric/random.js';

/**
 * Updates with every entry's sign drawn anew: as far in each coordinate, and with no direction in common. Their Gram matrix has the same diagonal, and off it the mean 0, so that its spectrum is what updates
 * without memory have (a null model of our own: it has no parameter, and holds for steps of any optimiser). Cost: one draw for each entry.
 */
export function withRandomSigns(updates: readonly FloatArray[], stream: RandomStream): Float64Array[] {
  return updates.map((update) => Float64Array.from(update, (x) => (stream.uniform() < 0.5 ? -x : x)));
}

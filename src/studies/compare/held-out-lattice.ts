import type { Samples } from '../../loss/network/sample-sums.js';
import { bestGenerator, normalLattice } from '../../numeric/quadrature/normal-lattice.js';
import { randomStream, type RandomStream } from '../../numeric/random.js';

/**
 * Data of the model that stand for all of it: for every class the same randomly shifted lattice of normal points about its mean, so that averages are unbiased and hundreds
 * of times more accurate than those of as many drawn samples. Cost: O(k d points), and fifty times O(d points) for the lattice, once.
 */
export function heldOutLattice(
  { classes: k, dim, noise }: { readonly classes: number; readonly dim: number; readonly noise: number },
  points: number,
): (shift: RandomStream) => Samples {
  const generator = bestGenerator(dim, points, randomStream(0, 'held out', dim, points));
  return (shift) => {
    const xi = normalLattice(dim, points, generator, shift);
    const inputs = new Float64Array(k * points * dim);
    const targets = new Float64Array(k * points * k);
    for (let i = 0; i < k * points; i++) {
      const [label, point] = [i % k, Math.floor(i / k)];
      for (let f = 0; f < dim; f++) inputs[i * dim + f] = (f === label ? 1 : 0) + noise * xi[point * dim + f]!;
      targets[i * k + label] = 1;
    }
    return { count: k * points, inputs, targets };
  };
}

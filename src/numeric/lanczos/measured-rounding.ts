import { addCombinationsOf } from '../kernels/add-combinations.js';
import { innerProductsWith } from '../kernels/inner-products.js';
import { negated } from '../kernels/project-out.js';
import { randomStream } from '../random.js';
import type { Assessment } from './lanczos-assessment.js';
import type { LanczosSettings } from './lanczos-options.js';
import { signedProduct, type LanczosSearch } from './lanczos-search.js';
import type { ProductProgram } from './product-program.js';

/**
 * A bound on the rounding ‖E Y‖ of the wanted Ritz vectors: A of their sum with random signs by another route, against what A V = V T + R C
 * says of it. On average over the signs its square is ‖E Y‖_F²/count; twice the root is taken. Where W is not quite orthonormal, WᵀW = 1 + F, the same
 * x = V s tells of F, ‖Wᵀx − s‖, which ‖A‖ times is in the projected matrix, and is part of the bound. Cost: 1 product and 6n · (size + open).
 */
export function* measuredRounding(
  search: LanczosSearch,
  { ritz, coupling, rounding, norm }: Assessment,
  { count, seed }: LanczosSettings,
): ProductProgram<number> {
  const { space } = search;
  const { dimension: n, size, open, vectors } = space;
  const stream = randomStream(seed, 'rounding');
  const signs = Array.from({ length: count }, () => (stream.uniform() < 0.5 ? -1 : 1) / Math.sqrt(count));
  const [x, moved] = [new Float64Array(size), new Float64Array(size + open)];
  signs.forEach((s, j) => {
    for (let i = 0; i < size; i++) {
      x[i]! += s * ritz.vectors[j * size + i]!;
      moved[i]! += s * ritz.values[j]! * ritz.vectors[j * size + i]!;
    }
    for (let i = 0; i < open; i++) moved[size + i]! += s * coupling[j * open + i]!;
  });
  const [vector, difference] = [new Float64Array(n), new Float64Array(n)];
  const w = vectors.part(0, size + open);
  yield* addCombinationsOf(vectors.part(0, size), x, vector, 1);
  yield* addCombinationsOf(w, negated(moved), difference, 1);
  const overlaps = yield* innerProductsWith(w, vector, 1);
  space.orthogonality = Math.hypot(...overlaps.map((c, i) => c - (x[i] ?? 0)));
  const product = yield* signedProduct(search, vector, 1, true);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (product[i]! + difference[i]!) ** 2;
  return Math.max(rounding, 2 * Math.sqrt(count) * (Math.sqrt(sum) + space.orthogonality * norm));
}

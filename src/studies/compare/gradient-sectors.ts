/** The parts of a gradient by which the symmetry of the model tells them apart, with their dimensions. */
export const gradientParts = ['along B', 'means', 'differences', 'symmetric', 'antisymmetric', 'bulk'] as const;

export type GradientPart = (typeof gradientParts)[number];

/** One value for each part. */
export type GradientParts = Readonly<Record<GradientPart, number>>;

/** Dimensions of each part. */
export function partDimensions({ classes: k, dim }: { readonly classes: number; readonly dim: number }): GradientParts {
  return {
    'along B': 1,
    means: k - 1,
    differences: k > 2 ? k - 1 : 0,
    symmetric: k > 3 ? (k * (k - 3)) / 2 : 0,
    antisymmetric: ((k - 1) * (k - 2)) / 2,
    bulk: (k - 1) * (dim - k),
  };
}

/**
 * Squared lengths of a gradient's parts, k×d, the means being the first k features: of its first k columns Y, which have zero sums, by the trace t, the row sums r
 * and the diagonal y. Along B it is t²/(k−1); v 1ᵀ/√k takes ‖r‖²/k; the differences, diag(v) with sums taken out, (k/(k−2)) Σ (y_c − t/k − r_c/k)²; what is left
 * splits into Y ∓ Yᵀ, of which the antisymmetric half has 2‖r/2‖²/k more in the other two. Cost: O(k d).
 */
export function gradientPartsOf(
  gradient: Float64Array,
  { classes: k, dim }: { readonly classes: number; readonly dim: number },
): GradientParts {
  const Y = (c: number, a: number): number => gradient[c * dim + a]!;
  let [trace, mean, antisymmetric, bulk] = [0, 0, 0, 0];
  const rows = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    trace += Y(c, c);
    for (let f = 0; f < dim; f++) {
      if (f >= k) bulk += Y(c, f) ** 2;
      else {
        rows[c]! += Y(c, f);
        mean += Y(c, f) ** 2;
        antisymmetric += (Y(c, f) - Y(f, c)) ** 2 / 4;
      }
    }
  }
  const sums = rows.reduce((sum, r) => sum + r ** 2, 0);
  const differences = rows.reduce((sum, r, c) => sum + (Y(c, c) - trace / k - r / k) ** 2, 0);
  const along = trace ** 2 / (k - 1);
  const means = sums / k;
  const ofDifferences = k > 2 ? (k / (k - 2)) * differences : 0;
  const onlyAntisymmetric = antisymmetric - sums / (2 * k);
  return {
    'along B': along,
    means,
    differences: ofDifferences,
    antisymmetric: onlyAntisymmetric,
    symmetric: mean - along - means - ofDifferences - onlyAntisymmetric,
    bulk,
  };
}

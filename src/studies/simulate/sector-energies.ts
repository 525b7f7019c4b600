import { joinSectors, splitSectors } from '../../exact/noisy/sectors.js';
import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';

/** The sectors of the symmetric line in which a gradient can lie. */
export const energySectors = ['trivial', 'standard+', 'standard-', 'symmetric', 'antisymmetric', 'bulk'] as const;

export type EnergySector = (typeof energySectors)[number];

/** ‖P_s g‖² for each sector. */
export type SectorEnergies = Readonly<Record<EnergySector, number>>;

/** Dimensions of each sector. */
export function sectorMultiplicities({
  classes: k,
  dim,
}: {
  readonly classes: number;
  readonly dim: number;
}): SectorEnergies {
  return {
    trivial: 1,
    'standard+': k - 1,
    'standard-': k > 2 ? k - 1 : 0,
    symmetric: k > 3 ? (k * (k - 3)) / 2 : 0,
    antisymmetric: ((k - 1) * (k - 2)) / 2,
    bulk: (k - 1) * (dim - k),
  };
}

/** Unit vectors over the two standard copies (means, differences): along standard+ and standard−. */
export type StandardDirections = readonly [plus: readonly [number, number], minus: readonly [number, number]];

/** ‖P_s g‖² of a gradient, k×d, the means being the first k features. `standard` says which mixtures of the copies are ±. Cost: O(k d). */
export function sectorEnergies(
  gradient: Float64Array,
  { classes: k, dim }: { readonly classes: number; readonly dim: number },
  standard: StandardDirections,
): SectorEnergies {
  const onMeans = new Float64Array(k * k);
  let bulk = 0;
  for (let c = 0; c < k; c++) {
    for (let f = 0; f < dim; f++) {
      const g = gradient[c * dim + f]!;
      if (f < k) onMeans[c * k + f] = g;
      else bulk += g ** 2;
    }
  }
  const parts = splitSectors(k, onMeans);
  const along = ([x, y]: readonly [number, number]): number =>
    parts.means.reduce((sum, m, i) => sum + (x * m + y * parts.differences[i]!) ** 2, 0);
  const squares = (part: Float64Array): number => part.reduce((sum, x) => sum + x ** 2, 0);
  return {
    trivial: parts.trivial ** 2,
    'standard+': along(standard[0]),
    'standard-': along(standard[1]),
    symmetric: squares(parts.symmetric),
    antisymmetric: squares(parts.antisymmetric),
    bulk,
  };
}

/** The eigenvectors over the two copies of a Hessian on the symmetric line, from its products with one vector of each. For k = 2 there is one copy. */
export function standardDirections(
  hessian: SymmetricOperator,
  { classes: k, dim }: { readonly classes: number; readonly dim: number },
): StandardDirections {
  if (k === 2) {
    return [
      [1, 0],
      [0, 1],
    ];
  }
  const v = Float64Array.from({ length: k }, (_, c) => (c === 0 ? 1 : c === 1 ? -1 : 0) / Math.SQRT2);
  const none = new Float64Array(k);
  const nothing = { trivial: 0, symmetric: new Float64Array(k * k), antisymmetric: new Float64Array(k * k) };
  const copies = [
    joinSectors(k, { ...nothing, means: v, differences: none }),
    joinSectors(k, { ...nothing, means: none, differences: v }),
  ].map((X) =>
    Float64Array.from({ length: k * dim }, (_, i) => (i % dim < k ? X[Math.floor(i / dim) * k + (i % dim)]! : 0)),
  );
  const images = copies.map((X) => hessian.apply(X, 1));
  const block = copies.flatMap((X) => images.map((Y) => X.reduce((sum, x, i) => sum + x * Y[i]!, 0)));
  const { vectors } = smallSymmetricEigen(Float64Array.from(block), 2);
  return [
    [vectors[0]!, vectors[1]!],
    [vectors[2]!, vectors[3]!],
  ];
}

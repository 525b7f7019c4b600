import { sectorFamilies, standardCopies, type IntegerMatrix } from './exact/equivariant-hessian.js';
import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { relativeDifference, scientific, worstOver } from './numerics.js';
import { flowPoint } from './quadrature/along-the-flow.js';
import { collisions } from './quadrature/collisions.js';
import { symmetricEigen } from './quadrature/jacobi.js';
import { distance, inner, probe } from './snapshot-errors.js';
import type { Theorem } from './theorem.js';

export const noisySnapshots: Theorem = {
  id: 'noisy-snapshots',
  statement:
    'at finite noise the families of matrices of each irrep are the eigenspaces of H, with the level of their sector, and any matrix is the sum of its parts in them',
  formula: String.raw`\begin{gathered} H X = \lambda_s X \quad \forall X \in E_s, \qquad X = \sum_s P_s X \quad \forall X \in \mathbb R^{k \times d}, \\ P_s \text{ the projector on the sector } E_s \end{gathered}`,
  assumptions: 'W = αB, any noise, equiangular means',
  reference: 'Schur’s lemma; families as in seven-levels',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const points = [
      [4, 0.05, 60],
      [4, 0.5, 0.3],
      [4, 2, 0.3],
      [6, 0.05, 60],
      [6, 0.5, 3],
      [6, 2, 0.3],
    ] as const;
    const error = worstOver(points, 1e-8, ([k, noise, margin]) => noisyErrors(laws, k, noise, margin));
    return {
      holds: error <= 1e-8,
      evidence: `k = 4, 6, σ = 0.05, 0.5, 2: within ${scientific(error)}`,
    };
  },
};

function noisyErrors(laws: Laws, k: number, noise: number, margin: number): number[] {
  const snapshot = laws.noisySnapshot({ classes: k, dim: k + 2, noise, margin }, 5);
  const { rate, levels, block } = flowPoint(k, noise, 0, margin);
  const { symmetric, antisymmetric, trivial, gauge } = sectorFamilies(k);
  const flat = (X: IntegerMatrix): Float64Array => Float64Array.from(X.flat());
  const apply = (x: Float64Array): Float64Array => snapshot.hessian.apply(x, 1);
  const { values } = symmetricEigen([block.slice(0, 2), block.slice(2)]);
  const sectors = [
    { family: trivial, value: levels.trivial },
    { family: symmetric, value: levels.symmetric },
    { family: antisymmetric, value: levels.antisymmetric },
  ];
  const expectedLevels = [
    { value: levels.trivial, multiplicity: 1 },
    ...values.map((value) => ({ value, multiplicity: k - 1 })),
    { value: levels.symmetric, multiplicity: (k * (k - 3)) / 2 },
    { value: levels.antisymmetric, multiplicity: ((k - 1) * (k - 2)) / 2 },
    { value: levels.bulk, multiplicity: (k - 1) * 2 },
  ].sort((x, y) => y.value - x.value);
  const at = snapshot.spectrum;
  if (at.levels.length !== expectedLevels.length) return [Infinity];
  // v m̄/b and v_a e_a (e_a − 1/k) without its gauge part, orthonormal for v = (e_0 − e_1)/√2, and the block in between.
  const [first, second] = standardCopies(k, 0, 1).map(flat) as [Float64Array, Float64Array];
  const one = first.map((x) => x / Math.sqrt(2 * k));
  const rest = second.map((x, i) => x / k - first[i]! / k);
  const two = rest.map((x) => x / Math.hypot(...rest));
  const combine = (x: number, y: number): Float64Array => one.map((z, i) => x * z + y * two[i]!);
  const gradient = Float64Array.from(
    { length: k * k },
    (_, i) => -rate * ((Math.floor(i / k) === i % k ? 1 : 0) - 1 / k),
  );
  const wrong = Math.exp(collisions(k, noise, margin).logWrong);
  const x = probe(k * k);
  const parts = laws.splitSectors(k, x);
  const joined = laws.joinSectors(k, parts);
  const energies = [
    parts.trivial ** 2,
    ...[parts.symmetric, parts.antisymmetric].map((part) => inner(part, part)),
    inner(parts.means, parts.means) + inner(parts.differences, parts.differences),
  ];
  const withoutGauge = x.map(
    (value, i) => value - gauge.reduce((sum, G) => sum + (flat(G)[i]! * inner(flat(G), x)) / k, 0),
  );
  const ofMeans = laws.splitSectors(k, one);
  const ofDifferences = laws.splitSectors(k, two);
  return [
    snapshot.time === 5 &&
    snapshot.parameters === k * (k + 2) &&
    at.dimension === k * (k + 2) &&
    snapshot.hessian.dimension === k * k
      ? 0
      : Infinity,
    relativeDifference(snapshot.loss, Math.exp(collisions(k, noise, margin).logLoss)),
    (distance(snapshot.gradient, gradient) * Math.abs(rate)) / wrong,
    ...sectors.flatMap(({ family, value }) =>
      family.map((X) =>
        distance(
          apply(flat(X)),
          flat(X).map((y) => y * value),
        ),
      ),
    ),
    ...gauge.map((G) => Math.hypot(...apply(flat(G))) / levels.bulk),
    distance(apply(one), combine(block[0], block[2])),
    distance(apply(two), combine(block[1], block[3])),
    ...at.levels.flatMap(({ value, multiplicity, error }, i) => {
      const off = relativeDifference(value, expectedLevels[i]!.value);
      return [
        off,
        multiplicity === expectedLevels[i]!.multiplicity ? 0 : Infinity,
        dishonesty(error / value, off, 1e-8),
      ];
    }),
    // Bases are orthonormal and eigenvectors, energies are those of the bases.
    ...at.levels.flatMap(({ multiplicity }, i) => {
      if (expectedLevels[i]!.value === levels.bulk) return [at.energy(i, x)];
      const basis = at.basis(i);
      const rows = Array.from({ length: multiplicity }, (_, j) => basis.subarray(j * k * k, (j + 1) * k * k));
      return [
        relativeDifference(
          at.energy(i, x),
          rows.reduce((sum, row) => sum + inner(row, x) ** 2, 0),
        ),
        ...rows.map((row) => Math.abs(inner(row, row) - 1)),
        ...rows.map((row) =>
          distance(
            apply(row),
            row.map((y) => y * expectedLevels[i]!.value),
          ),
        ),
      ];
    }),
    distance(joined, withoutGauge),
    relativeDifference(
      energies.reduce((sum, e) => sum + e, 0),
      inner(withoutGauge, withoutGauge),
    ),
    relativeDifference(
      parts.trivial,
      inner(flat(trivial[0]!), x) / Math.sqrt(inner(flat(trivial[0]!), flat(trivial[0]!))),
    ),
    ...symmetric.map((X) => Math.abs(inner(flat(X), withoutGauge) - inner(flat(X), parts.symmetric))),
    ...antisymmetric.map((X) => Math.abs(inner(flat(X), withoutGauge) - inner(flat(X), parts.antisymmetric))),
    Math.abs(Math.hypot(...ofMeans.means) - 1) + Math.hypot(...ofMeans.differences),
    Math.abs(Math.hypot(...ofDifferences.differences) - 1) + Math.hypot(...ofDifferences.means),
  ];
}

import { sectorFamilies, standardCopies, type IntegerMatrix } from './exact/equivariant-hessian.js';
import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst, worstOver } from './numerics.js';
import { flowPoint } from './quadrature/along-the-flow.js';
import { collisions } from './quadrature/collisions.js';
import { symmetricEigen } from './quadrature/jacobi.js';
import type { Theorem } from './theorem.js';

type Snapshot = ReturnType<Laws['symmetricSnapshot']>;

/** What a snapshot must say, derived here. `apply`: one Hessian product. */
interface Expected {
  readonly time: number;
  readonly loss: number;
  readonly parameters: number;
  readonly gradient: readonly number[];
  readonly apply: (x: ArrayLike<number>) => number[];
  readonly levels: readonly { readonly value: number; readonly multiplicity: number }[];
}

/** α of the noiseless flow from 0: Newton's iteration on expm1(α) + (k−1) α = t. */
export function marginAt(k: number, t: number): number {
  let alpha = Math.min(t / k, Math.log1p(t));
  for (let round = 0; round < 60; round++) {
    alpha -= (Math.expm1(alpha) + (k - 1) * alpha - t) / (Math.exp(alpha) + k - 1);
  }
  return alpha;
}

/** H X = (1/k) Σ_a S_a X x_a x_aᵀ for inputs x_a = e_a, or (e_a, 1), with `p[a]` the probabilities of class a. */
function noiseless(k: number, p: readonly (readonly number[])[], bias = false): (x: ArrayLike<number>) => number[] {
  const width = bias ? k + 1 : k;
  return (x) => {
    const y = new Array<number>(k * width).fill(0);
    p.forEach((pa, a) => {
      const scores = pa.map((_, c) => x[c * width + a]! + (bias ? x[c * width + k]! : 0));
      const z = scores.map((score) => score - scores[a]!); // so that nothing cancels where p_a is nearly 1
      const mean = pa.reduce((sum, q, b) => sum + q * z[b]!, 0);
      pa.forEach((pc, c) => {
        const moved = (z[c]! - mean) * (pc / k);
        y[c * width + a]! += moved;
        if (bias) y[c * width + k]! += moved;
      });
    });
    return y;
  };
}

const symmetricProbabilities = (k: number, alpha: number): number[][] => {
  const Z = Math.exp(alpha) + k - 1;
  return Array.from({ length: k }, (_, a) => Array.from({ length: k }, (__, c) => (c === a ? Math.exp(alpha) : 1) / Z));
};

const probe = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(1 + 3 * i) + 0.1);
const inner = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x, (xi, i) => xi * y[i]!).reduce((sum, z) => sum + z, 0);
const distance = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Math.hypot(...Array.from(x, (xi, i) => xi - y[i]!)) / Math.hypot(...Array.from(y));

/** Scalars, gradient, two products at once, levels with their errors; and, where vectors are few, that bases are bases of eigenspaces. */
function snapshotErrors(snapshot: Snapshot, expected: Expected, vectors = true): number[] {
  const { spectrum, hessian, gradient } = snapshot;
  const n = hessian.dimension;
  if (spectrum.dimension !== n || n !== expected.gradient.length || spectrum.levels.length !== expected.levels.length)
    return [Infinity];
  const x = probe(n);
  const both = new Float64Array(2 * n);
  both.set(x);
  both.set(expected.gradient, n);
  const moved = hessian.apply(both, 2);
  const levels = spectrum.levels.flatMap(({ value, multiplicity, error }, i) => {
    const own = expected.levels[i]!;
    const off = relativeDifference(value, own.value);
    return [off, multiplicity === own.multiplicity ? 0 : Infinity, dishonesty(error / value, off, 1e-9)];
  });
  const bases = !vectors
    ? []
    : spectrum.levels.flatMap(({ multiplicity }, i) => {
        const basis = spectrum.basis(i);
        const rows = Array.from({ length: multiplicity }, (_, j) => basis.subarray(j * n, (j + 1) * n));
        const energy = rows.reduce((sum, row) => sum + inner(row, x) ** 2, 0);
        return [
          basis.length === n * multiplicity ? 0 : Infinity,
          relativeDifference(spectrum.energy(i, x), energy),
          ...rows.map((row) => Math.abs(inner(row, row) - 1)),
          ...rows.slice(1).map((row, j) => Math.abs(inner(row, rows[j]!))),
          ...rows.map((row) =>
            distance(
              expected.apply(row),
              row.map((y) => y * expected.levels[i]!.value),
            ),
          ),
        ];
      });
  const energies = spectrum.levels.map((_, i) => spectrum.energy(i, Float64Array.from(expected.gradient)));
  return [
    ...[snapshot.time - expected.time, snapshot.parameters - expected.parameters].map((d) => (d === 0 ? 0 : Infinity)),
    snapshot.origin === 'exact' ? 0 : Infinity,
    relativeDifference(snapshot.loss, expected.loss),
    distance(gradient, expected.gradient),
    distance(moved.subarray(0, n), expected.apply(x)),
    distance(moved.subarray(n), expected.apply(expected.gradient)),
    // The gradient lies in the range of H: its energies add up.
    relativeDifference(
      energies.reduce((sum, e) => sum + e, 0),
      inner(expected.gradient, expected.gradient),
    ),
    ...levels,
    ...bases,
  ];
}

/** How far all that two snapshots say is apart. */
function differences(one: Snapshot, other: Snapshot, vectors: boolean): number[] {
  const all = (snapshot: Snapshot): number[] => {
    const { time, loss, parameters, gradient, hessian, spectrum, origin } = snapshot;
    const x = probe(hessian.dimension);
    return [
      ...[time, loss, parameters, hessian.dimension, spectrum.dimension, origin === 'exact' ? 1 : 0],
      ...[...gradient, ...hessian.apply(x, 1)],
      ...spectrum.levels.flatMap(({ value, multiplicity }, i) => [
        ...[value, multiplicity, spectrum.energy(i, x), spectrum.energy(i, gradient)],
        ...(vectors ? spectrum.basis(i) : []),
      ]),
    ];
  };
  const [mine, its] = [all(one), all(other)];
  const bars = one.spectrum.levels.map(({ error }, i) => relativeDifference(error, other.spectrum.levels[i]!.error));
  return mine.length === its.length
    ? [...bars, ...mine.map((x, i) => Math.abs(x - its[i]!) / Math.max(1e-6, Math.abs(x)))]
    : [Infinity];
}

const cases = [
  [3, 0.3],
  [3, 40],
  [4, 1e6],
  [6, 0.3],
  [6, 40],
  [6, 1e6],
] as const;
const manyClasses = [0.3, 300, 1e6].map((t) => [101, t] as const);

export const symmetricSnapshots: Theorem = {
  id: 'symmetric-snapshots',
  statement:
    'gradient, Hessian, levels, their bases and error bounds of the symmetric solution, with and without biases, are those of G = (1/k) Σ (p − e_a) x_aᵀ, H = (1/k) Σ S_a ⊗ x_a x_aᵀ',
  assumptions: 'zero noise, orthonormal means, W(0) = 0',
  reference: 'definitions; α by Newton’s iteration',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const error = worstOver([...cases, ...manyClasses], 1e-9, ([k, t]) => {
      const alpha = marginAt(k, t);
      const p = symmetricProbabilities(k, alpha);
      const Z = Math.exp(alpha) + k - 1;
      const entry = (c: number, a: number): number => (c === a ? -(k - 1) : 1) / (k * Z);
      const gradient = Array.from({ length: k * k }, (_, i) => entry(Math.floor(i / k), i % k));
      const dim = k + 2;
      const loss = Math.log1p((k - 1) * Math.exp(-alpha));
      const plain = {
        time: t,
        loss,
        parameters: k * dim,
        gradient,
        apply: noiseless(k, p),
        levels: [
          { value: Math.exp(alpha) / Z ** 2, multiplicity: k },
          { value: 1 / (k * Z), multiplicity: k * (k - 2) },
        ],
      };
      const few = k < 100;
      const width = k + 1;
      const biased = {
        ...plain,
        parameters: k * (dim + 1),
        gradient: Array.from({ length: k * width }, (_, i) =>
          i % width === k ? 0 : entry(Math.floor(i / width), i % width),
        ),
        apply: noiseless(k, p, true),
        levels: biasedLevels(k, Math.exp(alpha)),
      };
      const [unbiased, withBias] = [laws.symmetricSnapshot(k, dim, t), laws.biasSnapshot(k, dim, t)];
      const point = { classes: k, time: t, margin: alpha, error: (k - 1) / Z, loss, gradientNorm: NaN };
      return [
        ...snapshotErrors(unbiased, plain, few),
        ...snapshotErrors(withBias, biased, few),
        ...differences(laws.symmetricSnapshotAt(point, dim), unbiased, few),
        ...differences(laws.biasSnapshotAt(point, dim), withBias, few),
      ];
    });
    return {
      holds: error <= 1e-9,
      evidence: `k = 3 … 101, t = 0.3 … 1e6: within ${scientific(error)}`,
    };
  },
};

/** Positive levels with biases, from the block on (X₁, X₂) in the docstring of biases.ts, in floating point. */
function biasedLevels(k: number, x: number): { value: number; multiplicity: number }[] {
  const Z = x + k - 1;
  const [first, second] = [x / Z ** 2, 1 / (k * Z)];
  const [c, d] = [k / (k - 1), (k * (k - 2)) / (k - 1)];
  const off = Math.sqrt(first * second * c * d);
  const { values } = symmetricEigen([
    [first * (1 + c), off],
    [off, second * (1 + d)],
  ]);
  return [
    { value: values[0]!, multiplicity: k - 1 },
    { value: first, multiplicity: 1 },
    { value: values[1]!, multiplicity: k - 1 },
    { value: second, multiplicity: k * k - 3 * k + 1 },
  ];
}

export const exactSnapshots: Theorem = {
  id: 'snapshots-from-any-start',
  statement:
    'the snapshot of an exact state holds its own gradient, the Hessian of its probabilities, and eigenpairs of it with error bounds that hold',
  assumptions: 'zero noise, orthonormal means, any W(0)',
  reference: 'definitions',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const starts = [3, 9, 40].flatMap((k) => [0.5, 2, 1e5].map((t) => ({ k, t })));
    const error = worstOver(starts, 1e-6, ({ k, t }) => {
      const state = laws.exactFlow(k, laws.randomWeights(k, 1, 3)).at(t);
      const p = Array.from({ length: k }, (_, a) =>
        Array.from({ length: k }, (__, c) => state.probabilities[c * k + a]!),
      );
      const apply = noiseless(k, p);
      const snapshot = laws.exactSnapshot(state, k + 1, k < 10 ? Infinity : 8);
      const { levels } = snapshot.spectrum;
      const known = k < 10 ? k * (k - 1) : 8;
      if (levels.length < known || snapshot.spectrum.remainder !== (k < 10 ? 'null' : 'below')) return [Infinity];
      const expected = {
        time: t,
        loss: -p.reduce((sum, pa, a) => sum + Math.log(pa[a]!), 0) / k,
        parameters: k * (k + 1),
        gradient: Array.from({ length: k * k }, (_, i) => {
          const [c, a] = [Math.floor(i / k), i % k];
          return (c === a ? -p[a]!.reduce((sum, q, b) => (b === a ? sum : sum + q), 0) : p[a]![c]!) / k;
        }),
        apply,
        // Eigenvalues from Rayleigh quotients of the vectors, which are accurate to the square of theirs.
        levels: levels.map((level, i) => {
          const v = snapshot.spectrum.basis(i);
          return { value: rayleigh(k, p, v), multiplicity: level.multiplicity };
        }),
      };
      // The same pairs one by one.
      const [pair] = laws.exactEigenpairs(state);
      const first = [
        relativeDifference(pair!.value, expected.levels[0]!.value),
        Math.abs(Math.hypot(...pair!.vector) - 1),
      ];
      const all = [...snapshotErrors(snapshot, expected), ...first];
      const descending = levels.every(({ value }, i) => i === 0 || value <= levels[i - 1]!.value * (1 + 1e-12));
      // The sine of the tilt is the relative error of λ times √(λλ′)/(λ − λ′), and at most 1.
      const tilts = levels.map(({ value }, i) => {
        const told = snapshot.spectrum.tilt!(i);
        const above = levels[i - 1]?.value;
        if (above === undefined) return told === 0 ? 0 : Infinity;
        const magnified = Math.sqrt(above * value) / Math.abs(above - value);
        return told <= 1 ? dishonesty(told / magnified, 0, 0) : Infinity;
      });
      // Of 40 classes only the top is known: the gradient's energies there do not add up to all of it.
      return [...(k < 10 ? all : all.filter((_, i) => i !== 7)), ...tilts, descending ? 0 : Infinity];
    });
    const bounds = [2, 30, 1000].map((k) => dishonesty(laws.relativeLevelError(k), 0, 0));
    return {
      holds: error <= 1e-6 && worst(bounds) === 0,
      evidence: `k = 3, 9, 40, t = 0.5, 2, 1e5: within ${scientific(error)}`,
    };
  },
};

/** vᵀHv as a sum of squares, (1/k) Σ_a ½ Σ p_c p_c′ (v_c − v_c′)². */
function rayleigh(k: number, p: readonly (readonly number[])[], v: Float64Array): number {
  let sum = 0;
  p.forEach((pa, a) => {
    for (let c = 0; c < k; c++) {
      for (let b = 0; b < c; b++) sum += pa[c]! * pa[b]! * (v[c * k + a]! - v[b * k + a]!) ** 2;
    }
  });
  return sum / k;
}

export const noisySnapshots: Theorem = {
  id: 'noisy-snapshots',
  statement:
    'at finite noise the families of matrices of each irrep are the eigenspaces of H, with the level of their sector, and any matrix is the sum of its parts in them',
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

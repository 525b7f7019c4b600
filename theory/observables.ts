import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

type Snapshot = ReturnType<Laws['symmetricSnapshot']>;
type Window = ReturnType<Laws['spectralEdge']>;

/** Numbers without pattern, the same on every machine: fractional parts of multiples of √2 and of their squares. */
function scatter(n: number, seed: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const x = (i + 1) * (Math.SQRT2 + 0.37 * seed);
    return ((x * x * 3.7) % 1) - 0.5 + (x % 1) - 0.5;
  });
}

const inner = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
};

/** n orthonormal vectors: Gram–Schmidt, twice. */
function orthonormal(n: number, seed: number): number[][] {
  const vectors: number[][] = [];
  for (let j = 0; j < n; j++) {
    let v = scatter(n, seed + j);
    for (let round = 0; round < 2; round++) {
      for (const q of vectors) {
        const along = inner(q, v);
        v = v.map((x, i) => x - along * q[i]!);
      }
    }
    const norm = Math.sqrt(inner(v, v));
    vectors.push(v.map((x) => x / norm));
  }
  return vectors;
}

/** A symmetric operator of known eigenvalues and eigenvectors, A = Σ λ_i q_i q_iᵀ, as a matrix. */
function operator(values: readonly number[], vectors: readonly (readonly number[])[]) {
  const n = values.length;
  const matrix = Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return values.reduce((sum, lambda, l) => sum + lambda * vectors[l]![i]! * vectors[l]![j]!, 0);
  });
  return {
    dimension: n,
    apply: (block: Float64Array, columns: number): Float64Array => {
      const result = new Float64Array(block.length);
      for (let c = 0; c < columns; c++) {
        for (let i = 0; i < n; i++) {
          result[c * n + i] = inner(matrix.slice(i * n, (i + 1) * n), block.subarray(c * n, (c + 1) * n));
        }
      }
      return result;
    },
  };
}

/** Few eigenvalues and many, over one decade and over twelve. */
const spectra: readonly (readonly number[])[] = [
  [5, 3, 2, 1.5, 0.5, 0.1],
  Array.from({ length: 14 }, (_, i) => 10 ** -i),
  Array.from({ length: 40 }, (_, i) => 3 / (i + 1)),
];

interface Case {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
  readonly snapshot: Snapshot;
  readonly errors: readonly number[];
}

/** The snapshot that dense eigenpairs of an operator make, and how far those are from what was put in. */
function measured(laws: Laws, values: readonly number[], seed: number): Case {
  const n = values.length;
  const vectors = orthonormal(n, seed);
  const hessian = operator(values, vectors);
  const pairs = laws.denseEigen(hessian);
  const spectrum = laws.measuredSpectrum(pairs);
  const largest = values[0]!;
  const gradient = Float64Array.from(scatter(n, 91 + seed));
  const vector = (i: number): Float64Array => pairs.vectors.subarray(i * n, (i + 1) * n);
  const errors = values.flatMap((lambda, i) => {
    const moved = hessian.apply(vector(i), 1).map((y, j) => y - pairs.values[i]! * vector(i)[j]!);
    const level = spectrum.levels[i]!;
    const bar = pairs.errors[i]!;
    const off = Math.abs(pairs.values[i]! - lambda);
    return [
      off / (1e-14 * n * largest),
      level.value === pairs.values[i] && level.multiplicity === 1 && level.error === bar ? 0 : Infinity,
      // The bar covers the error, and is not far above what rounding leaves of a matrix of this size.
      bar > 0 && off <= bar + 1e-16 * largest && bar < 1e-11 * n * largest ? 0 : Infinity,
      pairs.residuals[i]! > 0 ? Math.abs(Math.hypot(...moved) - pairs.residuals[i]!) / (1e-13 * n * largest) : Infinity,
      Math.abs(Math.hypot(...vector(i)) - 1) / 1e-12,
      Math.hypot(...moved) / (1e-13 * n * largest),
      Math.abs(spectrum.energy(i, gradient) - inner(vector(i), gradient) ** 2) / 1e-13,
      Math.hypot(...spectrum.basis(i).map((x, j) => x - vector(i)[j]!)) / 1e-15,
    ];
  });
  const whole =
    pairs.dimension === n && spectrum.dimension === n && spectrum.remainder === 'null' && pairs.products === 2 * n;
  return {
    values,
    vectors,
    errors: [...errors, whole ? 0 : Infinity],
    snapshot: { time: seed, loss: 1, parameters: 3 * n, gradient, hessian, spectrum, origin: 'trained' },
  };
}

/** ‖q_i · g‖² of the eigenvectors put in. */
const energies = ({ vectors, snapshot }: Case): number[] => vectors.map((q) => inner(q, snapshot.gradient) ** 2);
const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

export const eigenspaceShares: Theorem = {
  id: 'eigenspace-shares',
  statement:
    'f_top, χ, past fractions, overlap(g, Hg), subspace overlaps and predicted changes of the loss are sums over the eigenvectors of H, and dense eigenpairs are its eigenpairs within their error bounds',
  formula: String.raw`\begin{gathered} H v_i = \lambda_i v_i, \quad \lambda_1 > \lambda_2 > \dots, \qquad |\hat\lambda_i - \lambda_i| \le \mathrm{error}_i, \qquad g_i = v_i^{\mathsf T} g, \\ f_{\mathrm{top}}(m) = \chi_m^2 = \frac{\sum_{i \le m} g_i^2}{\lVert g\rVert^2}, \qquad \operatorname{overlap}(g, Hg) = \frac{\sum_i \lambda_i g_i^2}{\sqrt{\sum_i g_i^2\, \sum_i \lambda_i^2 g_i^2}}, \\ f_{\mathrm{past}}(m) = \frac{\sum_{i \le m} (v_i(t')^{\mathsf T} g(t))^2}{\lVert g(t)\rVert^2} \;\; (t' < t), \qquad \operatorname{overlap}(V, V') = \frac1m \sum_{i, j \le m} (v_i^{\mathsf T} v_j')^2, \\ \Delta L = -\eta \sum_i g_i^2 \;\text{ to first}, \quad -\eta \sum_i g_i^2 \Bigl(1 - \frac{\eta\lambda_i}{2}\Bigr) \;\text{ to second order} \end{gathered}`,
  assumptions: 'H symmetric with simple eigenvalues, any g',
  reference: 'definitions (GRD18 §2; Song, Ahn & Yun 2024), on matrices made from their eigenvectors',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const cases = spectra.map((values, i) => measured(laws, values, i + 1));
    const errors = cases.flatMap((one, i) => [
      ...one.errors,
      ...shareErrors(laws, one, measured(laws, spectra[i]!, i + 11)),
    ]);
    return {
      holds: worst(errors) <= 1,
      evidence: `matrices of size 6, 14, 40, condition 10 … 1e13: within ${scientific(worst(errors))} of what rounding leaves`,
    };
  },
};

function shareErrors(laws: Laws, one: Case, other: Case): number[] {
  const { snapshot, values } = one;
  const { gradient, spectrum } = snapshot;
  const n = values.length;
  const own = energies(one);
  const all = total(own);
  const eta = 0.7;
  const overlap =
    total(own.map((e, i) => e * values[i]!)) / Math.sqrt(all * total(own.map((e, i) => e * values[i]! ** 2)));
  const cuts = [1, Math.ceil(n / 3), n - 2].flatMap((m) => {
    const share = total(own.slice(0, m)) / all;
    const gap = values[m - 1]! - values[m]!;
    const top = laws.topFraction(snapshot, m);
    const fraction = laws.energyFraction(spectrum, gradient, m, 'x');
    const chi = laws.dominance(spectrum, gradient, m);
    const [past, ...more] = laws.pastFractions(other.snapshot.gradient, [snapshot, other.snapshot], m);
    const pastShare = total(one.vectors.slice(0, m).map((q) => inner(q, other.snapshot.gradient) ** 2));
    const change = laws.predictedChange(snapshot, m, eta);
    const firstOrder = (from: number, to: number): number => -eta * total(own.slice(from, to));
    const secondOrder = (from: number, to: number): number =>
      total(own.map((e, i) => (i >= from && i < to ? -eta * e * (1 - (eta * values[i]!) / 2) : 0)));
    const across = laws.subspaceOverlap(snapshot, other.snapshot, m);
    const later = laws.subspaceOverlap(snapshot, other.snapshot, 1, m);
    const trace = (from: number, to: number): number =>
      total(one.vectors.slice(from, to).flatMap((q) => other.vectors.slice(from, to).map((r) => inner(q, r) ** 2)));
    // [found, own, size]: differences in units of rounding.
    const numbers: (readonly [number, number, number])[] = [
      ...[top, fraction].flatMap(({ lower, upper, gap: seen }) => [
        [lower, share, 1] as const,
        [upper, share, 1] as const,
        [seen, gap, values[0]!] as const,
      ]),
      [top.null, m / (3 * n), 1e-2],
      [chi.lower, Math.sqrt(share), 1],
      [chi.upper, Math.sqrt(share), 1],
      [chi.gap, gap, values[0]!],
      ...[past!.lower, past!.upper].map(
        (x) => [x, pastShare / inner(other.snapshot.gradient, other.snapshot.gradient), 1] as const,
      ),
      [past!.gap, gap, values[0]!],
      [past!.time, snapshot.time, 1e-3],
      [more[0]!.time, other.snapshot.time, 1e-3],
      ...(
        [
          [change.firstOrder, firstOrder],
          [change.secondOrder, secondOrder],
        ] as const
      ).flatMap(([found, law]) => [
        [found.top.lower, law(0, m), all] as const,
        [found.top.upper, law(0, m), all] as const,
        [found.bulk.lower, law(m, n), all] as const,
        [found.bulk.upper, law(m, n), all] as const,
        [found.all, law(0, n), all] as const,
      ]),
      [across.lower, trace(0, m) / m, 1],
      [across.upper, trace(0, m) / m, 1],
      [across.gap, gap, values[0]!],
      [later.lower, trace(m, m + 1), 1],
      [later.upper, trace(m, m + 1), 1],
      [later.gap, Math.min(gap, m + 1 < n ? values[m]! - values[m + 1]! : gap), values[0]!],
    ];
    // Eigenvectors over a gap δ are known to eps λ₁/δ.
    const rounding = 1e-13 * n * (1 + values[0]! / Math.min(gap, m + 1 < n ? values[m]! - values[m + 1]! : gap));
    return numbers.map(([found, expected, size]) => Math.abs(found - expected) / (size * Math.min(rounding, 1e-4)));
  });
  return [...cuts, Math.abs(laws.gradientHessianOverlap(snapshot) - overlap) / 1e-12];
}

export const spectralDimensions: Theorem = {
  id: 'spectral-dimensions',
  statement:
    'participation ratio (Σλ)²/Σλ², effective rank e^{−Σ w log w}, effective dimension Σ λ/(λ + c), and those of matrices and windows of updates from their singular values',
  formula: String.raw`\begin{gathered} \text{participation ratio } \frac{(\sum_i \lambda_i)^2}{\sum_i \lambda_i^2}, \qquad \text{effective dimension } \sum_i \frac{\lambda_i}{\lambda_i + c}, \\ \text{effective rank } e^{-\sum_i w_i \log w_i}, \quad w_i = \frac{\lambda_i}{\sum_j \lambda_j}; \\ \text{of a matrix of singular values } \varsigma_i: \\ \text{stable rank } \frac{\sum_i \varsigma_i^2}{\varsigma_1^2}, \quad \text{participation ratio } \frac{(\sum_i \varsigma_i^2)^2}{\sum_i \varsigma_i^4} \end{gathered}`,
  assumptions: 'positive semidefinite spectra; matrices made from their singular vectors',
  reference: 'Roy & Vetterli 2007; Rudelson & Vershynin 2007; Xu 2026',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = spectra.flatMap((values, seed) => [
      ...dimensionErrors(laws, values),
      ...matrixErrors(laws, values.slice(0, 8), 9 + 5 * seed, seed),
    ]);
    return {
      holds: worst(errors) <= 1e-9,
      evidence: `spectra of 6, 14, 40 levels: within ${scientific(worst(errors))}`,
    };
  },
};

function dimensionErrors(laws: Laws, values: readonly number[]): number[] {
  const counted = values.map((value, i) => ({ value, multiplicity: 1 + (i % 3), error: 0 }));
  const list = counted.flatMap(({ value, multiplicity }) => new Array<number>(multiplicity).fill(value));
  const sum = total(list);
  const entropy = -total(list.map((x) => (x / sum) * Math.log(x / sum)));
  return [
    relativeDifference(laws.participationRatio({ levels: counted }), sum ** 2 / total(list.map((x) => x * x))),
    relativeDifference(laws.effectiveRank({ levels: counted }), Math.exp(entropy)),
    ...[0.01, 1].map((c) =>
      relativeDifference(laws.effectiveDimension({ levels: counted }, c), total(list.map((x) => x / (x + c)))),
    ),
  ];
}

/** A = Σ σ_i u_i v_iᵀ of `length` × count, both ways round. */
function matrixErrors(laws: Laws, sigmas: readonly number[], length: number, seed: number): number[] {
  const [count, U, V] = [sigmas.length, orthonormal(length, seed), orthonormal(sigmas.length, seed + 50)];
  const entry = (i: number, j: number): number => total(sigmas.map((sigma, l) => sigma * U[l]![i]! * V[l]![j]!));
  const data = Float64Array.from({ length: length * count }, (_, at) => entry(Math.floor(at / count), at % count));
  const flipped = Float64Array.from({ length: length * count }, (_, at) => entry(at % length, Math.floor(at / length)));
  const squares = sigmas.map((sigma) => sigma ** 2);
  const [stable, ratio] = [total(squares) / squares[0]!, total(squares) ** 2 / total(squares.map((x) => x * x))];
  const updates = Array.from({ length: count }, (_, j) => flipped.slice(j * length, (j + 1) * length));
  const gram = Float64Array.from(updates.flatMap((a) => updates.map((b) => inner(a, b))));
  const { spectrum, directions } = laws.edgeDirections(updates, 2);
  return [
    ...[
      laws.matrixDimension({ rows: length, columns: count, data }),
      laws.matrixDimension({ rows: count, columns: length, data: flipped }),
    ].flatMap(({ stableRank, participationRatio }) => [
      relativeDifference(stableRank, stable),
      relativeDifference(participationRatio, ratio),
    ]),
    ...[laws.updateSpectrum(updates), laws.spectralEdge(gram, count), spectrum].flatMap((found) =>
      windowErrors(found, sigmas, Math.sqrt(total([...gram])) / count),
    ),
    directions.length === 2 * length ? 0 : Infinity,
    ...[0, 1].map((j) => Math.abs(Math.abs(inner(U[j]!, directions.subarray(j * length, (j + 1) * length))) - 1)),
  ];
}

/** What a window of updates with singular values σ and a mean of length `drift` must have. Singular values from a Gram matrix are known to eps σ₁²/σ. */
function windowErrors(found: Window, sigmas: readonly number[], drift: number): number[] {
  const { singularValues, relativeGaps, gaps, edge, ratio, weightedEdge } = found;
  const squares = sigmas.map((sigma) => sigma ** 2);
  const ratios = sigmas.slice(1).map((sigma, i) => sigmas[i]! / sigma);
  const weighted = ratios.map((one, i) => one * sigmas[i]!);
  const isCoarse = (i: number): boolean => sigmas[i]! < 1e-3 * sigmas[0]!;
  const isWhole = !isCoarse(sigmas.length - 1);
  return [
    ...sigmas.map((sigma, i) => (isCoarse(i) ? 0 : relativeDifference(singularValues[i]!, sigma))),
    ...ratios.map((one, i) => (isCoarse(i + 1) ? 0 : Math.abs(relativeGaps[i]! - (1 - 1 / one)))),
    ...ratios.map((_, i) =>
      isCoarse(i + 1) ? 0 : Math.abs(gaps[i]! - (squares[i]! - squares[i + 1]!)) / (squares[i]! - squares[i + 1]!),
    ),
    isWhole && edge !== 1 + ratios.indexOf(Math.max(...ratios)) ? Infinity : 0,
    isWhole && weightedEdge !== 1 + weighted.indexOf(Math.max(...weighted)) ? Infinity : 0,
    isWhole ? relativeDifference(ratio, Math.max(...ratios)) : 0,
    relativeDifference(found.firstShare, squares[0]! / total(squares)),
    relativeDifference(found.drift, drift),
    singularValues.length === sigmas.length && relativeGaps.length === ratios.length && gaps.length === ratios.length
      ? 0
      : Infinity,
  ];
}

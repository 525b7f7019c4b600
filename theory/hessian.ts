import fc from 'fast-check';
import { isIdenticallyZero } from './exact/identity.js';
import { provenClasses, scientific, worst } from './numerics.js';
import type { Laws } from './laws.js';
import type { Theorem } from './theorem.js';

/** Probabilities p1 … pk as expressions with Σp = 1 built in: the last is one minus the others. */
function simplex(k: number): { names: string[]; p: string[] } {
  const names = Array.from({ length: k - 1 }, (_, i) => `p${i + 1}`);
  return { names, p: [...names, `(1 - ${names.join(' - ')})`] };
}

export const positiveSemidefinite: Theorem = {
  id: 'positive-semidefinite',
  statement:
    'H ⪰ 0: S is a graph Laplacian, S = Σ_{c<c′} p_c p_c′ (e_c − e_c′)(e_c − e_c′)ᵀ, so a relative change δ of the p moves every eigenvalue by at most (1 ± δ)²',
  formula: String.raw`\begin{gathered} H \succeq 0, \qquad S = \sum_{c < c'} p_c\,p_{c'}\,(e_c - e_{c'})(e_c - e_{c'})^{\mathsf T}, \\ |\tilde p_c - p_c| \le \delta\,p_c \text{ for each } c \text{ and input}, \quad \tilde S \text{ and } \tilde H \text{ those of } \tilde p \\ \Longrightarrow\; (1-\delta)^2\,\lambda_i(H) \le \lambda_i(\tilde H) \le (1+\delta)^2\,\lambda_i(H) \quad (0 \le \delta \le 1) \end{gathered}`,
  assumptions: 'softmax cross-entropy, any W, any data',
  reference: 'classical (Böhning 1992); perturbation: Ostrowski',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // Off the diagonal both sides are −p_c p_c′. On it, with R = Σ_{c′≠c} p_c′ = 1 − p_c: Σ_{c′≠c} p_c p_c′ = p_c R = p_c (1 − p_c), for any k.
    const isLaplacian = isIdenticallyZero('p*r - p*(1 - p) - p*(p + r - 1)', ['p', 'r'], 2);
    // Weights p̃ = p (1 + e) with e, e′ ≥ −δ, that is −δ + x, −δ + y: p̃p̃′/(pp′) − (1 − δ)² is a sum of products of x, y, 1 − δ ≥ 0. With
    // e = δ − x likewise from above. So the quadratic forms are ordered, and by Courant and Fischer the eigenvalues.
    const isOrdered =
      isIdenticallyZero('(1 - d + x)*(1 - d + y) - (1 - d)^2 - ((1 - d)*(x + y) + x*y)', ['d', 'x', 'y'], 2) &&
      isIdenticallyZero('(1 + d)^2 - (1 + d - x)*(1 + d - y) - (x*(1 + d - y) + y*(1 + d))', ['d', 'x', 'y'], 2);
    // The whole matrix as a sum over pairs, entry by entry.
    const isSum = [2, 3, 4, 5].every((k) => {
      const { names, p } = simplex(k);
      return p.every((pc, c) =>
        p.every((pb, b) => {
          const pairs = p.flatMap((px, x) =>
            p.slice(x + 1).map((py, i) => {
              const y = x + 1 + i;
              const sign = ((c === x ? 1 : 0) - (c === y ? 1 : 0)) * ((b === x ? 1 : 0) - (b === y ? 1 : 0));
              return `${sign}*${px}*${py}`;
            }),
          );
          const entry = c === b ? `(${pc} - ${pc}*${pc})` : `(0 - ${pc}*${pb})`;
          return isIdenticallyZero(`${pairs.join(' + ')} - ${entry}`, names, 2);
        }),
      );
    });
    const proven = isLaplacian && isOrdered && isSum;
    let lowest = 0;
    let checked = true;
    for (const k of [...provenClasses, 20]) {
      const state = laws.exactFlow(k, laws.randomWeights(k, 3, k)).at(5);
      const { hessian } = laws.exactSnapshot(state, k);
      const v = laws.randomWeights(k, 1, 100 + k);
      const quadratic = hessian.apply(v, 1).reduce((sum, y, i) => sum + y * v[i]!, 0);
      let laplacian = 0;
      for (let a = 0; a < k; a++) {
        for (let c = 0; c < k; c++) {
          for (let b = 0; b < c; b++) {
            laplacian +=
              (state.probabilities[c * k + a]! *
                state.probabilities[b * k + a]! *
                (v[c * k + a]! - v[b * k + a]!) ** 2) /
              k;
          }
        }
      }
      checked &&= Math.abs(quadratic / laplacian - 1) < 1e-12;
      lowest = Math.min(lowest, ...laws.exactSnapshot(state, k, Infinity).spectrum.levels.map((level) => level.value));
    }
    return {
      holds: proven && checked && lowest >= 0,
      evidence:
        'Laplacian identity and order of the forms symbolic for all k, entry by entry for k = 2…5; library’s vᵀHv equals it to 1e-12',
    };
  },
};

export const gaugeNullSpace: Theorem = {
  id: 'gauge-null-space',
  statement: 'H (1 ⊗ v) = 0 for every v: a null space of dimension d at least, from the gauge W → W + 1 vᵀ',
  formula: String.raw`H\,(\mathbf 1 \otimes v) = 0 \quad \forall v \in \mathbb R^d, \qquad \dim \ker H \ge d, \qquad L(W + \mathbf 1 v^{\mathsf T}) = L(W)`,
  assumptions: 'softmax cross-entropy, any W, any data',
  reference: 'GRD18 §4',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // p_c − p_c Σp = p_c (1 − p_c − R) with R the sum of the others, for any k; and written out.
    const forAll = isIdenticallyZero('(p - p*(p + r)) - p*(1 - p - r)', ['p', 'r'], 2);
    const proven =
      forAll &&
      [2, 3, 4, 5].every((k) => {
        const { names, p } = simplex(k);
        return p.every((pc) => isIdenticallyZero(`${pc} - ${p.map((q) => `${pc}*${q}`).join(' - ')}`, names, 2)); // (S 1)_c
      });
    const errors = [2, 5, 30].flatMap((k) => {
      const initial = laws.randomWeights(k, 2, k);
      const shifted = initial.map((w, i) => w + Math.sin(i % k));
      const state = laws.exactFlow(k, initial).at(3);
      const moved = laws.exactSnapshot(state, k).hessian.apply(
        Float64Array.from(initial, (_, i) => Math.cos(i % k)),
        1,
      );
      const level = laws.symmetricLevels(laws.symmetricPoint(k, 3), k + 4).find((l) => l.value === 0)!;
      return [
        ...moved.map(Math.abs),
        Math.abs(laws.exactFlow(k, shifted).at(3).loss - state.loss),
        level.multiplicity >= k + 4 ? 0 : Infinity,
      ];
    });
    return {
      holds: proven && worst(errors) <= 1e-14,
      evidence: `S 1 = 0 symbolic for all k, written out for k = 2…5; library off by ${scientific(worst(errors))}`,
    };
  },
};

/** (k, scale of W(0), seed, t) of random cases, keyed so that every run sees the same ones. */
const anyState = [
  fc.integer({ min: 2, max: 8 }),
  fc.constantFrom(0.01, 1, 4),
  fc.nat(10_000),
  fc.double({ min: -3, max: 9, noNaN: true }).map((exponent) => 10 ** exponent),
] as const;
const runs = 60;

export const spectrumFromAnyStart: Theorem = {
  id: 'spectrum-from-any-start',
  statement:
    'the spectrum is that of the S_a/k: k(k−1) positive eigenvalues with eigenvectors v ⊗ μ_a, from the secular equation Σ p_c/(p_c − λ) = 0',
  formula: String.raw`\begin{gathered} H\,(v \otimes \mu_a) = \frac{\lambda}{k}\,v \otimes \mu_a \quad\text{where}\quad S_a v = \lambda v, \\ \lambda > 0: \quad \sum_c \frac{p_c}{p_c - \lambda} = 0 \quad\text{or}\quad \lambda = p_c = p_{c'},\; c \ne c'; \qquad k(k-1) \text{ positive in all} \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, any W(0), any t',
  reference: 'derived here; Golub 1973',
  method: 'property-based',
  expected: 'checked',
  check(laws, caseSeed) {
    const property = fc.property(...anyState, (k, scale, seed, t) => {
      const state = laws.exactFlow(k, laws.randomWeights(k, scale, seed)).at(t);
      const pairs = [...laws.exactEigenpairs(state)];
      const largest = pairs[0]!.value;
      let trace = 0;
      for (let a = 0; a < k; a++) {
        for (let c = 0; c < k; c++) {
          // p_c (1 − p_c), with 1 − p_c as the sum of the others
          let others = 0;
          for (let b = 0; b < k; b++) if (b !== c) others += state.probabilities[b * k + a]!;
          trace += (state.probabilities[c * k + a]! * others) / k;
        }
      }
      const sum = pairs.reduce((total, pair) => total + pair.value, 0);
      const residual = worst(
        pairs.flatMap(({ classIndex, value, vector }) => {
          const p = Float64Array.from({ length: k }, (_, c) => state.probabilities[c * k + classIndex]!);
          const average = p.reduce((total, pc, c) => total + pc * vector[c]!, 0);
          return Array.from(p, (pc, c) => Math.abs((pc * (vector[c]! - average)) / k - value * vector[c]!));
        }),
      );
      return (
        pairs.length === k * (k - 1) &&
        Math.abs(sum / trace - 1) < 1e-12 &&
        pairs.every(({ vector }) => Math.abs(Math.hypot(...vector) - 1) < 4 * k * Number.EPSILON) &&
        residual < 4 * k * Number.EPSILON * Math.max(largest, 1 / k)
      );
    });
    const many = worst(classSpectra.flatMap((p) => classErrors(laws, p)));
    const finding = report(
      fc.check(property, { seed: caseSeed, numRuns: runs }),
      'count, trace and residual ‖Hv − λv‖',
    );
    return { ...finding, holds: finding.holds && many <= 1 };
  },
};

/** Probabilities of one class, some of them equal: few and many, even and spread over many decades. */
const classSpectra = [4, 40, 300].flatMap((k) =>
  [0.1, 3, 20].map((spread) => {
    const weights = Array.from({ length: k }, (_, c) =>
      Math.exp((-spread * Math.sqrt(Math.floor((c * c) / 7) % k)) / Math.sqrt(k)),
    );
    const total = weights.reduce((sum, w) => sum + w, 0);
    return Float64Array.from(weights, (w) => w / total);
  }),
);

/** All k − 1 positive eigenpairs of diag(p) − ppᵀ: count, order, residuals, unit vectors, the trace and the sum of squares, in units of rounding. */
function classErrors(laws: Laws, p: Float64Array): number[] {
  const k = p.length;
  const pairs = [...laws.classEigenpairs(p)];
  const largest = pairs[0]!.value;
  const sums = [1, 2].map((power) => pairs.reduce((sum, { value }) => sum + value ** power, 0));
  const squares = p.reduce((sum, pc) => sum + pc * pc, 0);
  const cubes = p.reduce((sum, pc) => sum + pc ** 3, 0);
  return [
    pairs.length === k - 1 && pairs.every(({ value }, i) => i === 0 || value <= pairs[i - 1]!.value) ? 0 : Infinity,
    Math.abs(sums[0]! - (1 - squares)) / (k * Number.EPSILON),
    Math.abs(sums[1]! - (squares - 2 * cubes + squares ** 2)) / (k * Number.EPSILON),
    ...pairs.flatMap(({ value, vector }) => {
      const average = vector.reduce((sum, v, c) => sum + p[c]! * v, 0);
      const residual = Math.hypot(...vector.map((v, c) => p[c]! * (v - average) - value * v));
      return [
        residual / (4 * k * Number.EPSILON * largest),
        Math.abs(Math.hypot(...vector) - 1) / (k * Number.EPSILON),
      ];
    }),
  ];
}

export const lossFalls: Theorem = {
  id: 'loss-falls',
  statement: 'dL/dt = −‖G‖²: the loss falls along the flow',
  formula: String.raw`\frac{dL}{dt} = -\lVert G \rVert^2 \le 0`,
  assumptions: 'gradient flow, any W(0)',
  reference: 'classical; GRD18 §3 uses it for δL = −η‖g‖²',
  method: 'property-based',
  expected: 'checked',
  check(laws, caseSeed) {
    const property = fc.property(...anyState, (k, scale, seed, t) => {
      const flow = laws.exactFlow(k, laws.randomWeights(k, scale, seed));
      const h = 1e-4 * t;
      const slope = (flow.at(t + h).loss - flow.at(t - h).loss) / (2 * h);
      const state = flow.at(t);
      // central differences: relative error h² L‴/L′ ~ 1e-8, and rounding of the loss, eps L/(h |L′|)
      const rounding = (8 * Number.EPSILON * state.loss) / (h * state.gradientNorm ** 2);
      return Math.abs(slope / -(state.gradientNorm ** 2) - 1) < 1e-6 + rounding;
    });
    return report(
      fc.check(property, { seed: caseSeed, numRuns: runs }),
      'finite differences of the loss against −‖G‖²',
    );
  },
};

export const topFractionInterval: Theorem = {
  id: 'top-fraction-interval',
  statement: 'f_top(m) as an interval contains the value for every choice of top-m eigenvectors, and grows with m to 1',
  formula: String.raw`\begin{gathered} f_{\mathrm{top}}(m) = [f_-(m), f_+(m)] \ni \frac{\lVert P g\rVert^2}{\lVert g \rVert^2} \\ \text{for every projector } P \text{ on top-}m \text{ eigenvectors}, \\ f_\pm(m) \le f_\pm(m+1), \qquad f_\pm(\dim H) = 1 \end{gathered}`,
  assumptions: 'any positive semidefinite H',
  reference: 'definition of f_top where the cut is degenerate',
  method: 'property-based',
  expected: 'checked',
  check(laws, caseSeed) {
    const property = fc.property(...anyState, (k, scale, seed, t) => {
      const snapshot = laws.exactSnapshot(laws.exactFlow(k, laws.randomWeights(k, scale, seed)).at(t), k, Infinity);
      const symmetric = laws.symmetricSnapshot(k, k, t);
      let previous = 0;
      for (let m = 0; m <= k * (k - 1); m++) {
        const { lower, upper } = laws.topFraction(snapshot, m);
        if (lower < previous - 1e-12 || upper < lower) return false;
        previous = lower;
        // Any m of the k eigenvectors v ⊗ μ_a of the first level hold m/k of the symmetric gradient.
        const inside = laws.topFraction(symmetric, m);
        const choice = Math.min(1, m / k);
        if (inside.lower > choice + 1e-12 || inside.upper < choice - 1e-12) return false;
      }
      return Math.abs(previous - 1) < 1e-9;
    });
    return report(fc.check(property, { seed: caseSeed, numRuns: runs }), 'every m from 0 to k(k−1)');
  },
};

function report(
  details: { failed: boolean; numRuns: number; counterexample: unknown },
  what: string,
): { holds: boolean; evidence: string } {
  return {
    holds: !details.failed,
    evidence: details.failed
      ? `counterexample (k, scale, seed, t) = ${JSON.stringify(details.counterexample)}`
      : `${what}, ${details.numRuns} random (k, W(0), t)`,
  };
}

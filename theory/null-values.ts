import { isIdenticallyZero } from './exact/identity.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * For ĝ uniform on the sphere E[ĝĝᵀ] = 1/dim by symmetry, so E‖P ĝ‖² = Tr P/dim; and for a random k-dimensional P′,
 * E Tr(P P′)/k = Tr P/dim. Both are averages over any orthonormal basis: the mean of ‖P e_i‖² is exactly m/dim.
 */
export const randomDirection: Theorem = {
  id: 'null-of-f-top',
  statement: 'a random direction has E f_top(m) = m/dim, and unrelated subspaces overlap by k/dim',
  formula: String.raw`\begin{gathered} \mathbb E\, f_{\mathrm{top}}(m) = \frac{m}{\dim}, \\ \mathbb E\, \operatorname{overlap}(V, V') = \frac{k}{\dim} \quad \text{for any } V \text{ of dimension } k, \; V' \text{ uniform among those} \end{gathered}`,
  assumptions: 'direction uniform on the sphere of the dim parameters, or V′ uniform among the subspaces; V fixed',
  reference: 'GRD18 §2 (null values)',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = [3, 5].flatMap((k) => {
      const snapshot = laws.exactSnapshot(laws.exactFlow(k, laws.randomWeights(k, 1, k)).at(1), k, Infinity);
      const dim = k * k;
      return [1, k, 2 * k].map((m) => {
        let mean = 0;
        for (let i = 0; i < dim; i++) {
          const direction = new Float64Array(dim);
          direction[i] = 1;
          mean += laws.topFraction({ ...snapshot, gradient: direction }, m).lower / dim;
        }
        const { null: stated } = laws.topFraction(snapshot, m);
        return worst([
          relativeDifference(mean, laws.randomFractionNull(m, dim)),
          relativeDifference(stated, m / dim),
          relativeDifference(laws.randomOverlapNull(m, dim), m / dim),
        ]);
      });
    });
    return {
      holds: worst(errors) <= 1e-12,
      evidence: `mean over an orthonormal basis, off by ${scientific(worst(errors))}`,
    };
  },
};

/** Σ ± v_i with λ_i = i: gᵀHg = Σ i = k(k+1)/2, ‖g‖² = k, ‖Hg‖² = Σ i² = k(k+1)(2k+1)/6; the signs drop out. */
export const linearSpectrum: Theorem = {
  id: 'null-of-overlap',
  statement: 'for g = Σ ± v_i over k eigenvectors with λ_i ∝ i, overlap(g, Hg)² = 3(k+1)/(2(2k+1)) → 3/4',
  formula: String.raw`g = \sum_{i=1}^k \pm v_i, \;\; H v_i = \lambda_i v_i, \;\; \lambda_i \propto i \;\Longrightarrow\; \operatorname{overlap}(g, Hg)^2 = \frac{3(k+1)}{2(2k+1)} \;\xrightarrow{k \to \infty}\; \frac34`,
  assumptions: 'any signs',
  reference: 'GRD18 §3: the limit √(3/4)',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const proven = isIdenticallyZero('(k*(k+1)/2)^2 / (k * (k*(k+1)*(2*k+1)/6)) - 3*(k+1)/(2*(2*k+1))', ['k'], 8);
    // The two sums, by induction: the differences are k and k², and both start at 1.
    const induction =
      isIdenticallyZero('k*(k+1)/2 - (k-1)*k/2 - k', ['k'], 2) &&
      isIdenticallyZero('k*(k+1)*(2*k+1)/6 - (k-1)*k*(2*k-1)/6 - k^2', ['k'], 3);
    const errors = [1, 2, 10, 100].map((k) => {
      const hessian = { dimension: k, apply: (block: Float64Array) => block.map((x, i) => x * (i + 1)) };
      const gradient = Float64Array.from({ length: k }, (_, i) => (i % 3 === 0 ? -1 : 1));
      return relativeDifference(laws.gradientHessianOverlap({ gradient, hessian }), laws.linearSpectrumOverlapNull(k));
    });
    const limit = Math.abs(laws.linearSpectrumOverlapNull(Infinity) - Math.sqrt(0.75));
    return {
      holds: proven && induction && worst([...errors, limit]) <= 1e-12,
      evidence: `sums by induction, symbolic in k; library off by ${scientific(worst(errors))}`,
    };
  },
};

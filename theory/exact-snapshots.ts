import { dishonesty } from './error-bars.js';
import { relativeDifference, scientific, worst, worstOver } from './numerics.js';
import { noiseless, snapshotErrors } from './snapshot-errors.js';
import type { Theorem } from './theorem.js';

export const exactSnapshots: Theorem = {
  id: 'snapshots-from-any-start',
  statement:
    'the snapshot of an exact state holds its own gradient, the Hessian of its probabilities, and eigenpairs of it with error bounds that hold',
  formula: String.raw`\begin{gathered} G = \frac1k \sum_a (p_a - e_a)\,\mu_a^{\mathsf T}, \qquad H = \frac1k \sum_a S_a \otimes \mu_a \mu_a^{\mathsf T}, \\ H v_i = \lambda_i v_i, \qquad |\hat\lambda_i - \lambda_i| \le \mathrm{error}_i \end{gathered}`,
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

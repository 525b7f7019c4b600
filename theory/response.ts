import type { Laws } from './laws.js';
import { scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * 1 − f_top to second order in W(0) = δ. Write G = −α̇ ∂W/∂α + Hδ. The eigenvectors of H + H′[δ] differ from those of H by
 * P_s H′[δ] P_t/(λ_t − λ_s), so that the part of the gradient on the perturbed eigenvectors of a level s is
 * λ_s δ_s − P_s H′[δ] G₀/(λ_t − λ_s), G₀ = −α̇ ∂W/∂α. The third derivative of the loss is symmetric, H′[δ] ∂W/∂α = (dH/dα) δ, and dH/dα is
 * diagonal in the sectors: c_s = [λ_s + α̇ λ_s′/(λ_t − λ_s)] δ_s. Confronted with the noiseless closed form from the same W(0),
 * which knows nothing of sectors, at the smallest noise.
 */
function predicted(laws: Laws, k: number, initial: Float64Array, times: readonly number[]): number[] {
  const parts = laws.splitSectors(k, initial);
  const norm2 = (x: Float64Array): number => x.reduce((sum, value) => sum + value ** 2, 0);
  return laws.linearResponse({ classes: k, dim: k, noise: 0.02 }, times).map(({ modes, gradientNorm }) => {
    const lost = modes
      .filter(({ sector }) => sector !== 'standard+')
      .map(({ sector, turned }) => {
        if (sector !== 'standard-') return turned[0]! ** 2 * norm2(parts[sector as 'symmetric' | 'antisymmetric']);
        return norm2(parts.means.map((m, c) => turned[0]! * m + turned[1]! * parts.differences[c]!));
      });
    return lost.reduce((sum, x) => sum + x, 0) / gradientNorm ** 2;
  });
}

export const turningEigenvectors: Theorem = {
  id: 'linear-response-of-f-top',
  statement:
    '1 − f_top(k) = Σ_below ‖[λ_s + α̇ (dλ_s/dα)/(λ_trivial − λ_s)] δ_s‖²/‖G‖² to second order in δ: the turning of the eigenvectors counts as much as Hδ',
  assumptions: 'W(0) = δ small against the gaps',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws, seed) {
    const times = [1, 10];
    const errors = [4, 6].flatMap((k) => {
      const initial = laws.randomWeights(k, 1e-4, seed);
      const flow = laws.exactFlow(k, initial);
      const law = predicted(laws, k, initial, times);
      return times.map((t, i) => {
        const { lower } = laws.topFraction(laws.exactSnapshot(flow.at(t), k), k);
        return Math.abs((1 - lower) / law[i]! - 1);
      });
    });
    return {
      holds: worst(errors) <= 0.03,
      evidence: `against the noiseless closed form, k = 4, 6, t = 1, 10: 1 − f_top within ${scientific(worst(errors))}`,
    };
  },
};

export const statisticsOfCollapse: Theorem = {
  id: 'collapse-statistics',
  statement: 'the mean of f_top(k) over random W(0) needs only the dimensions of the sectors',
  assumptions: 'W(0) with independent N(0, δ²) entries, δ small against the gaps',
  reference: 'derived here',
  method: 'property-based',
  expected: 'checked',
  check(laws, seed) {
    const k = 5;
    const draws = 200;
    const delta = 1e-4;
    const fractions = Array.from({ length: draws }, (_, i) => {
      const flow = laws.exactFlow(k, laws.randomWeights(k, delta, seed, i));
      return 1 - laws.topFraction(laws.exactSnapshot(flow.at(3), k), k).lower;
    });
    const mean = fractions.reduce((sum, x) => sum + x, 0) / draws;
    const deviation = Math.sqrt(fractions.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1));
    const [state] = laws.collapse(
      { classes: k, dim: k, noise: 0.02 },
      { delta, times: [3], draws: 20_000, seed },
    ).states;
    const z = Math.abs(mean - (1 - state!.lower)) / (deviation / Math.sqrt(draws));
    return {
      holds: z <= 4,
      evidence: `k = 5, t = 3: ${draws} exact flows average ${z.toFixed(1)} standard errors from it`,
    };
  },
};

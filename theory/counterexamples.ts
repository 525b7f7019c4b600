import { isIdenticallyZero } from './exact/identity.js';
import { once, scientific } from './numerics.js';
import { noiseAlongTheFlow, type NoiseLevel } from './quadrature/noise-along-the-flow.js';
import { rankOfHessian } from './symmetric-spectrum.js';
import type { Theorem } from './theorem.js';

/** Statements that are false, each with a witness: the checker must be able to say no. */

export const rankIsK: Theorem = {
  id: 'false-rank-is-k',
  statement: 'rank H = k',
  formula: String.raw`\operatorname{rank} H = k`,
  assumptions: 'zero noise, orthonormal means, k ≥ 3',
  reference: 'a reading of "k positive eigenvalues" (GRD18 §4)',
  method: 'rational proof',
  expected: 'refuted',
  check(laws) {
    const exact = rankOfHessian(3);
    const levels = laws.symmetricLevels(laws.symmetricPoint(3, 1), 3);
    const counted = levels.reduce((sum, level) => sum + (level.value > 0 ? level.multiplicity : 0), 0);
    return {
      holds: exact === 3 || counted === 3,
      evidence: `k = 3 has rank ${exact} by exact elimination, and ${counted} positive eigenvalues`,
    };
  },
};

export const preservedAtStart: Theorem = {
  id: 'false-subspace-preserved-at-start',
  statement: 'the top-k subspace at t = 0 is the one at late times',
  formula: String.raw`V_k(0) = V_k(t) \quad \text{at late } t, \qquad V_k = \text{span of the top } k \text{ eigenvectors of } H`,
  assumptions: 'zero noise, orthonormal means, k ≥ 3, W(0) small or zero',
  reference: 'GRD18 §2 claims preservation only after the initial period',
  method: 'certified numerics',
  expected: 'refuted',
  check(laws) {
    const k = 5;
    const zero = laws.subspaceOverlap(laws.symmetricSnapshot(k, k, 0), laws.symmetricSnapshot(k, k, 100), k);
    const flow = laws.exactFlow(k, laws.randomWeights(k, 0.01, 1));
    const [start, late, later] = [0, 100, 1e4].map((t) => laws.exactSnapshot(flow.at(t), k));
    const small = laws.subspaceOverlap(start!, late!, k);
    const preserved = laws.subspaceOverlap(late!, later!, k);
    if (!(preserved.lower > 0.99)) throw new Error(`even late subspaces overlap by only ${preserved.lower}`);
    return {
      holds: zero.lower > 0.5 || small.lower > 0.5,
      evidence: `k = 5: W(0) = 0 gives overlap [${zero.lower.toFixed(2)}, ${zero.upper.toFixed(2)}], small W(0) gives ${small.upper.toFixed(3)}; from t = 100 to 1e4 it is ${preserved.lower.toFixed(4)}`,
    };
  },
};

/**
 * One class is badly wrong, p_a = δ, so that its gradient is of order one along its smallest curvature δ/(k−1); the other classes
 * are nearly right, ε, with tiny gradients along larger curvature ε/(k−1). With ε² ≪ δ ≪ ε, g is an eigenvector to all intents
 * and purposes, but not of the top group.
 */
export const overlapImpliesTopFraction: Theorem = {
  id: 'false-overlap-implies-f-top',
  statement: 'overlap(g, Hg) near 1 implies f_top(k) near 1',
  formula: String.raw`\forall \epsilon > 0 \;\; \exists \delta > 0: \qquad \operatorname{overlap}(g, Hg) > 1 - \delta \;\Longrightarrow\; f_{\mathrm{top}}(k) > 1 - \epsilon`,
  assumptions: 'zero noise, orthonormal means',
  reference: 'the proxy of GRD18 §3, taken as an equivalence',
  method: 'certified numerics',
  expected: 'refuted',
  check(laws) {
    const k = 3;
    const [delta, epsilon] = [1e-9, 1e-6];
    const initial = new Float64Array(k * k);
    for (let a = 0; a < k; a++) {
      const right = a === 0 ? delta : 1 - epsilon;
      initial[a * k + a] = Math.log(right / ((1 - right) / (k - 1)));
    }
    const snapshot = laws.exactSnapshot(laws.exactFlow(k, initial).at(0), k, Infinity);
    const overlap = laws.gradientHessianOverlap(snapshot);
    const { upper } = laws.topFraction(snapshot, k);
    return {
      holds: !(overlap > 0.999 && upper < 0.001),
      evidence: `k = 3, one class with p_a = 1e-9, two with ε = 1e-6: overlap(g, Hg) = ${overlap.toFixed(7)}, f_top(3) ≤ ${upper.toExponential(1)}`,
    };
  },
};

/**
 * In one step the loss is expected to change by −η E g_i² (1 − ηλ/2) + η²λc/(2b) along an eigenvector, what the step gains and what the noise of the batch puts back. Of
 * relaxed noise, E g_i² = (η/b)cλ/(2 − ηλ), both are the same, at any η: over η²c/b they are λ(1 − ηλ/2)/(2 − ηλ) and λ/2.
 */
const relaxedNoiseGainsNothing = once((): boolean => isIdenticallyZero('l*(1 - n*l/2)/(2 - n*l) - l/2', ['l', 'n'], 3));

export const topFractionImpliesTraining: Theorem = {
  id: 'false-f-top-implies-training-on-top',
  statement: 'f_top(k) near 1 implies that training happens in the top space',
  formula: String.raw`f_{\mathrm{top}}(k) \approx 1 \;\Longrightarrow\; \frac{\Delta L_{\mathrm{top}}}{\Delta L} \approx 1, \qquad \Delta L_{\mathrm{top}} \text{ the part of the step } P_k(\theta' - \theta)`,
  assumptions: 'the exact model with the noise of SGD, past the boundary',
  reference: 'the conclusion of GRD18’s title; Song, Ahn & Yun, arXiv:2405.16002, for networks',
  method: 'certified numerics',
  expected: 'refuted',
  check(laws) {
    const [k, ratio, relativeMargin] = [3, 0.03, 0.98];
    const model = { classes: k, dim: k, noise: 0.4 };
    const margin = relativeMargin / 0.16;
    const { gradientEnergy, levels, topFraction } = laws.stationaryNoise({ ...model, margin }, { learningRateOverBatch: ratio }); // prettier-ignore
    const trivial = levels.findIndex(({ sector }) => sector === 'trivial');
    let above = 0;
    const top = levels.filter(({ multiplicity }) => (above += multiplicity) <= k);
    const isBelow = trivial >= top.length && levels[trivial + 1]?.sector === 'gauge';
    const share = noiseGains(top, ratio) / (gradientEnergy.flow + noiseGains(levels, ratio));
    const moving = stillMoving();
    const isRefuted =
      relaxedNoiseGainsNothing() &&
      isBelow &&
      gradientEnergy.flow > 0 &&
      topFraction.lower > 0.95 &&
      Math.abs(share) < 1e-9 &&
      moving < 0;
    return {
      holds: !isRefuted,
      evidence: `k = d = 3, σ = 0.4, α = 0.98 α*, η/b = 0.03: f_top(3) = ${topFraction.lower.toFixed(3)}, but the flow is along the smallest level, and of the decrease of the loss the top space has ${scientific(Math.abs(share))}, noise puts back what its gradient gains; from W(0) = 0, t = 1000 it has ${(100 * moving).toFixed(0)} %`,
    };
  },
};

/** Of the decrease of the loss per unit time, the flow's left out: Σ n (λ²v − (η/2b) λc). */
function noiseGains(levels: readonly Omit<NoiseLevel, 'sector'>[], ratio: number): number {
  return levels.reduce(
    (sum, { multiplicity: n, eigenvalue: x, variance, covariance }) =>
      sum + n * (x ** 2 * variance - (ratio / 2) * x * covariance),
    0,
  );
}

/** The share of the top three directions while noise has not relaxed, k = d = 3, σ = 0.4, η/b = 0.03, t = 1000: by an integration of the theory's own. */
const stillMoving = once((): number => {
  const along = noiseAlongTheFlow({ classes: 3, dim: 3, noise: 0.4 }, 6.25, 14);
  const { flow, levels } = along.atTimes(0.03, [1000])[0]!;
  const top = [...levels].sort((x, y) => y.eigenvalue - x.eigenvalue).slice(0, 2); // standard+, twice, and antisymmetric
  return noiseGains(top, 0.03) / (flow + noiseGains(levels, 0.03));
});

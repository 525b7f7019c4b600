import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { classNumbers, noiseNumbers } from './noisy-values.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import { collisions } from './quadrature/collisions.js';
import { logUnit } from './quadrature/sector-levels.js';
import type { Theorem } from './theorem.js';

type Factors = Parameters<Laws['softmaxMoment']>[1];

/** A moment by its factors, and what it is by an identity from integrals of the theory's own. */
interface ExpectedMoment {
  readonly factors: Factors;
  readonly value: number;
}

/**
 * With P = E p_1, w = E p_0p_1, v = E p_1p_2, a = ασ: Σ_c p_c = 1 gives E p_0 = 1 − (k−1) P and E p_0² = E p_0 − (k−1) w; Stein's lemma
 * E η f = E ∂f/∂η gives E η_0 p_0 = a (k−1) w, E η_1 p_0 = −a w, E η_0² p_0 = E p_0 + a (k−1) E η_0 p_0p_1.
 */
function expectedMoments(k: number, noise: number, margin: number): ExpectedMoment[] {
  const at = collisions(k, noise, margin);
  const [P, w, v] = [at.logWrong, at.withTrue.log, at.ofOthers!.log].map(Math.exp) as [number, number, number];
  const a = margin * noise;
  const first = 1 - (k - 1) * P;
  const p0 = { isTrue: true, power: 1 };
  const noisyPair = (w * (at.withTrue.means[0]! - 1)) / noise; // E η_0 p_0p_1
  return [
    { factors: [p0], value: first },
    { factors: [{ power: 1 }], value: P },
    { factors: [p0, { power: 1 }], value: w },
    { factors: [{ power: 1 }, { power: 1 }], value: v },
    { factors: [{ isTrue: true, power: 2 }], value: first - (k - 1) * w },
    { factors: [{ ...p0, order: 1 }], value: a * (k - 1) * w },
    { factors: [p0, { power: 0, order: 1 }], value: -a * w },
    { factors: [{ ...p0, order: 2 }], value: first + a * (k - 1) * noisyPair },
  ];
}

export const momentIdentities: Theorem = {
  id: 'moment-identities',
  statement:
    'E p_0 + (k−1) E p_1 = 1;  E p_0² + (k−1) E p_0 p_1 = E p_0;  E η_0 p_0 = ασ (k−1) E p_0 p_1;  E η_1 p_0 = −ασ E p_0 p_1, and so to third order',
  formula: String.raw`\begin{gathered} \mathbb E p_0 + (k-1)\,\mathbb E p_1 = 1, \qquad \mathbb E p_0^2 + (k-1)\,\mathbb E p_0 p_1 = \mathbb E p_0, \\ \mathbb E \eta_0 p_0 = \alpha\sigma\,(k-1)\,\mathbb E p_0 p_1, \qquad \mathbb E \eta_1 p_0 = -\alpha\sigma\,\mathbb E p_0 p_1, \\ \text{and so to third order} \end{gathered}`,
  assumptions: 'W = αB; those with η are Stein’s lemma',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = classNumbers.flatMap((k, i) =>
      noiseNumbers.flatMap((noise, j) =>
        [[0.02, 0.4, 1.3][(i + j) % 3]!].flatMap((relative) => {
          const point = { classes: k, noise, margin: relative / noise ** 2 };
          // Odd orders are what is left of a mean of order one: below 1e-6 only their bars are asked for.
          const isClear = ({ factors, value }: ExpectedMoment): boolean =>
            factors.every(({ order = 0 }) => order % 2 === 0) || Math.abs(value) > 1e-6;
          return expectedMoments(k, noise, point.margin).flatMap((expected) => {
            const { factors, value } = expected;
            const moment = laws.softmaxMoment(point, factors);
            // Values from 1 − (k−1) P lose the digits that cancel there; P itself is known to 1e-9.
            const known = 1e-9 + 1e-9 / Math.abs(value);
            const isSmall = value === 0 || factors.length > 1 || factors[0]!.isTrue !== true;
            const tolerance = isSmall ? 1e-8 : known;
            const off = relativeDifference(moment.value, value);
            if (!isClear(expected)) return [moment.relativeError >= off - tolerance ? 0 : Infinity];
            return [
              off / tolerance,
              value === 0 ? 0 : Math.abs(moment.logSize - Math.log(Math.abs(value))) / tolerance,
              dishonesty(moment.relativeError, off, tolerance),
            ];
          });
        }),
      ),
    );
    const higher = classNumbers.flatMap((k) => higherMoments(laws, { classes: k, noise: 0.4, margin: 3 }));
    const error = worst([...errors, ...higher]);
    return {
      holds: error <= 1,
      evidence: `k = 4…2000, σ = 0.04…2.5, α/α* = 0.02…1.3: off by at most ${scientific(error)} of what the quadrature leaves`,
    };
  },
};

/** p_1² Σ_c p_c = p_1², and E η_1³ p_0 = 2 E η_1 p_0 − a E η_1² p_0p_1; without any p a moment is (m − 1)!!. */
function higherMoments(laws: Laws, point: { classes: number; noise: number; margin: number }): number[] {
  const { classes: k } = point;
  const a = point.margin * point.noise;
  const moment = (...factors: Factors): number => laws.softmaxMoment(point, factors).value;
  const p0 = { isTrue: true, power: 1 };
  const cubes = moment({ power: 2 }, p0) + moment({ power: 3 }) + (k - 2) * moment({ power: 2 }, { power: 1 });
  const [order1, order2] = [moment(p0, { power: 0, order: 1 }), moment(p0, { power: 1, order: 2 })];
  const normal = laws.softmaxMoment(point, [{ power: 0, order: 4 }]);
  const sizes = [normal.value - 3, normal.logSize - Math.log(3), normal.relativeError];
  return [
    relativeDifference(cubes, moment({ power: 2 })) / 1e-9,
    relativeDifference(moment(p0, { power: 0, order: 3 }), 2 * order1 - a * order2) / 1e-8,
    ...sizes.map((x) => Math.abs(x) / 1e-15),
  ];
}

export const nishimori: Theorem = {
  id: 'nishimori-identity',
  statement:
    'at α* = 1/σ² the softmax is the posterior, so that E p_y = E‖p‖²: the flow stops there, and nowhere before',
  formula: String.raw`\begin{gathered} \alpha = \alpha^* = \frac1{\sigma^2}: \qquad \Pr(y = c \mid x) = p_c, \qquad \mathbb E p_y = \mathbb E \lVert p \rVert^2; \\ \frac{d\alpha}{dt} = 0 \;\text{ at } \alpha^*, \qquad \frac{d\alpha}{dt} > 0 \;\text{ for } 0 \le \alpha < \alpha^* \end{gathered}`,
  assumptions: 'orthonormal means of norm 1, equal priors',
  reference: 'E[1(y = c) | x] = p_c at α*, hence E p_y = E Σ_c p_c p_c (Nishimori 1980)',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors: number[] = [];
    let rises = true;
    for (const [k, noise] of [
      [2, 0.05],
      [2, 3],
      [10, 0.5],
      [1000, 0.05],
      [1000, 3],
    ] as const) {
      const optimal = 1 / noise ** 2;
      const { error, impurity, relativeError } = laws.marginPoint({ classes: k, noise, margin: optimal });
      const off = relativeDifference(error, impurity);
      errors.push(off, dishonesty(2 * relativeError, off, 0));
      rises &&= [0, 0.99].every((u) => laws.noisyMarginRate({ classes: k, noise, margin: u * optimal }) > 0);
      rises &&= laws.noisyMarginRate({ classes: k, noise, margin: 1.01 * optimal }) < 0;
    }
    return {
      holds: rises && worst(errors) <= 1e-10,
      evidence: `k = 2…1000, σ = 0.05…3: within ${scientific(worst(errors))}; the rate changes sign at α* only`,
    };
  },
};

/** Flows at which dα/dt is compared, and the latest time: with little noise α* is out of reach. */
const flows = [
  { classes: 4, noise: 0.4, correlation: 0, until: 1e9 },
  { classes: 30, noise: 2.5, correlation: 0, until: 1e9 },
  { classes: 2000, noise: 0.04, correlation: 0, until: 30 },
  { classes: 2000, noise: 2.5, correlation: 0, until: 1e9 },
  { classes: 5, noise: 0.3, correlation: 0.4, until: 30 },
];

export const clockSolvesFlow: Theorem = {
  id: 'noisy-flow',
  statement:
    'α(t) solves dα/dt = E p_1 − σ²α E(1 − ‖p‖²)/(k−1) from α(0) = 0, tends to α* = 1/σ², and for σ → 0 to the noiseless α(t)',
  formula: String.raw`\begin{gathered} \frac{d\alpha}{dt} = \mathbb E p_1 - \sigma^2 \alpha\, \frac{\mathbb E(1 - \lVert p\rVert^2)}{k-1}, \qquad \alpha(0) = 0, \\ \lim_{t\to\infty} \alpha(t) = \alpha^* = \frac1{\sigma^2}, \qquad \lim_{\sigma \to 0} \alpha(t) = \alpha_0(t), \quad e^{\alpha_0} + (k-1)\,\alpha_0 = t + 1 \end{gathered}`,
  assumptions: 'W(0) = 0',
  reference: 'Stein’s lemma; derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = flows.flatMap((flow) => clockErrors(laws, flow));
    const deviation = (noise: number): number =>
      laws.marginClock({ classes: 10, noise }, 5).marginAt(5) - laws.symmetricPoint(10, 5).margin;
    const ratio = deviation(0.02) / deviation(0.01);
    return {
      holds: worst(errors) <= 1e-6 && Math.abs(ratio - 4) <= 0.02,
      evidence: `slope of α(t), its inverse and limit within ${scientific(worst(errors))}; halving σ divides the deviation from the noiseless α(5) by ${ratio.toFixed(3)}`,
    };
  },
};

function clockErrors(laws: Laws, { until, ...model }: (typeof flows)[number]): number[] {
  const { classes: k, noise, correlation } = model;
  const clock = laws.marginClock(model, until);
  const optimal = 1 / noise ** 2;
  const rateAt = (margin: number): number => {
    const [sigma, alpha] = [noise / Math.sqrt(1 - correlation), margin * (1 - correlation)];
    const at = collisions(k, sigma, alpha);
    return Math.exp(at.logWrong) - sigma ** 2 * alpha * Math.exp(logUnit(k, at));
  };
  const latest = Math.min(until, 1000) / 1.01;
  const alongs = [0.1, 3, latest].flatMap((t) => {
    const h = 1e-3 * t; // fourth-order difference of α(t)
    const alpha = (s: number): number => clock.marginAt(t + s * h);
    const slope = (8 * (alpha(1) - alpha(-1)) - (alpha(2) - alpha(-2))) / (12 * h);
    const margin = alpha(0);
    if (margin >= optimal * (1 - 1e-4)) return [Math.abs(margin / optimal - 1) < 1e-4 ? 0 : 1]; // at rest
    return [
      relativeDifference(slope, rateAt(margin)),
      relativeDifference(clock.rateAt(margin), rateAt(margin)),
      Math.abs(clock.logTimeAt(margin) - Math.log(t)),
    ];
  });
  return [
    ...alongs,
    clock.marginAt(0),
    relativeDifference(clock.optimalMargin, optimal),
    until === 1e9 ? relativeDifference(clock.marginAt(until), optimal) : 0,
    clock.seriesTail > 0 ? clock.seriesTail : 1,
    dishonesty(clock.relativeError, 0, 0),
  ];
}

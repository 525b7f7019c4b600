import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

const noises = [0.05, 0.2, 0.5, 1, 3];
const classNumbers = [2, 3, 10, 1000];

/** E Π p^n η^m by the library. */
function moment(
  laws: Laws,
  point: { readonly classes: number; readonly noise: number; readonly margin: number },
  ...factors: Parameters<Laws['softmaxMoment']>[1]
): number {
  return laws.softmaxMoment(point, factors).value;
}

export const momentIdentities: Theorem = {
  id: 'moment-identities',
  statement:
    'E p_0 + (k−1) E p_1 = 1;  E p_0² + (k−1) E p_1² + E(1 − ‖p‖²) = 1;  E η_0 p_0 = ασ E p_0(1 − p_0);  E η_1 p_0 = −ασ E p_0 p_1',
  assumptions: 'W = αB; the last two are Stein’s lemma',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = classNumbers.flatMap((k) =>
      noises.flatMap((noise) =>
        [0.01, 0.3, 1, 1.7].flatMap((relative) => {
          const point = { classes: k, noise, margin: relative / noise ** 2 };
          const a = point.margin * noise;
          const p0 = { isTrue: true, power: 1 };
          const first = moment(laws, point, p0);
          const pair = moment(laws, point, p0, { power: 1 });
          const others = k > 2 ? moment(laws, point, { power: 1 }, { power: 1 }) : 0;
          const squares = moment(laws, point, { isTrue: true, power: 2 }) + (k - 1) * moment(laws, point, { power: 2 });
          const impurity = 2 * (k - 1) * pair + (k - 1) * (k - 2) * others;
          return [
            first + (k - 1) * moment(laws, point, { power: 1 }) - 1,
            squares + impurity - 1,
            moment(laws, point, { ...p0, order: 1 }) - a * (k - 1) * pair,
            moment(laws, point, p0, { power: 0, order: 1 }) + a * pair,
          ].map(Math.abs);
        }),
      ),
    );
    const error = worst(errors);
    return { holds: error <= 1e-10, evidence: `k = 2…1000, σ = 0.05…3, α/α* = 0.01…1.7: within ${scientific(error)}` };
  },
};

export const nishimori: Theorem = {
  id: 'nishimori-identity',
  statement:
    'at α* = 1/σ² the softmax is the posterior, so that E p_y = E‖p‖²: the flow stops there, and nowhere before',
  assumptions: 'orthonormal means of norm 1, equal priors',
  reference: 'E[1(y = c) | x] = p_c at α*, hence E p_y = E Σ_c p_c p_c (Nishimori 1980)',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors: number[] = [];
    let rises = true;
    for (const k of classNumbers) {
      for (const noise of noises) {
        const optimal = 1 / noise ** 2;
        const { error, impurity } = laws.marginPoint({ classes: k, noise, margin: optimal });
        errors.push(relativeDifference(error, impurity));
        rises &&= [0, 0.5, 0.99].every((u) => laws.noisyMarginRate({ classes: k, noise, margin: u * optimal }) > 0);
        rises &&= laws.noisyMarginRate({ classes: k, noise, margin: 1.01 * optimal }) < 0;
      }
    }
    return {
      holds: rises && worst(errors) <= 1e-10,
      evidence: `k = 2…1000, σ = 0.05…3: within ${scientific(worst(errors))}; the rate changes sign at α* only`,
    };
  },
};

export const clockSolvesFlow: Theorem = {
  id: 'noisy-flow',
  statement:
    'α(t) solves dα/dt = E p_1 − σ²α E(1 − ‖p‖²)/(k−1) from α(0) = 0, tends to α* = 1/σ², and for σ → 0 to the noiseless α(t)',
  assumptions: 'W(0) = 0',
  reference: 'Stein’s lemma; derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const slopes = [
      { classes: 3, noise: 0.5 },
      { classes: 10, noise: 0.3 },
      { classes: 100, noise: 0.2 },
    ].flatMap((model) => {
      const clock = laws.marginClock(model, 200);
      return [0.3, 3, 30, 100].map((t) => {
        const h = 1e-3 * t; // fourth-order difference of α(t)
        const alpha = (s: number): number => clock.marginAt(t + s * h);
        const slope = (8 * (alpha(1) - alpha(-1)) - (alpha(2) - alpha(-2))) / (12 * h);
        const { marginRate } = laws.marginPoint({ ...model, margin: clock.marginAt(t) });
        return relativeDifference(slope, marginRate);
      });
    });
    const limit = relativeDifference(laws.marginClock({ classes: 10, noise: 0.3 }).marginAt(1e9), 1 / 0.3 ** 2);
    const deviation = (noise: number): number =>
      laws.marginClock({ classes: 10, noise }, 5).marginAt(5) - laws.symmetricPoint(10, 5).margin;
    const ratio = deviation(0.02) / deviation(0.01);
    return {
      holds: worst(slopes) <= 1e-8 && limit <= 1e-10 && Math.abs(ratio - 4) <= 0.02,
      evidence: `slope of α(t) within ${scientific(worst(slopes))}; halving σ divides the deviation from the noiseless α(5) by ${ratio.toFixed(3)}`,
    };
  },
};

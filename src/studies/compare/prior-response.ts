import { solveFlow } from '../../exact/flow/index.js';
import { joinSectors, marginClock, noisyLevels, softmaxMoment, splitSectors } from '../../exact/noisy/index.js';

/** By how much the flow's weights on the mean of class 1 move when that class becomes a little more frequent. */
export interface PriorResponse {
  readonly own: number;
  readonly other: number;
}

/**
 * dW[1,1]/dr and dW[2,1]/dr at r = 0 along the flow from W(0) = 0, with π_1 = (1 + r)/k and the other priors equal. To first order
 * δ′ = −H δ − (r/(k−1)) (G_1 − Ḡ), G_a the gradient of class a alone,
 *   G_1 = (E_1 p − e_1) e_1ᵀ + ασ² E_1 S,
 * and G_1 − Ḡ lies in the standard sector, whose block H is; margin, loss, rate and the levels that are averages do not move to first order.
 * Ascending times. Throws UsageError outside the domain. Cost: some hundred levels and moments, half a second.
 */
export function priorResponse(
  { classes: k, noise }: { readonly classes: number; readonly noise: number },
  times: readonly number[],
): PriorResponse[] {
  const clock = marginClock({ classes: k, noise }, 1.01 * Math.max(...times));
  const field = (time: number, x: Float64Array, rate: Float64Array): void => {
    const margin = clock.marginAt(time);
    const { means, differences } = splitSectors(k, gradientOfClassOne(k, noise, margin));
    const force = [means[0]!, differences[0]!].map((g) => -g / (k - 1));
    rate.set(force);
    for (const { sector, value, mixture } of noisyLevels({ classes: k, dim: k, noise, margin }, { fine: 7, coarse: 6 })
      .levels) {
      if (!sector.startsWith('standard')) continue;
      const along = mixture!.reduce((sum, m, i) => sum + m * x[i]!, 0);
      mixture!.forEach((m, i) => (rate[i]! -= value * along * m));
    }
  };
  const options = { relativeTolerance: 1e-4, absoluteTolerance: 1e-6 };
  const { states } = solveFlow(field, new Float64Array(2), [0, ...times], options);
  return states.slice(1).map((x) => {
    // x holds the first entry of vectors in the direction of e_1 − 1/k.
    const vector = (first: number): Float64Array =>
      Float64Array.from({ length: k }, (_, c) => (c === 0 ? first : -first / (k - 1)));
    const none = new Float64Array(k * k);
    const parts = {
      trivial: 0,
      means: vector(x[0]!),
      differences: vector(x[1]!),
      symmetric: none,
      antisymmetric: none,
    };
    const delta = joinSectors(k, parts);
    return { own: delta[0]!, other: delta[k]! };
  });
}

/** G_1 on the means, k×k: rows are classes. */
function gradientOfClassOne(k: number, noise: number, margin: number): Float64Array {
  const point = { classes: k, noise, margin };
  const other = softmaxMoment(point, [{ power: 1 }]).value;
  const trueAndOther = softmaxMoment(point, [{ isTrue: true, power: 1 }, { power: 1 }]).value;
  const twoOthers = k > 2 ? softmaxMoment(point, [{ power: 1 }, { power: 1 }]).value : 0;
  const covariance = (c: number, f: number): number => {
    if (c !== f) return c === 0 || f === 0 ? -trueAndOther : -twoOthers;
    return c === 0 ? (k - 1) * trueAndOther : trueAndOther + (k - 2) * twoOthers; // rows of S sum to zero
  };
  return Float64Array.from({ length: k * k }, (_, i) => {
    const [c, f] = [Math.floor(i / k), i % k];
    const mean = f > 0 ? 0 : c === 0 ? -(k - 1) * other : other;
    return mean + margin * noise ** 2 * covariance(c, f);
  });
}

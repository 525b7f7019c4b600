import { exactFlow, exactSnapshot } from '../../exact/noiseless/index.js';
import { linePoint, marginClock, noisyLevels } from '../../exact/noisy/index.js';
import type { Level, Snapshot } from '../../observe/index.js';
import { gradientHessianOverlap, topFraction } from '../../observe/index.js';
import type { Values } from './observables.js';

/** The exact observables at flow times from W(0) = 0 with noise: closed forms on the symmetric line. */
export function noisyValues(
  { classes: k, dim, noise }: { readonly classes: number; readonly dim: number; readonly noise: number },
  times: readonly number[],
): Values[] {
  const clock = marginClock({ classes: k, noise }, 1.01 * Math.max(...times));
  return times.map((time): Values => {
    const margin = clock.marginAt(time);
    const { spectrum, scalars, snapshot } = linePoint({ classes: k, dim, noise, margin }, time);
    const levels = spectrum.levels.filter(({ sector }) => sector !== 'gauge');
    const trivial = levels.find(({ sector }) => sector === 'trivial')!.value;
    const bulk = levels.find(({ sector }) => sector === 'bulk');
    const inMeanSpace = levels.filter(({ sector }) => sector !== 'bulk');
    return {
      margin,
      'W[1,1]': margin * (1 - 1 / k),
      'W[2,1]': -margin / k,
      '‖W‖²': margin ** 2 * (k - 1),
      loss: scalars.loss,
      rate: scalars.marginRate,
      'level of B': trivial,
      'mean-space level': sumOf(inMeanSpace, k * (k - 1)) / (k * (k - 1)),
      ...(bulk === undefined ? {} : { 'bulk level': bulk.value }),
      'top level': sumOf(levels, k) / k,
      ...definiteTopFraction(snapshot, k),
      'overlap(g,Hg)': gradientHessianOverlap(snapshot),
    };
  });
}

/** (λ_k − λ_{k+1})/λ_k at flow times from W(0) = 0 with noise. */
export function relativeGaps(
  { classes: k, dim, noise }: { readonly classes: number; readonly dim: number; readonly noise: number },
  times: readonly number[],
): number[] {
  const clock = marginClock({ classes: k, noise }, 1.01 * Math.max(...times));
  return times.map((time) => {
    const { levels } = noisyLevels({ classes: k, dim, noise, margin: clock.marginAt(time) });
    const [above, last, next] = [k - 1, k, k + 1].map((count) => sumOf(levels, count)) as [number, number, number];
    return (2 * last - above - next) / (last - above);
  });
}

/** The exact observables without noise, from W(0) on the means (k×k, entry (c, a) at c·k + a; zero elsewhere). */
export function noiselessValues(
  { classes: k, dim }: { readonly classes: number; readonly dim: number },
  initial: Float64Array,
  times: readonly number[],
): Values[] {
  const flow = exactFlow(k, initial);
  const B = Float64Array.from({ length: k * k }, (_, i) => (Math.floor(i / k) === i % k ? 1 : 0) - 1 / k);
  const alongB = (x: Float64Array): number => x.reduce((sum, value, i) => sum + value * B[i]!, 0) / (k - 1);
  return times.map((time): Values => {
    const state = flow.at(time);
    const snapshot = exactSnapshot(state, dim, Infinity);
    const { levels } = snapshot.spectrum;
    return {
      margin: alongB(state.weights),
      'W[1,1]': state.weights[0]!,
      'W[2,1]': state.weights[k]!,
      '‖W‖²': state.weights.reduce((sum, w) => sum + w ** 2, 0),
      loss: state.loss,
      rate: -alongB(state.gradient),
      'level of B': alongB(snapshot.hessian.apply(B, 1)),
      'mean-space level': sumOf(levels, k * (k - 1)) / (k * (k - 1)),
      'top level': sumOf(levels, k) / k,
      ...definiteTopFraction(snapshot, k),
      'overlap(g,Hg)': gradientHessianOverlap(snapshot),
    };
  });
}

/** Sum of the `count` largest eigenvalues. */
function sumOf(levels: readonly Pick<Level, 'value' | 'multiplicity'>[], count: number): number {
  let [sum, left] = [0, count];
  for (const { value, multiplicity } of levels) {
    const taken = Math.min(left, multiplicity);
    sum += taken * value;
    left -= taken;
  }
  return sum;
}

/** f_top(k) where it is one number. */
function definiteTopFraction(snapshot: Snapshot, k: number): Values {
  const { lower, upper } = topFraction(snapshot, k);
  return upper - lower < 1e-9 ? { f_top: lower } : {};
}

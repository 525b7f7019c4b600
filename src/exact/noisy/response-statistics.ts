import { chiSquare } from '../../numeric/statistics/chi-square.js';
import { randomStream, type RandomStream } from '../../numeric/random.js';
import { linearResponse, type ResponseModel } from './linear-response.js';
import type { ResponseMode, ResponseState } from './response-state.js';

/** f_top(k) over random initial values at one time: at the degenerate cut after the crossing an interval. */
export interface CollapseState {
  readonly time: number;
  readonly margin: number;
  /** Means of the lower and upper ends of f_top(k), with the standard error of the mean over the draws. */
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
  /** 5 %, 50 % and 95 % quantiles of the lower end. */
  readonly quantiles: readonly [number, number, number];
}

/** The times between which the median of f_top(k) is above `threshold`; null where it never is, or not before the last time. */
export interface CollapseWindow {
  readonly threshold: number;
  readonly opens: number | null;
  readonly closes: number | null;
}

/** f_top(k) over random W(0): at each time, and the window of times in which its median is above the threshold. */
export interface Collapse {
  readonly states: readonly CollapseState[];
  readonly window: CollapseWindow;
}

interface CollapseOptions {
  readonly times: readonly number[];
  readonly draws?: number;
  readonly threshold?: number;
  readonly seed?: number;
}

/**
 * f_top(k) along the flow from W(0) with independent N(0, δ²) entries, by linear response: a handful of chi-square variables for
 * each draw, whatever k and d. With G_top, G_low the gradient's parts in and below the top k, f_top = ‖G_top‖²/(‖G_top‖² + ‖G_low‖²).
 *
 * See linearResponse for where it holds: not yet at an opening with a low threshold, where the deviations are as large as the gaps
 * (without noise the exact median of k = 10 reaches 0.5 at 14 δ, here at 3 δ; 0.999 at 107 δ, here at 109 δ). The window is read off
 * 161 times evenly spaced in the logarithm. Cost: about two seconds.
 */
export function collapse(model: ResponseModel, options: CollapseOptions & { readonly delta: number }): Collapse {
  return collapses(model, { ...options, deltas: [options.delta] })[0]!;
}

/** The same for several δ at the cost of one: the response to first order does not depend on δ. */
export function collapses(
  model: ResponseModel,
  options: CollapseOptions & { readonly deltas: readonly number[] },
): Collapse[] {
  const { deltas, times, draws = 2000, threshold = 0.99, seed = 1 } = options;
  const last = times.at(-1) ?? 1;
  const earliest = Math.min(...deltas, 1e-2) * 0.1;
  const grid = Array.from({ length: 161 }, (_, i) => earliest * (last / earliest) ** (i / 160));
  const all = [...new Set([...times, ...grid])].sort((x, y) => x - y);
  const states = linearResponse(model, all);
  return deltas.map((delta) => {
    const energies = drawEnergies(model, delta, draws, seed);
    const byTime = new Map(states.map((state) => [state.time, statistics(state, model.classes, energies)]));
    const curve = grid.map((time) => ({ time, median: byTime.get(time)!.quantiles[1] }));
    return { states: times.map((time) => byTime.get(time)!), window: windowOf(curve, threshold) };
  });
}

/** For each draw: the energies of the single-copy sectors, and the Cholesky factor of the 2×2 Gram matrix of the standard copies. */
interface Draw {
  readonly symmetric: number;
  readonly antisymmetric: number;
  readonly bulk: number;
  readonly factor: readonly [number, number, number];
}

function drawEnergies({ classes: k, dim }: ResponseModel, delta: number, draws: number, seed: number): Draw[] {
  const stream: RandomStream = randomStream(seed, 'collapse');
  return Array.from({ length: draws }, () => ({
    symmetric: delta ** 2 * chiSquare(stream, k > 3 ? (k * (k - 3)) / 2 : 0),
    antisymmetric: delta ** 2 * chiSquare(stream, ((k - 1) * (k - 2)) / 2),
    bulk: delta ** 2 * chiSquare(stream, (k - 1) * (dim - k)),
    // Bartlett's decomposition of a Wishart matrix with k − 1 degrees of freedom.
    factor: [
      delta * Math.sqrt(chiSquare(stream, k - 1)),
      delta * stream.normal(),
      delta * Math.sqrt(chiSquare(stream, k - 2)),
    ],
  }));
}

function energyOf(mode: ResponseMode, weights: readonly number[], draw: Draw): number {
  const [x, y = 0] = weights;
  if (mode.sector === 'standard+' || mode.sector === 'standard-') {
    const [l11, l21, l22] = draw.factor;
    return (l11 * x! + l21 * y) ** 2 + (l22 * y) ** 2;
  }
  return x! ** 2 * draw[mode.sector as 'symmetric' | 'antisymmetric' | 'bulk'];
}

function statistics(state: ResponseState, k: number, draws: readonly Draw[]): CollapseState {
  const ranked = [
    { level: state.trivialLevel, multiplicity: 1, mode: undefined },
    ...state.modes.map((mode) => ({ level: mode.level, multiplicity: mode.multiplicity, mode })),
  ].sort((x, y) => y.level - x.level);
  let room = k;
  const sides = ranked.map(({ multiplicity, mode }) => {
    const side = room >= multiplicity ? 'inside' : room > 0 ? 'straddling' : 'below';
    room = Math.max(0, room - multiplicity);
    return { side, mode } as const;
  });
  const gradientSide = sides.find(({ mode }) => mode === undefined)!.side;
  const none = (): Float64Array => new Float64Array(draws.length);
  const energies = { inside: none(), straddling: none(), below: none() };
  for (const { side, mode } of sides) {
    const energy = energies[side];
    const weights = side === gradientSide ? mode?.plain : mode?.turned;
    draws.forEach((draw, i) => {
      energy[i]! += mode === undefined ? state.gradientNorm ** 2 : energyOf(mode, weights!, draw);
    });
  }
  const total = (i: number): number => energies.inside[i]! + energies.straddling[i]! + energies.below[i]!;
  const lowers = energies.inside.map((inside, i) => inside / total(i));
  const uppers = energies.inside.map((inside, i) => (inside + energies.straddling[i]!) / total(i));
  lowers.sort();
  const mean = average(lowers);
  const quantile = (p: number): number => lowers[Math.floor(p * (lowers.length - 1))]!;
  return {
    time: state.time,
    margin: state.margin,
    lower: mean,
    upper: average(uppers),
    standardError: Math.sqrt(average(lowers.map((x) => (x - mean) ** 2)) / lowers.length),
    quantiles: [quantile(0.05), quantile(0.5), quantile(0.95)],
  };
}

function windowOf(curve: readonly { time: number; median: number }[], threshold: number): CollapseWindow {
  const first = curve.findIndex(({ median }) => median >= threshold);
  const after = first < 0 ? -1 : curve.findIndex(({ median }, i) => i > first && median < threshold);
  const crossingBefore = (i: number): number => {
    if (i <= 0) return curve[0]!.time;
    const [a, b] = [curve[i - 1]!, curve[i]!];
    const share = a.median === b.median ? 0.5 : (threshold - a.median) / (b.median - a.median);
    return a.time * (b.time / a.time) ** share;
  };
  return {
    threshold,
    opens: first < 0 ? null : crossingBefore(first),
    closes: after < 0 ? null : crossingBefore(after),
  };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { UsageError } from '../../../errors.js';
import { randomStream } from '../../../numeric/random.js';

/** The four cases of XOR: two inputs, and ±1. */
const cases = [
  [0, 0, -1],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, -1],
] as const;

/** 4h + 1: two weights and a bias into each of h hidden units, a weight out of it, and a bias. */
export const xorParameters = (hidden: number): number => 4 * hidden + 1;

/** Loss, share of right signs, and gradients, of the mean loss and of each case. */
export interface XorPoint {
  readonly loss: number;
  readonly accuracy: number;
  readonly gradient: Float64Array;
  readonly cases: readonly Float64Array[];
}

/**
 * The network 2-h-1 on XOR, f = Σ_i v_i tanh(w_i·x + b_i) + c with the mean loss log(1 + e^{−yf}) over the four cases, and its gradient, in plain double precision: so small that passes
 * through a runtime would take all the time. Weights: w [h, 2], b [h], v [h], c. Throws UsageError for a wrong number of them. Cost: O(h).
 */
export function xorPoint(weights: Float64Array): XorPoint {
  const h = (weights.length - 1) / 4;
  if (!Number.isInteger(h) || h < 1)
    throw new UsageError(`a network 2-h-1 has 4h + 1 weights, received ${weights.length}`);
  const gradient = new Float64Array(weights.length);
  let [loss, right] = [0, 0];
  const own = cases.map(([x1, x2, y]) => {
    const units = Float64Array.from({ length: h }, (_, i) =>
      Math.tanh(weights[2 * i]! * x1 + weights[2 * i + 1]! * x2 + weights[2 * h + i]!),
    );
    const f = units.reduce((sum, unit, i) => sum + weights[3 * h + i]! * unit, weights[4 * h]!);
    const margin = y * f;
    loss += (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)))) / cases.length;
    if (margin > 0) right++;
    const slope = -y / (1 + Math.exp(margin));
    const g = new Float64Array(weights.length);
    for (let i = 0; i < h; i++) {
      const inner = slope * weights[3 * h + i]! * (1 - units[i]! ** 2);
      g[2 * i] = inner * x1;
      g[2 * i + 1] = inner * x2;
      g[2 * h + i] = inner;
      g[3 * h + i] = slope * units[i]!;
    }
    g[4 * h] = slope;
    for (let i = 0; i < g.length; i++) gradient[i]! += g[i]! / cases.length;
    return g;
  });
  return { loss, accuracy: right / cases.length, gradient, cases: own };
}

/** Weights and biases uniform on ±1/√(inputs of the layer), keyed by the seed. */
export function xorStart(hidden: number, seed: number): Float64Array {
  const stream = randomStream(seed, 'xor', hidden);
  return Float64Array.from(
    { length: xorParameters(hidden) },
    (_, i) => (2 * stream.uniform() - 1) / Math.sqrt(i < 3 * hidden ? 2 : hidden),
  );
}

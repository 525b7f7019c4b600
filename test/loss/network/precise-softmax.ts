import { all, create, type BigNumber } from 'mathjs';
import { smallSymmetricEigen } from '../../../src/numeric/kernels/small-symmetric-eigen.js';
import { randomStream } from '../../../src/numeric/random.js';

/**
 * Softmax regression in 340-digit arithmetic, straight from its definition p = e^z/Σ e^z: the reference for relative errors where
 * 1 − p_y, down to 1e-304, is far below the epsilon of floating point.
 */
const math = create(all!, { number: 'BigNumber', precision: 340 });
const big = (x: number): BigNumber => math.bignumber(x);

export interface SmallProblem {
  readonly classes: number;
  readonly features: number;
  readonly labels: Uint16Array;
  /** n × d and k × d, row-major, multiples of 1/256: exact in every precision. */
  readonly x: Float64Array;
  readonly weights: Float64Array;
}

/** Two samples of each of three classes near the unit vectors, classified with margins near m. */
export function nearMargin(m: number): SmallProblem {
  const [classes, features, each] = [3, 4, 2];
  const stream = randomStream(7, 'near margin');
  const dyadic = (value: number): number => Math.round(256 * value) / 256;
  const labels = Uint16Array.from({ length: classes * each }, (_, i) => i % classes);
  const x = Float64Array.from({ length: labels.length * features }, (_, at) => {
    const [i, f] = [Math.floor(at / features), at % features];
    if (f < classes) return f === labels[i] ? 1 : 0;
    return dyadic(stream.normal());
  });
  const weights = Float64Array.from({ length: classes * features }, (_, at) => {
    const [c, f] = [Math.floor(at / features), at % features];
    return (c === f ? m : 0) + dyadic(0.5 * stream.normal());
  });
  return { classes, features, labels, x, weights };
}

/** Loss, ‖g‖, the eigenvalues of H, descending, and f_top(1) … f_top(size − 1). */
export interface PreciseValues {
  readonly loss: BigNumber;
  readonly gradientNorm: BigNumber;
  readonly eigenvalues: readonly BigNumber[];
  readonly topFractions: readonly number[];
}

export function preciseSoftmax({ classes: k, features: d, labels, x, weights }: SmallProblem): PreciseValues {
  const n = labels.length;
  const size = k * d;
  const zero = big(0);
  let loss = zero;
  const gradient = Array.from({ length: size }, () => zero);
  const hessian = Array.from({ length: size * size }, () => zero);
  labels.forEach((y, i) => {
    const row = Array.from(x.subarray(i * d, (i + 1) * d), big);
    const z = Array.from({ length: k }, (_, c) =>
      row.reduce((sum, xf, f) => sum.plus(xf.times(weights[c * d + f]!)), zero),
    );
    const e = z.map((zc) => zc.exp());
    const total = e.reduce((sum, ec) => sum.plus(ec), zero);
    const p = e.map((ec) => ec.div(total));
    loss = loss.minus(p[y]!.ln().div(n));
    for (let a = 0; a < size; a++) {
      const [c, f] = [Math.floor(a / d), a % d];
      const error = p[c]!.minus(c === y ? 1 : 0);
      gradient[a] = gradient[a]!.plus(error.times(row[f]!).div(n));
      for (let b = 0; b < size; b++) {
        const [c2, f2] = [Math.floor(b / d), b % d];
        const s = (c === c2 ? p[c]! : zero).minus(p[c]!.times(p[c2]!));
        hessian[a * size + b] = hessian[a * size + b]!.plus(s.times(row[f]!).times(row[f2]!).div(n));
      }
    }
  });
  const [g, gScale] = normalised(gradient);
  const [H, hScale] = normalised(hessian);
  const { values, vectors } = smallSymmetricEigen(H, size);
  const square = g.reduce((sum, entry) => sum + entry ** 2, 0);
  let energy = 0;
  const topFractions = Array.from({ length: size - 1 }, (_, j) => {
    energy += g.reduce((sum, entry, i) => sum + entry * vectors[j * size + i]!, 0) ** 2;
    return energy / square;
  });
  return {
    loss,
    gradientNorm: gScale.times(Math.sqrt(square)),
    eigenvalues: Array.from(values, (value) => hScale.times(value)),
    topFractions,
  };
}

/** Entries over the largest of them, as floating point. */
function normalised(entries: readonly BigNumber[]): readonly [Float64Array, BigNumber] {
  const largest = entries.reduce((most, x) => (x.abs().greaterThan(most) ? x.abs() : most), big(0));
  return [Float64Array.from(entries, (x) => x.div(largest).toNumber()), largest];
}

/** |computed/exact − 1|. */
export function relativeError(computed: number, exact: BigNumber): number {
  return big(computed).div(exact).minus(1).abs().toNumber();
}

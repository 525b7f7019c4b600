import { wrightOmega } from './wright-omega.js';

/**
 * The law of a standard normal η weighted by exp(−e^{t + aη}): log of its total weight Ψ(t), mean and variance, and the first two
 * derivatives of log Ψ by t, the second with its sign changed: slope = mean/a, curvature = (1 − variance)/a², also where a is tiny.
 */
export interface WeightedNormal {
  readonly logWeight: number;
  readonly mean: number;
  readonly variance: number;
  readonly slope: number;
  readonly curvature: number;
}

export interface LognormalLaplace {
  /** log Ψ(t) with its derivatives, and mean and variance of η under the weight. */
  readonly at: (t: number) => WeightedNormal;
  /** log Ψ(t) to the same relative accuracy also where Ψ is nearly 1: what may be multiplied by many thousands. */
  readonly logWeight: (t: number) => number;
  /** log(1 − Ψ(t)), to the same relative accuracy of 1 − Ψ however small it is. */
  readonly logComplement: (t: number) => number;
  /** E[(shift + η)^power] under the weight at t. */
  readonly rawMoment: (t: number, shift: number, power: number) => number;
}

/** From this a on, the lattice is laid around the step of exp(−e^x) and not around the normal law. */
const wide = 2;
/** The accuracy is kept up to e^x = crowd at the maximum: an integrand with 1/Z^N has Σ e^x ≈ N where it matters. */
const crowd = 5;
/** Lattice of a wide normal law: x = b sinh(y/b), so that its spacing grows with the distance from the step. */
const bend = 10;

/**
 * Ψ(t) = E exp(−e^{t + aη}), η ~ N(0, 1): the Laplace transform of the lognormal law at e^t, for any a ≥ 0 and t, in logarithms.
 *
 * The integrand in x = t + aη is log-concave with its maximum at the saddle x + a² e^x = t, the Wright omega function (Asmussen,
 * Jensen & Rojas-Nandayapa 2016), about which it is exp(−δ²/2a² − e^{x}(e^δ − 1 − δ)) times its maximum. The trapezoidal rule
 * sums it until the terms fall below e^{−drop}, drop = digits·ln 10. Its step follows from the strip in which the integrand
 * stays bounded: half-width π/2 in x, where |exp(−e^x)| ≤ 1, against the growth of the normal density; see theory/finite-noise.md.
 *
 * With z = e^x, (log Ψ)′ = −E z by parts, and −(log Ψ)″ = E z − Var z: sums of positive terms, where mean/a and (1 − variance)/a² are
 * differences of numbers that agree to all digits once a² z is small.
 *
 * Relative error of Ψ, mean and variance about 10^−digits for t up to where Ψ ~ e^{−30}, and decaying further on; digits ≤ 16.
 * Cost: some 50 to 250 exponentials for each new t: what was found is kept.
 */
export function lognormalLaplace(a: number, digits: number): LognormalLaplace {
  const drop = digits * Math.LN10 + 2;
  const reach = Math.sqrt(2 * drop);
  const lattice = a < wide ? narrowLattice(a, drop, reach) : wideLattice(a, drop, reach);
  const { offsets, jacobians, origin } = lattice;
  const size = offsets.length;
  const squares = offsets.map((x) => -(x ** 2) / (2 * a ** 2));
  const growth = offsets.map((x) => Math.expm1(x));
  const weights = new Float64Array(size);
  const logScale = Math.log(lattice.step / (a * Math.sqrt(2 * Math.PI)));
  const logSquare = 2 * Math.log(a);

  /**
   * Fills `weights` from the maximum outwards and says where they are: x = t + shift + offsets[i], i from `first` to `last`, and
   * e^x = height (1 + growth[i]).
   */
  const layOut = (t: number) => {
    const y = wrightOmega(t + logSquare); // a² e^x at the saddle
    const saddle = t - y;
    const anchor = a < wide ? saddle : Math.max(saddle, -1);
    const shift = a < wide ? -y : anchor - t;
    const height = a < wide ? y / a ** 2 : Math.exp(anchor); // e^anchor
    const slope = -shift / a ** 2;
    const away = a < wide ? 0 : saddle - anchor;
    const top = -(away ** 2) / (2 * a ** 2) + slope * away - height * Math.expm1(away);
    const start = away === 0 ? origin : nearest(offsets, away);
    let last = start;
    for (; last < size; last++) {
      const exponent = squares[last]! + slope * offsets[last]! - height * growth[last]! - top;
      if (exponent < -drop) break;
      weights[last] = exponent;
    }
    let first = start;
    for (; first > 0; first--) {
      const exponent = squares[first - 1]! + slope * offsets[first - 1]! - height * growth[first - 1]! - top;
      if (exponent < -drop) break;
      weights[first - 1] = exponent;
    }
    for (let i = first; i < last; i++) weights[i] = jacobians[i]! * Math.exp(weights[i]!);
    return { y, shift, height, first, last, logTop: top - shift ** 2 / (2 * a ** 2) - height };
  };

  const at = remembered((t): WeightedNormal => {
    if (a === 0) return { logWeight: -Math.exp(t), mean: 0, variance: 1, slope: -Math.exp(t), curvature: Math.exp(t) };
    if (untouched(t)) return { logWeight: 0, mean: 0, variance: 1, slope: 0, curvature: 0 };
    const { y, height, first, last, logTop } = layOut(t);
    let sum = 0;
    let sum1 = 0;
    let grown1 = 0;
    for (let i = first; i < last; i++) {
      const weight = weights[i]!;
      sum += weight;
      sum1 += weight * offsets[i]!;
      grown1 += weight * growth[i]!;
    }
    const centre = sum1 / sum;
    const grown = grown1 / sum;
    let sum2 = 0;
    let grown2 = 0;
    for (let i = first; i < last; i++) {
      sum2 += weights[i]! * (offsets[i]! - centre) ** 2;
      grown2 += weights[i]! * (growth[i]! - grown) ** 2;
    }
    const variance = sum2 / sum / a ** 2;
    const slope = -height * (1 + grown);
    // For y > 1 the variance is far from 1, and E z and Var z are close to each other.
    const curvature = y > 1 ? (1 - variance) / a ** 2 : -slope - height ** 2 * (grown2 / sum);
    return { logWeight: logTop + logScale + Math.log(sum), mean: a * slope, variance, slope, curvature };
  });

  /** The whole normal law lies where exp(−e^x) is 1: nothing to sum, and where a wide lattice would be too coarse for it. */
  const untouched = (t: number): boolean => t + reach * a < -drop;

  const rawMoment = (t: number, shift: number, power: number): number => {
    if (a === 0 || untouched(t)) return shiftedNormalMoment(shift, power);
    const { shift: toAnchor, first, last } = layOut(t);
    let [sum, moment] = [0, 0];
    for (let i = first; i < last; i++) {
      sum += weights[i]!;
      moment += weights[i]! * (shift + (toAnchor + offsets[i]!) / a) ** power;
    }
    return moment / sum;
  };

  const logWeight = (t: number): number => {
    const direct = at(t).logWeight;
    return direct < -0.1 ? direct : Math.log1p(-Math.exp(logRest(t)));
  };

  const logComplement = (t: number): number => {
    const direct = at(t).logWeight;
    return direct < -0.1 ? Math.log(-Math.expm1(direct)) : logRest(t);
  };

  /** 1 − Ψ(t) = E g(t + aη), g(x) = 1 − exp(−e^x), where it is small: g grows as e^x, so that the maximum is near t + a². */
  const logRest = remembered((t): number => {
    if (a === 0) return Math.log(-Math.expm1(-Math.exp(t)));
    const ahead = Math.min(a ** 2, -t); // saddle − t
    const saddle = t + ahead;
    if (saddle + reach * a < -drop) return t + a ** 2 / 2; // g = e^x all over the tilted law
    const anchor = a < wide ? saddle : Math.max(saddle, -1);
    const shift = a < wide ? ahead : anchor - t;
    const slope = -shift / a ** 2;
    const top = saddle - ahead ** 2 / (2 * a ** 2);
    const base = -(shift ** 2) / (2 * a ** 2) - top;
    const start = nearest(offsets, saddle - anchor);
    let sum = 0;
    /** Adds a term, and says whether it counts. */
    const add = (i: number): boolean => {
      const x = anchor + offsets[i]!;
      const exponent = squares[i]! + slope * offsets[i]! + base + Math.min(x, 0);
      if (exponent < -drop) return false;
      sum += jacobians[i]! * Math.exp(exponent) * boundedBelowByStep(x);
      return true;
    };
    for (let i = start; i < size && add(i); i++);
    for (let i = start - 1; i >= 0 && add(i); i--);
    return top + logScale + Math.log(sum);
  });

  return { at, logWeight, logComplement, rawMoment };
}

function remembered<T>(f: (t: number) => T): (t: number) => T {
  const known = new Map<number, T>();
  return (t) => {
    let value = known.get(t);
    if (value === undefined) known.set(t, (value = f(t)));
    return value;
  };
}

interface Lattice {
  readonly offsets: Float64Array;
  readonly jacobians: Float64Array;
  readonly origin: number;
  readonly step: number;
}

/**
 * The widest spacing in x for an error of e^−drop. Displaced by is, 0 ≤ s ≤ π/2, the integrand grows by at most
 * exp(s²/2a² + e^x (1 − cos s)) relative to the real axis, and the error of the trapezoidal rule is that times e^{−2πs/h}.
 */
function latticeStep(a: number, drop: number): number {
  const widest = Math.min(Math.PI / 2, a * Math.sqrt(2 * drop)); // beyond it the normal density grows too much
  const strips = Array.from({ length: 32 }, (_, i) => ((i + 1) / 32) * widest);
  const errors = strips.map((s) => (2 * Math.PI * s) / (drop + s ** 2 / (2 * a ** 2) + crowd * (1 - Math.cos(s))));
  return Math.max(...errors);
}

/** Even spacing. */
function narrowLattice(a: number, drop: number, reach: number): Lattice {
  const h = latticeStep(a, drop);
  const origin = Math.ceil((reach * a) / h) + 1;
  const offsets = Float64Array.from({ length: 2 * origin + 1 }, (_, i) => (i - origin) * h);
  return { offsets, jacobians: offsets.map(() => 1), origin, step: h };
}

/** The spacing holds at the step, less a tenth for the bend; from the normal law's far left to where exp(−e^x) has vanished. */
function wideLattice(a: number, drop: number, reach: number): Lattice {
  const h = 0.9 * latticeStep(a, drop);
  const left = Math.ceil((bend / h) * Math.asinh((2.1 * reach * a + drop) / bend));
  const right = Math.ceil((bend / h) * Math.asinh((reach * a) / bend));
  const y = Float64Array.from({ length: left + right + 1 }, (_, i) => (i - left) * h);
  return {
    offsets: y.map((v) => bend * Math.sinh(v / bend)),
    jacobians: y.map((v) => Math.cosh(v / bend)),
    origin: left,
    step: h,
  };
}

function nearest(ascending: Float64Array, x: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** (1 − exp(−e^x)) / min(e^x, 1), between 0.63 and 1. */
function boundedBelowByStep(x: number): number {
  if (x < -36 || x > 4) return 1;
  const grown = Math.exp(x);
  const g = -Math.expm1(-grown);
  return x > 0 ? g : g / grown;
}

/** E (shift + η)^power, by M_n = shift M_{n−1} + (n − 1) M_{n−2}. */
function shiftedNormalMoment(shift: number, power: number): number {
  let [previous, moment] = [0, 1];
  for (let n = 1; n <= power; n++) [previous, moment] = [moment, shift * moment + (n - 1) * previous];
  return moment;
}

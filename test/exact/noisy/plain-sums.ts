/**
 * The averages of the symmetric point by sums that leave nothing to chance: no Wright omega function, no saddle, no adaptive step, no
 * resolutions. Logits α[i = y] + aη_i, a = ασ; given τ the classes are independent (theory/finite-noise.md), with weight
 * exp(n(t + aη) − e^{t + aη} − η²/2) on η for a class that enters as p^n. Slow, and good to about k eps.
 */
export interface PlainAverages {
  /** log of E p_1 (a wrong class), of Ω and of the loss. */
  readonly logWrong: number;
  readonly logUnit: number;
  readonly logLoss: number;
  /** The levels of these sectors over Ω, for orthonormal means. */
  readonly trivial: number;
  readonly symmetric: number;
  readonly antisymmetric: number;
}

/** log ∫ of the weight, with mean and variance of η under it. */
interface Law {
  readonly log: number;
  readonly mean: number;
  readonly variance: number;
}

const negligible = -45;

export function plainAverages(k: number, noise: number, margin: number): PlainAverages {
  const a = margin * noise;
  const stepTau = 0.2 * Math.max(1, a / Math.sqrt(2 * Math.log(k) + 4));
  const law = (t: number, power: number): Law => classLaw(a, t, power);
  const pair = (tau: number): readonly [number, number] => {
    const rest = law(tau, 0).log;
    const [own, other] = [law(tau + margin, 1).log, law(tau, 1).log];
    return [own + other + (k - 2) * rest, law(tau + margin, 0).log + 2 * other + (k - 3) * rest];
  };
  const sectors = (tau: number, isTrue: boolean): number[] => {
    const at = (t: number, power: number, mean: number) => {
      const { mean: shift, variance } = law(t, power);
      return { M: mean + noise * shift, V: noise ** 2 * variance };
    };
    const [y, c] = [at(tau + margin, isTrue ? 1 : 0, 1), at(tau, 1, 0)];
    const m = k > (isTrue ? 2 : 3) ? at(tau, 0, 0) : { M: 0, V: 0 };
    const [P, Q] = [y.M - m.M, c.M - m.M];
    if (isTrue) {
      const [spread, spectators] = [y.V + c.V, (2 * k - 2) * m.V];
      return [
        (P - Q) ** 2 + spread,
        ((P - Q) ** 2 + spread + spectators) / k,
        ((P + Q) ** 2 + spread + spectators) / k,
      ];
    }
    const noises = (k - 1) * y.V + (k - 2) * c.V + (k - 1) * (k - 3) * m.V;
    return [
      (k - 2) * c.V,
      ((k - 1) * P ** 2 + noises) / k,
      (2 * (P - Q) ** 2 + (k - 3) * (P ** 2 + 2 * Q ** 2) + noises) / k,
    ];
  };
  const first = sumOverTau(
    (tau) => pair(tau)[0],
    stepTau,
    (tau) => sectors(tau, true),
  );
  const second =
    k > 2
      ? sumOverTau(
          (tau) => pair(tau)[1],
          stepTau,
          (tau) => sectors(tau, false),
        )
      : undefined;
  const top = Math.max(first.log, second?.log ?? -Infinity);
  const [w01, w12] = [Math.exp(first.log - top), Math.exp((second?.log ?? -Infinity) - top)];
  const unit = 2 * w01 + (k - 2) * w12;
  const level = (i: number): number => (w01 * first.averages[i]! + w12 * (second?.averages[i] ?? 0)) / unit;
  const wrong = (tau: number): number => law(tau + margin, 0).log + law(tau, 1).log + (k - 2) * law(tau, 0).log;
  const lost = (tau: number): number =>
    law(tau + margin, 0).log + Math.log(-Math.expm1((k - 1) * Math.log1p(-classComplement(a, tau))));
  return {
    logWrong: sumOverTau(wrong, stepTau).log,
    logUnit: top + Math.log(unit),
    logLoss: sumOverTau(lost, stepTau).log,
    trivial: level(0),
    symmetric: level(1),
    antisymmetric: level(2),
  };
}

/** ∫ e^{log} dτ and averages under it, from a scan of where it is largest. */
function sumOverTau(logAt: (tau: number) => number, step: number, values?: (tau: number) => readonly number[]) {
  let [best, top] = [0, -Infinity];
  for (const stride of [64, 8, 1]) {
    const around = best;
    for (let i = -64; i <= 64; i++) {
      const tau = around + i * stride * step;
      const log = logAt(tau);
      if (log > top) [best, top] = [tau, log];
    }
  }
  const taus: number[] = [];
  for (const side of [1, -1]) {
    for (let tau = side > 0 ? best : best - step; logAt(tau) - top > negligible; tau += side * step) taus.push(tau);
  }
  let total = 0;
  const sums: number[] = [];
  for (const tau of taus) {
    const weight = Math.exp(logAt(tau) - top);
    total += weight;
    values?.(tau).forEach((value, i) => (sums[i] = (sums[i] ?? 0) + weight * value));
  }
  return { log: top + Math.log(total * step), averages: sums.map((sum) => sum / total) };
}

/** The law of one class by a sum over η around the largest term, in steps that resolve both the normal law and exp(−e^x). */
function classLaw(a: number, t: number, power: number): Law {
  const exponent = (eta: number): number => power * (t + a * eta) - Math.exp(t + a * eta) - eta ** 2 / 2;
  const step = Math.min(0.25, 0.2 / a);
  const centre = bisect((eta) => power * a - a * Math.exp(Math.min(700, t + a * eta)) - eta, -1e6, 1e6);
  const top = exponent(centre);
  let [sum, sum1, sum2] = [0, 0, 0];
  for (const side of [1, -1]) {
    for (let i = side > 0 ? 0 : 1; i * step < 40; i++) {
      const away = side * i * step;
      const log = exponent(centre + away) - top;
      if (!(log > negligible)) break;
      const weight = Math.exp(log);
      sum += weight;
      sum1 += weight * away;
      sum2 += weight * away ** 2;
    }
  }
  const shift = sum1 / sum;
  return {
    log: top + Math.log((sum * step) / Math.sqrt(2 * Math.PI)),
    mean: centre + shift,
    variance: sum2 / sum - shift ** 2,
  };
}

/** E(1 − exp(−e^{t + aη})), a sum of positive terms. */
function classComplement(a: number, t: number): number {
  const step = Math.min(0.25, 0.2 / a);
  const far = Math.ceil((12 + a) / step);
  let sum = 0;
  for (let i = -far; i <= far; i++) {
    const eta = i * step;
    sum += Math.exp(-(eta ** 2) / 2) * -Math.expm1(-Math.exp(Math.min(700, t + a * eta)));
  }
  return (sum * step) / Math.sqrt(2 * Math.PI);
}

function bisect(falling: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

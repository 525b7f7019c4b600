import { mills } from './normal-tail.js';

/** log W_n(t), W_n(t) = E[e^{n(t + aη) − e^{t + aη}}], η ~ N(0, 1), with mean and variance of η under that weight. */
export interface ClassLaw {
  readonly log: number;
  readonly mean: number;
  readonly variance: number;
}

export interface ClassLaws {
  readonly law: (n: number, t: number) => ClassLaw;
  /** log(1 − W_0(t)), not by subtraction. */
  readonly logComplement: (t: number) => number;
}

/** Terms that are left out are this much below the largest, in logarithms. */
export const drop = 36;
/** Terms so far below the largest, in logarithms, are not looked at. */
const beside = drop + 8;
const rootTwoPi = Math.sqrt(2 * Math.PI);

/** The weights of one class at noise a = ασ of its logit. */
export const classLaws = (a: number): ClassLaws => (a <= 0.5 ? narrow(a) : wide(a));

/**
 * Where the noise is small, the trapezoidal rule in η of step 0.35: the integrand is analytic for |Im η| < π/2a, the Gaussian grows
 * by e^{s²/2} there, and so the rule errs by e^{s²/2 − 2πs/h} < e^−49 at s = 3.
 */
function narrow(a: number): ClassLaws {
  const h = 0.35;
  const etas = Float64Array.from({ length: 53 }, (_, i) => (i - 26) * h);
  const unit = Math.log(h / rootTwoPi);
  const logs = new Float64Array(etas.length);
  const normalised = (): ClassLaw => {
    let top = -Infinity;
    for (const log of logs) if (log > top) top = log;
    let [total, first, second] = [0, 0, 0];
    for (let i = 0; i < logs.length; i++) {
      if (logs[i]! < top - beside) continue;
      const [weight, eta] = [Math.exp(logs[i]! - top), etas[i]!];
      total += weight;
      first += weight * eta;
      second += weight * eta * eta;
    }
    const mean = first / total;
    return { log: top + Math.log(total) + unit, mean, variance: second / total - mean ** 2 };
  };
  const law = (n: number, t: number): ClassLaw => {
    for (let i = 0; i < logs.length; i++) {
      const x = t + a * etas[i]!;
      logs[i] = n * x - Math.exp(x) - etas[i]! ** 2 / 2;
    }
    return normalised();
  };
  const logComplement = (t: number): number => {
    for (let i = 0; i < logs.length; i++) {
      logs[i] = Math.log(-Math.expm1(-Math.exp(t + a * etas[i]!))) - etas[i]! ** 2 / 2;
    }
    return normalised().log;
  };
  return { law, logComplement };
}

/** Trapezoidal in y: the strip |Im y| < π/2 makes the error e^{−π²/h}. */
const step = 0.25;
const lattice = (from: number, to: number): Float64Array =>
  new Float64Array(Math.ceil((to - from) / step) + 1).map((_, i) => from + i * step);
const usual = lattice(-drop, 5);
const powers = usual.map(Math.exp);
const densities = powers.map((exp) => exp * Math.exp(-exp));

/**
 * exp(−e^x) is the probability that a Gumbel variable y of density e^{y − e^y} exceeds x, so that W_0(t) = E Φ((y − t)/a): smooth, and
 * whatever a is the mass lies at −36 < y < 5. By Stein's lemma mean = −a W_1/W_0 and variance = 1 + a² (r₂ − r₁ − r₁²), r_n = W_n/W_0;
 * completing the square, W_n(t) = e^{nt + n²a²/2} W_0(t + na²), which moves the mean by na.
 */
function wide(a: number): ClassLaws {
  const survival = (t: number): ClassLaw => {
    const reach = Math.log1p(Math.max(0, t) / a ** 2); // deep in the tail the mass lies at e^y = 1 + t/a²
    const ys = reach > 0.5 ? lattice(-drop, 5 + reach) : usual;
    const exps = ys === usual ? powers : ys.map(Math.exp);
    const gumbels = ys === usual ? densities : exps.map((exp) => exp * Math.exp(-exp));
    const lowest = Math.min(0, (reach - t) / a) ** 2 / 2; // so that the normal density does not underflow there
    const one = Math.exp(lowest);
    const least = -Math.exp(reach) - beside; // the Gumbel density of the largest term is above exp(−e^reach), elsewhere below 1
    let [total, first, second] = [0, 0, 0];
    for (let i = 0; i < ys.length; i++) {
      const z = (ys[i]! - t) / a;
      const gumbel = gumbels[i]!;
      if (lowest - z ** 2 / 2 < least) {
        if (z > 0) total += gumbel * one;
        continue;
      }
      const normal = Math.exp(lowest - z ** 2 / 2) / rootTwoPi;
      total += gumbel * (z < 0 ? normal * mills(-z) : one - normal * mills(z));
      first += gumbel * normal;
      second += gumbel * normal * exps[i]!;
    }
    const [r1, r2] = [first / (a * total), second / (a * total)];
    return {
      log: Math.log(total * step) - lowest,
      mean: -a * r1,
      variance: 1 + a ** 2 * (r2 - r1 - r1 ** 2),
    };
  };
  const law = (n: number, t: number): ClassLaw => {
    const { log, mean, variance } = survival(t + n * a ** 2);
    return { log: log + n * t + (n * a) ** 2 / 2, mean: mean + n * a, variance };
  };
  /** 1 − W_0(t) = E Φ((t − y)/a), of mass near t + a² if that is far down: there e^{−e^y} is 1 and the whole the mean of e^{t + aη}. */
  const logComplement = (t: number): number => {
    const centre = t + a ** 2;
    if (centre + 9 * a < -37) return t + a ** 2 / 2;
    const lowest = a > 9 ? centre - 9 * a : t - drop; // below t only e^y falls, from e^{−a²/2} of the peak
    const ys = lattice(Math.min(-drop, lowest), 5);
    let top = -Infinity;
    const logs = ys.map((y) => {
      const z = (t - y) / a;
      if (z < 0 && y - z ** 2 / 2 < top - beside) return -Infinity;
      const tail =
        z < 0
          ? -(z ** 2) / 2 + Math.log(mills(-z) / rootTwoPi)
          : z ** 2 / 2 > beside
            ? 0
            : Math.log1p((-Math.exp(-(z ** 2) / 2) * mills(z)) / rootTwoPi);
      const log = y - Math.exp(y) + tail;
      if (log > top) top = log;
      return log;
    });
    let sum = 0;
    for (const log of logs) if (log > top - beside) sum += Math.exp(log - top);
    return top + Math.log(step * sum);
  };
  return { law, logComplement };
}

import { once } from '../numerics.js';
import { classLaws, type ClassLaw } from './class-law.js';
import { logConcaveTerms, logTotal } from './lattice-sum.js';

/** E p_c p_c′ for one kind of pair, and what the features of the classes average to under that weight. */
export interface Collision {
  /** log E p_c p_c′. */
  readonly log: number;
  /** Means of M_i M_j over the roles (true class, one of the pair, another class), M_i the mean of feature i. */
  readonly products: readonly (readonly number[])[];
  /** Means of M_i, and of the variances V_i. */
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/** Everything at one symmetric point of orthonormal means that one-dimensional integrals give. */
export interface Collisions {
  /** log E p_1, the probability given to one wrong class. */
  readonly logWrong: number;
  /** log E[−log p_y]. */
  readonly logLoss: number;
  /** The true class with another; two others (none for k = 2); another with itself, E p_1². */
  readonly withTrue: Collision;
  readonly ofOthers: Collision | undefined;
  readonly ofOne: Collision;
}

const found = new Map<string, Collisions>();

/**
 * E Π p_i^{n_i} Γ(N) = ∫ dτ Π_i W_{n_i}(τ + α[i = y]), N = Σn, from 1/Z^N = (1/Γ(N)) ∫ s^{N−1} e^{−sZ} ds, s = e^τ; given τ the classes
 * are independent. And log(1 + R) = ∫ e^{−s}(1 − e^{−sR}) ds/s gives E[−log p_y] = ∫ dτ W_0(τ + α)(1 − W_0(τ)^{k−1}).
 * The sum over τ is a trapezoidal rule: of step 0.3 in the strip |Im τ| < π/2 where |exp(−e^τ)| ≤ 1, or a/20 where the noise a = ασ makes
 * everything smooth on the scale a/√(2 log k). Kept for the next call, because many laws are held against the same point.
 */
export function collisions(k: number, noise: number, margin: number): Collisions {
  const key = `${k} ${noise} ${margin}`;
  const known = found.get(key) ?? integrate(k, noise, margin);
  found.set(key, known);
  return known;
}

function integrate(k: number, noise: number, margin: number): Collisions {
  const a = margin * noise;
  const { law, logComplement } = classLaws(a);
  const h = Math.max(0.3, a / 20);
  const seen = new Map<number, ClassLaw>();
  const at = (n: number, j: number, isTrue = false): ClassLaw => {
    const key = 6 * j + 2 * n + (isTrue ? 1 : 0);
    let value = seen.get(key);
    if (value === undefined) seen.set(key, (value = law(n, j * h + (isTrue ? margin : 0))));
    return value;
  };
  const sumOf = (log: (j: number) => number) => {
    const { indices, logs } = logConcaveTerms(log);
    const total = logTotal(logs);
    return { log: total + Math.log(h), indices, shares: logs.map((x) => Math.exp(x - total)) };
  };

  const collision = (powers: readonly [number, number, number], copies: readonly [number, number]): Collision => {
    const roles = (j: number) => [at(powers[0], j, true), at(powers[1], j), at(powers[2], j)] as const;
    const { log, indices, shares } = sumOf((j) => {
      const [y, c, rest] = roles(j);
      return y.log + copies[0] * c.log + copies[1] * rest.log;
    });
    const products = [0, 1, 2].map(() => [0, 0, 0]);
    const [means, variances] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    indices.forEach((j, i) => {
      const share = shares[i]!;
      const laws = roles(j);
      const M = laws.map(({ mean }, role) => (role === 0 ? 1 : 0) + noise * mean);
      for (const p of [0, 1, 2]) {
        means[p]! += share * M[p]!;
        variances[p]! += share * noise ** 2 * laws[p]!.variance;
        for (const q of [0, 1, 2]) products[p]![q]! += share * M[p]! * M[q]!;
      }
    });
    return { log, products, means, variances };
  };

  const logPowerComplement = (j: number): number => {
    const falls = (k - 1) * at(0, j).log;
    if (falls < -0.1) return Math.log(-Math.expm1(falls));
    const q = logComplement(j * h);
    return q < -30 ? Math.log(k - 1) + q : Math.log(-Math.expm1((k - 1) * Math.log1p(-Math.exp(q))));
  };
  const ofOne = once(() => collision([0, 2, 0], [1, k - 2]));
  const logWrong = once(() => sumOf((j) => at(0, j, true).log + at(1, j).log + (k - 2) * at(0, j).log).log);
  const logLoss = once(() => sumOf((j) => at(0, j, true).log + logPowerComplement(j)).log);
  return {
    get logWrong() {
      return logWrong();
    },
    get logLoss() {
      return logLoss();
    },
    withTrue: collision([1, 1, 0], [1, k - 2]),
    ofOthers: k > 2 ? collision([0, 1, 0], [2, k - 3]) : undefined,
    get ofOne() {
      return ofOne();
    },
  };
}

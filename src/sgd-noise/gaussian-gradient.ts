import { UsageError } from '../errors.js';

/**
 * A level of H in which the gradient is Gaussian: `multiplicity` components of variance `variance` each, about a mean of squared length `flow` (0 if
 * left out), its deterministic part.
 */
export interface GradientLevel {
  readonly eigenvalue: number;
  readonly multiplicity: number;
  readonly variance: number;
  readonly flow?: number;
}

/** Mean and standard deviation over the noise. */
export interface GaussianMoments {
  readonly mean: number;
  readonly spread: number;
}

/**
 * E‖P_m g‖²/E‖g‖², levels in descending order. A level that m cuts counts not at all in `lower` and whole in `upper`: within it the top m are anyone's choice.
 * Throws UsageError unless m is a positive integer and some energy is positive.
 */
export function expectedFraction(
  levels: readonly GradientLevel[],
  m: number,
): { readonly lower: number; readonly upper: number } {
  const energies = levels.map(energyOf);
  const total = sumOf(energies);
  checkEnergy(total);
  const of = (isWhole: boolean): number => {
    const top = topOf(levels, m, isWhole);
    return sumOf(energies.map((energy, i) => (top[i] === true ? energy : 0))) / total;
  };
  return { lower: of(false), upper: of(true) };
}

/**
 * Mean and spread of ‖P_m g‖²/‖g‖² over the Gaussian g, at both ends of the cut, from 1/Y = ∫ e^{−sY} ds, 1/Y² = ∫ s e^{−sY} ds, Y = ‖g‖²: with D_i = 1 + 2 v_i s
 *   E e^{−sY} = Π D_i^{−n_i/2} exp(−s Σ φ_i/D_i),   and the mean of g² in a level, so weighted, is n_i v_i/D_i + φ_i/D_i².
 * Relative error about 1e-10. Throws UsageError as expectedFraction does. Cost: about a hundred points, each of all levels.
 */
export function gaussianFraction(
  levels: readonly GradientLevel[],
  m: number,
): { readonly lower: GaussianMoments; readonly upper: GaussianMoments } {
  const scaled = inUnits(levels);
  const of = (isWhole: boolean): GaussianMoments => {
    const top = topOf(levels, m, isWhole);
    const sums = halfLine((s) => {
      const { weight, first, second } = weighted(scaled, s, 0, (i) => (top[i] === true ? 1 : 0));
      return [s * weight * first, s ** 2 * weight * (first ** 2 + second)];
    });
    return moments(sums[0]!, sums[1]!);
  };
  return { lower: of(false), upper: of(true) };
}

/**
 * Mean and spread of overlap(g, Hg) = X/√(YZ) over the Gaussian g, X = gᵀHg, Y = ‖g‖², Z = ‖Hg‖², from 1/√(YZ) = (1/π)∫∫ (sr)^{−1/2} e^{−sY−rZ} ds dr and
 * 1/(YZ) = ∫∫ e^{−sY−rZ} ds dr, as in gaussianFraction with D_i = 1 + 2 v_i (s + r λ_i²). Relative error about 1e-9. Throws UsageError where the energy,
 * or that of Hg, is 0. Cost: some ten thousand points, each of all levels.
 */
export function gaussianOverlap(levels: readonly GradientLevel[]): GaussianMoments {
  const scaled = inUnits(levels);
  const scale = sumOf(scaled.map((level) => energyOf(level) * level.eigenvalue ** 2));
  checkEnergy(scale);
  const sums = halfLine((s) =>
    halfLine((r) => {
      const { weight, first, second } = weighted(scaled, s, r / scale, (i) => scaled[i]!.eigenvalue / Math.sqrt(scale));
      return [(Math.sqrt(s * r) * weight * first) / Math.PI, s * r * weight * (first ** 2 + second)];
    }),
  );
  return moments(sums[0]!, sums[1]!);
}

/** The same in units of the whole energy and of the largest eigenvalue, on which shares and overlaps do not depend. */
function inUnits(levels: readonly GradientLevel[]): GradientLevel[] {
  const energy = sumOf(levels.map(energyOf));
  checkEnergy(energy);
  const largest = Math.max(...levels.map(({ eigenvalue }) => eigenvalue)) || 1;
  return levels.map(({ eigenvalue, multiplicity, variance, flow = 0 }) => ({
    eigenvalue: eigenvalue / largest,
    multiplicity,
    variance: variance / energy,
    flow: flow / energy,
  }));
}

function moments(mean: number, square: number): GaussianMoments {
  return { mean: Math.min(1, mean), spread: Math.sqrt(Math.max(0, square - mean ** 2)) };
}

/** E e^{−sY−rZ}, and under that weight mean and variance of Σ f_i g². */
function weighted(
  levels: readonly GradientLevel[],
  s: number,
  r: number,
  factor: (level: number) => number,
): { readonly weight: number; readonly first: number; readonly second: number } {
  let [log, first, second] = [0, 0, 0];
  levels.forEach(({ eigenvalue, multiplicity: n, variance: v, flow = 0 }, i) => {
    const rate = s + r * eigenvalue ** 2;
    const D = 1 + 2 * v * rate;
    log -= (n / 2) * Math.log1p(2 * v * rate) + (flow * rate) / D;
    const f = factor(i);
    first += f * ((n * v) / D + flow / D ** 2);
    second += f ** 2 * ((2 * n * v ** 2) / D ** 2 + (4 * flow * v) / D ** 3);
  });
  return { weight: Math.exp(log), first, second };
}

const step = 0.25;

/**
 * ∫ f(s) ds/s over s > 0 for f that vanish at least as √s at 0, by the trapezoidal rule in x, s = exp(x − e^{−x}), which falls off doubly exponentially there.
 * `f` gives several integrands.
 */
function halfLine(f: (s: number) => readonly number[]): number[] {
  const sums: number[] = [];
  const add = (j: number): boolean => {
    const x = j * step;
    const weight = (1 + Math.exp(-x)) * step;
    const terms = f(Math.exp(x - Math.exp(-x)));
    terms.forEach((term, i) => (sums[i] = (sums[i] ?? 0) + weight * term));
    return terms.some((term, i) => term > 1e-13 * sums[i]!);
  };
  for (let j = 0; add(j) && j < farthest; j++);
  for (let j = -1; add(j) && j > -farthest; j--);
  return sums;
}

/** No integrand falls off more slowly than s^{−1/2}. */
const farthest = 300;

/** Which levels are among the top m, a cut one if `isWhole`. */
function topOf(levels: readonly GradientLevel[], m: number, isWhole: boolean): boolean[] {
  if (!Number.isInteger(m) || m < 1)
    throw new UsageError(`the top space has a positive number of dimensions, received ${m}`);
  let above = 0;
  return levels.map(({ multiplicity }) => {
    const from = above;
    above += multiplicity;
    return above <= m || (isWhole && from < m);
  });
}

function energyOf({ multiplicity, variance, flow = 0 }: GradientLevel): number {
  if (!(multiplicity >= 0 && variance >= 0 && flow >= 0)) {
    throw new UsageError(
      `multiplicity, variance and flow of a level must not be negative, received ${multiplicity}, ${variance}, ${flow}`,
    );
  }
  return multiplicity * variance + flow;
}

function checkEnergy(total: number): void {
  if (!(total > 0 && total < Infinity)) {
    throw new UsageError(`a share of the gradient's energy needs one that is positive and finite, received ${total}`);
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0);
}

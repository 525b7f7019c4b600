import { interpolated } from './chebyshev.js';
import { symmetricEigen } from './jacobi.js';
import { referenceCovariance } from './sector-covariances.js';

type Matrix = readonly (readonly number[])[];

/** H and C at one margin, in true units: in the sectors that occur once, and over the standard copies. */
interface NoisePoint {
  readonly rate: number;
  readonly levels: readonly number[];
  readonly covariances: readonly number[];
  readonly hessian: Matrix;
  readonly covariance: Matrix;
}

export interface NoiseModel {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly correlation?: number;
  readonly bias?: boolean;
}

/** Variance along an eigenvector of H, with λ and c = vᵀCv, in one sector at one time. */
export interface NoiseLevel {
  readonly sector: string;
  readonly multiplicity: number;
  readonly eigenvalue: number;
  readonly covariance: number;
  readonly variance: number;
}

export interface NoiseState {
  readonly margin: number;
  /** ‖G‖² of the flow. */
  readonly flow: number;
  /** The gauge left out. */
  readonly levels: readonly NoiseLevel[];
}

/** α, then v of each sector that occurs once, then Σ of the standard copies row by row. */
type State = readonly number[];

/** How noise grows along the flow from α = 0: in continuous time, and step by step. */
export function noiseAlongTheFlow(
  model: NoiseModel,
  latest: number,
): {
  readonly atTimes: (ratio: number, times: readonly number[]) => NoiseState[];
  readonly atSteps: (rate: number, batch: number, steps: readonly number[]) => NoiseState[];
} {
  const { classes: k, dim, correlation = 0 } = model;
  const first = referenceCovariance({ ...model, margin: latest }, dim).levels;
  const singles = first.filter(({ sector }) => !sector.startsWith('standard') && sector !== 'gauge');
  const standards = first.filter(({ sector }) => sector.startsWith('standard'));
  const n = standards.length;
  const range = standards.map((_, i) => i);

  const curves = interpolated(latest, 16, (margin) => {
    const { levels, hessian, covariance, logUnit, rate } = referenceCovariance({ ...model, margin }, dim);
    const own = singles.map(({ sector }) => levels.find((level) => level.sector === sector)!);
    const numbers = [...own.map(({ level }) => level), ...own.map((level) => level.covariance), ...hessian.flat(), ...covariance.flat()]; // prettier-ignore
    return [rate, ...numbers.map((x) => x * Math.exp(logUnit))];
  });
  const pointAt = (margin: number): NoisePoint => {
    const [rate, ...values] = curves(margin) as [number, ...number[]];
    const m = singles.length;
    const matrix = (from: number): Matrix => range.map((i) => range.map((j) => values[from + i * n + j]!));
    return {
      rate,
      levels: values.slice(0, m),
      covariances: values.slice(m, 2 * m),
      hessian: matrix(2 * m),
      covariance: matrix(2 * m + n * n),
    };
  };
  const start: State = new Array<number>(1 + singles.length + n * n).fill(0);
  const matrixOf = (y: State): Matrix => range.map((i) => range.map((j) => y[1 + singles.length + i * n + j]!));

  const stateOf = (y: State): NoiseState => {
    const [margin, ...variances] = y as [number, ...number[]];
    const { rate, levels, covariances, hessian, covariance } = pointAt(margin);
    const { values, vectors } = symmetricEigen(hessian);
    const form = (A: Matrix, v: readonly number[]): number =>
      A.reduce((sum, row, i) => sum + v[i]! * row.reduce((dot, x, j) => dot + x * v[j]!, 0), 0);
    return {
      margin,
      flow: (k - 1) * (1 - correlation) * rate ** 2,
      levels: [
        ...singles.map(({ sector, multiplicity }, i) => ({
          sector,
          multiplicity,
          eigenvalue: levels[i]!,
          covariance: covariances[i]!,
          variance: variances[i]!,
        })),
        ...standards.map(({ sector, multiplicity }, i) => ({
          sector,
          multiplicity,
          eigenvalue: values[i]!,
          covariance: form(covariance, vectors[i]!),
          variance: form(matrixOf(y), vectors[i]!),
        })),
      ],
    };
  };

  /** α′ = rate, v′ = −2λv + (η/b)c, Σ′ = −HΣ − ΣH + (η/b)C. */
  const slope = (ratio: number, y: State): number[] => {
    const { rate, levels, covariances, hessian, covariance } = pointAt(y[0]!);
    const S = matrixOf(y);
    const HS = product(hessian, S);
    return [
      rate,
      ...levels.map((level, i) => -2 * level * y[1 + i]! + ratio * covariances[i]!),
      ...range.flatMap((i) => range.map((j) => ratio * covariance[i]![j]! - HS[i]![j]! - HS[j]![i]!)),
    ];
  };
  /** In log(1 + t) by the classical Runge–Kutta method. */
  const atTimes = (ratio: number, times: readonly number[]): NoiseState[] => {
    let [from, y] = [0, start];
    return times.map((time) => {
      const to = Math.log1p(time);
      const steps = Math.ceil((to - from) / 0.03);
      const h = (to - from) / steps;
      for (let i = 0; i < steps; i++) {
        const s = from + i * h;
        const at = (x: number, z: State): number[] => slope(ratio, z).map((d) => d * Math.exp(x));
        const moved = (k: readonly number[], share: number): number[] => y.map((x, q) => x + share * h * k[q]!);
        const k1 = at(s, y);
        const k2 = at(s + h / 2, moved(k1, 1 / 2));
        const k3 = at(s + h / 2, moved(k2, 1 / 2));
        const k4 = at(s + h, moved(k3, 1));
        y = y.map((x, q) => x + (h / 6) * (k1[q]! + 2 * k2[q]! + 2 * k3[q]! + k4[q]!));
      }
      from = to;
      return stateOf(y);
    });
  };

  /** α ← α + η rate, v ← (1 − ηλ)² v + (η²/b)c, Σ ← (1 − ηH)Σ(1 − ηH) + (η²/b)C. */
  const atSteps = (eta: number, batch: number, steps: readonly number[]): NoiseState[] => {
    let [done, y] = [0, start];
    return steps.map((until) => {
      for (; done < until; done++) {
        const { rate, levels, covariances, hessian, covariance } = pointAt(y[0]!);
        const A = range.map((i) => range.map((j) => (i === j ? 1 : 0) - eta * hessian[i]![j]!));
        const S = product(product(A, matrixOf(y)), A);
        y = [
          y[0]! + eta * rate,
          ...levels.map((level, i) => (1 - eta * level) ** 2 * y[1 + i]! + (eta ** 2 / batch) * covariances[i]!),
          ...range.flatMap((i) => range.map((j) => S[i]![j]! + (eta ** 2 / batch) * covariance[i]![j]!)),
        ];
      }
      return stateOf(y);
    });
  };
  return { atTimes, atSteps };
}

const product = (A: Matrix, B: Matrix): number[][] =>
  A.map((row) => B[0]!.map((_, j) => row.reduce((sum, x, i) => sum + x * B[i]![j]!, 0)));

import { interpolated } from './chebyshev.js';
import { symmetricEigen } from './jacobi.js';
import { referenceCovariance } from './sector-covariances.js';

export type Matrix = readonly (readonly number[])[];

export const product = (A: Matrix, B: Matrix): number[][] =>
  A.map((row) => B[0]!.map((_, j) => row.reduce((sum, x, i) => sum + x * B[i]![j]!, 0)));
export const transposed = (A: Matrix): number[][] => A[0]!.map((_, j) => A.map((row) => row[j]!));
/** A + factor B. */
export const combined = (A: Matrix, B: Matrix, factor: number): number[][] =>
  A.map((row, i) => row.map((x, j) => x + factor * B[i]![j]!));
/** vᵀAv. */
export const form = (A: Matrix, v: readonly number[]): number =>
  A.reduce((sum, row, i) => sum + v[i]! * row.reduce((dot, x, j) => dot + x * v[j]!, 0), 0);

/** H and C, in true units, over the copies of one sector. */
export interface SectorMatrices {
  readonly name: string;
  readonly multiplicity: number;
  readonly hessian: Matrix;
  readonly covariance: Matrix;
}

interface NoisePoint {
  readonly rate: number;
  readonly sectors: readonly SectorMatrices[];
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
  readonly sectors: readonly (SectorMatrices & { readonly variance: Matrix })[];
  /** d log λ/dα, in the order of the levels. */
  readonly slopes: readonly number[];
}

/** How noise grows along the flow from α = 0: in continuous time, and step by step. */
export interface NoiseAlongTheFlow {
  readonly atTimes: (ratio: number, times: readonly number[]) => NoiseState[];
  readonly atSteps: (eta: number, batch: number, momentum: number, steps: readonly number[]) => NoiseState[];
}

/** d log λ/dα of every level, by a central difference of what gives levels. */
export function slopesOf(levelsAt: (margin: number) => readonly NoiseLevel[], margin: number): number[] {
  const h = 1e-4 * Math.max(1, margin);
  const [before, after] = [levelsAt(margin - h), levelsAt(margin + h)];
  return before.map(({ eigenvalue }, i) => Math.log(after[i]!.eigenvalue / eigenvalue) / (2 * h));
}

/** The levels of a point, with the variances of no noise. */
export function levelsAtPoint(model: NoiseModel, margin: number): NoiseLevel[] {
  return sectorsAt(model, margin).sectors.flatMap((sector) =>
    levelsOf(
      sector,
      sector.hessian.map((row) => row.map(() => 0)),
    ),
  );
}

/** The sectors of a point: those that occur once, and the standard one, last. */
function sectorsAt(model: NoiseModel, margin: number): NoisePoint {
  const { levels, hessian, covariance, logUnit, rate } = referenceCovariance({ ...model, margin }, model.dim);
  const unit = Math.exp(logUnit);
  const scaled = (A: Matrix): Matrix => A.map((row) => row.map((x) => x * unit));
  const singles = levels.filter(({ sector }) => !sector.startsWith('standard') && sector !== 'gauge');
  return {
    rate,
    sectors: [
      ...singles.map(({ sector, multiplicity, level, covariance: c }) => ({
        name: sector,
        multiplicity,
        hessian: [[level * unit]],
        covariance: [[c * unit]],
      })),
      {
        name: 'standard',
        multiplicity: model.classes - 1,
        hessian: scaled(hessian),
        covariance: scaled(covariance),
      },
    ],
  };
}

/** Levels by sector, standard ones in descending order as noisyLevels names them. */
function levelsOf({ name, multiplicity, hessian, covariance }: SectorMatrices, variance: Matrix): NoiseLevel[] {
  const { values, vectors } = symmetricEigen(hessian);
  const names = ['standard+', values.length === 2 ? 'standard-' : 'standard0', 'standard-'];
  return values.map((eigenvalue, i) => ({
    sector: name === 'standard' ? names[i]! : name,
    multiplicity,
    eigenvalue,
    covariance: form(covariance, vectors[i]!),
    variance: form(variance, vectors[i]!),
  }));
}

/** H and C are interpolated on 0 ≤ α ≤ `latest` by their values at `nodes` margins. */
export function noiseAlongTheFlow(model: NoiseModel, latest: number, nodes: number): NoiseAlongTheFlow {
  const { classes: k, correlation = 0 } = model;
  const { sectors: kinds } = sectorsAt(model, latest);
  const curves = interpolated(latest, nodes, (margin) => {
    const { rate, sectors } = sectorsAt(model, margin);
    return [rate, ...sectors.flatMap(({ hessian, covariance }) => [...hessian.flat(), ...covariance.flat()])];
  });
  const pointAt = (margin: number): NoisePoint => {
    const [rate, ...values] = curves(margin) as [number, ...number[]];
    let at = 0;
    const next = (like: Matrix): Matrix => like.map((row) => row.map(() => values[at++]!));
    return {
      rate,
      sectors: kinds.map((kind) => ({ ...kind, hessian: next(kind.hessian), covariance: next(kind.covariance) })),
    };
  };
  const stateOf = (margin: number, variances: readonly Matrix[]): NoiseState => {
    const { rate, sectors } = pointAt(margin);
    const levelsAt = (at: number): NoiseLevel[] =>
      pointAt(at).sectors.flatMap((one, i) => levelsOf(one, variances[i]!));
    return {
      margin,
      slopes: slopesOf(levelsAt, margin),
      flow: (k - 1) * (1 - correlation) * rate ** 2,
      levels: sectors.flatMap((sector, i) => levelsOf(sector, variances[i]!)),
      sectors: sectors.map((sector, i) => ({ ...sector, variance: variances[i]! })),
    };
  };

  /** α′ = rate, Σ′ = −HΣ − ΣH + (η/b)C in log(1 + t) by the classical Runge–Kutta method; a state is α and all Σ, one after the other. */
  const atTimes = (ratio: number, times: readonly number[]): NoiseState[] => {
    const unpacked = (y: readonly number[]): Matrix[] => {
      let at = 1;
      return kinds.map(({ hessian }) => hessian.map((row) => row.map(() => y[at++]!)));
    };
    const slope = (s: number, y: readonly number[]): number[] => {
      const { rate, sectors } = pointAt(y[0]!);
      const Sigma = unpacked(y);
      const moved = sectors.flatMap(({ hessian, covariance }, i) => {
        const HS = product(hessian, Sigma[i]!);
        return covariance.flatMap((row, p) => row.map((c, q) => ratio * c - HS[p]![q]! - HS[q]![p]!));
      });
      return [rate, ...moved].map((x) => x * Math.exp(s));
    };
    let [from, y] = [0, [0, ...kinds.flatMap(({ hessian }) => hessian.flat().map(() => 0))]];
    return times.map((time) => {
      const steps = Math.ceil((Math.log1p(time) - from) / 0.04);
      const h = (Math.log1p(time) - from) / steps;
      for (let n = 0; n < steps; n++) {
        const at = (k: readonly number[], share: number): number[] => y.map((x, q) => x + share * h * k[q]!);
        const k1 = slope(from, y);
        const k2 = slope(from + h / 2, at(k1, 1 / 2));
        const k3 = slope(from + h / 2, at(k2, 1 / 2));
        const k4 = slope(from + h, at(k3, 1));
        y = y.map((x, q) => x + (h / 6) * (k1[q]! + 2 * k2[q]! + 2 * k3[q]! + k4[q]!));
        from += h;
      }
      return stateOf(y[0]!, unpacked(y));
    });
  };

  /** α and u of the mean, u ← μu + rate, α ← α + ηu; and of (x, w), w ← μw + Hx + ζ, x ← x − ηw, the covariance S ← A S Aᵀ + N. */
  const atSteps = (eta: number, batch: number, mu: number, steps: readonly number[]): NoiseState[] => {
    let [done, margin, velocity] = [0, 0, 0];
    let states: Matrix[] = kinds.map(({ hessian }) => {
      const n = 2 * hessian.length;
      return Array.from({ length: n }, () => new Array<number>(n).fill(0));
    });
    return steps.map((until) => {
      for (; done < until; done++) {
        const { rate, sectors } = pointAt(margin);
        states = sectors.map((sector, i) => momentumStep(sector, states[i]!, eta, batch, mu));
        velocity = mu * velocity + rate;
        margin += eta * velocity;
      }
      const positions = states.map((S) => S.slice(0, S.length / 2).map((row) => row.slice(0, S.length / 2)));
      return stateOf(margin, positions);
    });
  };
  return { atTimes, atSteps };
}

/** The covariance of (x, w) after w ← μw + Hx + ζ, Cov ζ = C/b, and x ← x − ηw. */
export function momentumStep(
  { hessian: H, covariance: C }: Pick<SectorMatrices, 'hessian' | 'covariance'>,
  S: Matrix,
  eta: number,
  batch: number,
  mu: number,
): number[][] {
  const [A, N] = momentumSystem({ hessian: H, covariance: C }, eta, batch, mu);
  return combined(product(product(A, S), transposed(A)), N, 1);
}

/** A and N of S ← A S Aᵀ + N. */
export function momentumSystem(
  { hessian: H, covariance: C }: Pick<SectorMatrices, 'hessian' | 'covariance'>,
  eta: number,
  batch: number,
  mu: number,
): readonly [A: number[][], N: number[][]] {
  const n = H.length;
  const rows = Array.from({ length: 2 * n }, (_, i) => i);
  const unit = (i: number, j: number): number => (i === j ? 1 : 0);
  // the row of w, then that of x less η times it
  const w = (i: number, j: number): number => (j < n ? H[i]![j]! : mu * unit(i, j - n));
  const A = rows.map((i) => rows.map((j) => (i < n ? (j < n ? unit(i, j) : 0) - eta * w(i, j) : w(i - n, j))));
  const sign = (i: number): number => (i < n ? -eta : 1);
  const N = rows.map((i) => rows.map((j) => (sign(i) * sign(j) * C[i % n]![j % n]!) / batch));
  return [A, N];
}

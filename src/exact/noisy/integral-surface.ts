import { NumericalError } from '../../errors.js';
import { chebyshevNodes, chebyshevThrough } from '../../numeric/quadrature/chebyshev.js';
import { resolution } from './class-integral.js';
import { flowIntegrals, type Excess, type FlowIntegrals } from './symmetric-integrals.js';

/** The integrals of the symmetric point, and log E p_1, for orthonormal means. */
export type SurfacePoint = Omit<FlowIntegrals, 'largestExponent'>;

/** The integrals as smooth functions of σ and c = α/α*. */
export interface IntegralSurface {
  /** The curves at one σ, as functions of 0 ≤ c ≤ 2. Cost: about a millisecond, then microseconds for each c. */
  readonly along: (noise: number) => (relativeMargin: number) => SurfacePoint;
  /** How many σ and c the integrals were computed at. */
  readonly nodes: readonly [number, number];
  /** Largest of the last coefficients of all series, relative to the largest of each: the size of what was cut off. */
  readonly tail: number;
}

/** Of the levels, what they have above the bulk. */
const quantities = ['logUnit', 'trivial', 'symmetric', 'antisymmetric', 'means', 'differences', 'logWrong'] as const;
/** Levels vary first on a scale of a few units of α, then on one of α*: α = bend · sinh resolves both. */
const bend = 6;
const sizes = [8, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512];
/** The v along which the number of σ is found. */
const probes = [0.2, 0.35, 0.5, 0.65, 0.75, 0.85, 0.93, 1];

/**
 * Interpolates the integrals of the symmetric point over lowest ≤ σ ≤ highest and 0 ≤ α ≤ 2α* by a product of Chebyshev series, in
 * log σ and in v with α = A sinh(v asinh(2/(Aσ²))), A = 6, 0 ≤ v ≤ 1.
 *
 * There are as many points as it takes for the last tenth of each series, along v at the least σ and along σ at eight v, to fall below
 * `tolerance` relative to its largest coefficient; the other series are then held to ten times that. The error of each integral is
 * about `tolerance` times its largest size.
 *
 * `onProgress` is told the share of the points done. Throws NumericalError if 512 points in one direction do not suffice, or if a
 * series needs more than those that were tried. Cost: 1 to 3 ms for each of the points, 48 × 80 for k = 10, σ from 0.1 to 1, 1e-10.
 */
export function integralSurface(
  classes: number,
  [lowest, highest]: readonly [number, number],
  tolerance: number,
  onProgress: (share: number) => void = () => undefined,
): IntegralSurface {
  const digits = 1 - Math.log10(tolerance);
  const [low, high] = [Math.log(lowest), Math.max(Math.log(highest), Math.log(lowest) + 1e-3)];
  const integralsAt = (logNoise: number, v: number): number[] => {
    const noise = Math.exp(logNoise);
    const margin = Math.min(2 / noise ** 2, bend * Math.sinh(v * Math.asinh(2 / (bend * noise ** 2))));
    const integrals = flowIntegrals(classes, noise, margin, resolution(margin * noise, digits));
    const { logUnit, logWrong, means, differences, aboveBulk } = integrals;
    const { trivial, symmetric, antisymmetric } = aboveBulk;
    const values = { logUnit, means, differences, logWrong };
    const levels = { trivial: trivial.value, symmetric: symmetric.value, antisymmetric: antisymmetric.value };
    return quantities.map((name) => ({ ...values, ...levels })[name]);
  };

  const columns = sizeFor((v) => integralsAt(low, v), 0, 1, tolerance);
  const rows = sizeFor((x) => probes.flatMap((v) => integralsAt(x, v)), low, high, tolerance);
  const vs = chebyshevNodes(columns, 0, 1);
  const samples = chebyshevNodes(rows, low, high).map((x, i) => {
    onProgress(i / rows);
    return vs.map((v) => integralsAt(x, v));
  });
  onProgress(1);
  const largest = quantities.map((_, q) => Math.max(...samples.flat().map((values) => Math.abs(values[q]!))));
  const alongNoise = quantities.map((_, q) => vs.map((_, j) => chebyshevThrough(column(samples, j, q), low, high)));

  const seriesAt = (noise: number) =>
    alongNoise.map((nodes) =>
      chebyshevThrough(
        nodes.map((series) => series.value(Math.log(noise))),
        0,
        1,
      ),
    );
  const ends = [lowest, highest].flatMap(seriesAt);
  const tail = Math.max(...[...ends, ...alongNoise.flat()].map((series) => series.tail));
  if (!(tail <= 10 * tolerance)) {
    throw new NumericalError(
      `${rows} × ${columns} points between noise ${lowest} and ${highest} leave ${tail.toExponential(1)}, not ${tolerance}`,
    );
  }
  return {
    along: (noise) => {
      const series = seriesAt(noise);
      return (relativeMargin) => {
        const scale = bend * noise ** 2;
        const v = Math.asinh(relativeMargin / scale) / Math.asinh(2 / scale);
        const [logUnit, trivial, symmetric, antisymmetric, means, differences, logWrong] = series.map((s) =>
          s.value(v),
        ) as [number, number, number, number, number, number, number];
        const level = (value: number): number => noise ** 2 + value;
        const excess = (value: number, i: number): Excess => ({ value, size: largest[i]! });
        return {
          logUnit,
          trivial: level(trivial),
          symmetric: level(symmetric),
          antisymmetric: level(antisymmetric),
          means,
          differences,
          logWrong,
          aboveBulk: {
            trivial: excess(trivial, 1),
            symmetric: excess(symmetric, 2),
            antisymmetric: excess(antisymmetric, 3),
          },
        };
      };
    },
    nodes: [rows, columns],
    tail,
  };
}

function column(samples: readonly (readonly (readonly number[])[])[], j: number, q: number): number[] {
  return samples.map((row) => row[j]![q]!);
}

/** The first of `sizes` at which the series of every function is short enough. */
function sizeFor(f: (x: number) => readonly number[], low: number, high: number, tolerance: number): number {
  for (const n of sizes) {
    const samples = chebyshevNodes(n, low, high).map(f);
    const tails = samples[0]!.map(
      (_, i) =>
        chebyshevThrough(
          samples.map((sample) => sample[i]!),
          low,
          high,
        ).tail,
    );
    if (Math.max(...tails) <= tolerance) return n;
  }
  throw new NumericalError(`512 Chebyshev points between ${low} and ${high} do not reach ${tolerance}`);
}

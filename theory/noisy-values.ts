import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { once, relativeDifference, scientific, worst, worstOver } from './numerics.js';
import { collisions } from './quadrature/collisions.js';
import {
  innerProblem,
  logUnit,
  referenceLevels,
  standardBlock,
  type ReferencePoint,
} from './quadrature/sector-levels.js';
import type { Theorem } from './theorem.js';

/** One point of each part of the domain: few and many classes, little and much noise, far from and beyond the Bayes-optimal margin. */
export const classNumbers = [4, 30, 2000] as const;
export const noiseNumbers = [0.04, 0.4, 2.5] as const;
export const relativeMargins = [0.02, 0.4, 1.3] as const;

const grid: readonly ReferencePoint[] = classNumbers.flatMap((classes) =>
  noiseNumbers.flatMap((noise) =>
    relativeMargins.map((relative) => ({ classes, noise, margin: relative / noise ** 2 })),
  ),
);
/** Where sectors are empty, and means that are not orthogonal. */
const special: readonly ReferencePoint[] = [
  { classes: 2, noise: 0.4, margin: 2.5 },
  { classes: 3, noise: 0.4, margin: 2.5 },
  { classes: 3, noise: 0.01, margin: 1000 },
  ...classNumbers.flatMap((classes) =>
    [-1 / (classes - 1), 0.6].map((correlation) => ({ classes, noise: 0.3, margin: 3, correlation })),
  ),
];
const points = [...grid, ...special];

/** a = ασ and the inner values of the orthonormal problem that a point is equivalent to. */
function inner({ noise, margin, correlation = 0 }: ReferencePoint): { noise: number; margin: number } {
  return { noise: noise / Math.sqrt(1 - correlation), margin: margin * (1 - correlation) };
}

/** What the quadrature leaves: 1e-9 of k ≤ 10⁴ factors, and a variance that is what is left of 1 + a² (…), a = ασ. */
export function ownError(point: ReferencePoint, ratio: number): number {
  const { noise, margin } = inner(point);
  return 1e-9 + (1e-12 * (margin * noise ** 2) ** 2) / ratio;
}

export const finiteNoiseLevels: Theorem = {
  id: 'finite-noise-levels',
  statement:
    'every level of H at finite noise, with and without biases, is E ½ Σ p_c p_c′ ((Xx)_c − (Xx)_c′)²/‖X‖² of one test matrix X of its sector, and its error estimate holds',
  formula: String.raw`\begin{gathered} \lambda_s = \frac{1}{\lVert X \rVert^2}\; \mathbb E\, \frac12 \sum_{c, c'} p_c\,p_{c'}\,\bigl((Xx)_c - (Xx)_{c'}\bigr)^2 \\ \text{for an eigenmatrix } X \text{ of sector } s, \qquad |\hat\lambda_s - \lambda_s| \le \mathrm{error}_s \end{gathered}`,
  assumptions: 'W = αB, equiangular means; k to 2000, σ from 0.01 to 2.5, α to 1.3 α*',
  reference: 'definition of the Hessian; one-dimensional integrals by a quadrature of their own',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const error = worstOver(ownLevels, 1, ({ point, own }) => levelErrors(laws, point, own()));
    return {
      holds: error <= 1,
      evidence: `${points.length} points of the domain, twice: off by at most ${scientific(error)} of what the quadrature leaves`,
    };
  },
};

/** The levels of every point with and without biases, log Ω and the standard block: computed once. */
const ownLevels = points.flatMap((at) =>
  [false, true].map((bias) => {
    const point = { ...at, bias };
    const { classes: k } = point;
    const own = once(() => {
      const { means, at: integrals } = innerProblem(point);
      return {
        expected: referenceLevels(point, k + 3),
        log: logUnit(k, integrals),
        block: standardBlock(k, integrals, means),
      };
    });
    return { point, own };
  }),
);
type OwnLevels = ReturnType<(typeof ownLevels)[number]['own']>;

/** Is the point that comes with a result the one that was asked for? */
export function isSame(told: object, asked: object): boolean {
  const values = new Map<string, unknown>(Object.entries(told));
  return Object.entries(asked).every(([key, value]) => values.get(key) === value);
}

/** 0 if all are 0, as numbers that are not computed but known are. */
const exactly = (differences: readonly number[]): number => (differences.every((x) => x === 0) ? 0 : Infinity);

/** Errors in units of what is allowed. */
function levelErrors(laws: Laws, point: ReferencePoint, { expected, log, block }: OwnLevels): number[] {
  const dim = point.classes + 3;
  const { levels, logUnit: unit, point: told } = laws.noisyLevels({ ...point, dim });
  /** (A − λ) m of the standard block, m its unit vector. */
  const rest = (mixture: readonly number[], ratio: number): number =>
    Math.hypot(...block.map((row, i) => row.reduce((sum, x, j) => sum + x * mixture[j]!, -ratio * mixture[i]!)));
  if (levels.length !== expected.length) return [Infinity];
  return [
    isSame(told, { ...point, dim }) ? 0 : Infinity,
    Math.abs(unit - log) / ownError(point, 1),
    ...levels.flatMap(({ sector, ratio, value, multiplicity, mixture, ...level }) => {
      const { relativeError, ratioError, aboveBulk, aboveBulkError } = level;
      const own = expected.find((one) => one.sector === sector);
      if (own?.multiplicity !== multiplicity) return [Infinity];
      const floor = point.noise ** 2;
      if (sector === 'gauge') {
        return [exactly([ratio, value, relativeError, ratioError, aboveBulk + floor, aboveBulkError])];
      }
      const known = ownError(point, own.ratio);
      const off = relativeDifference(ratio, own.ratio);
      const above = Math.abs(aboveBulk - (own.ratio - floor));
      const [left, size] = [known * own.ratio, Math.abs(aboveBulk) || own.ratio]; // 0 where a simplex decouples the copies
      const isBulk = sector === 'bulk';
      return [
        off / known,
        relativeDifference(value, own.ratio * Math.exp(log)) / (2 * known),
        isBulk ? exactly([ratio - floor, aboveBulk, ratioError, aboveBulkError]) : dishonesty(ratioError, off, known),
        dishonesty(relativeError, off, known),
        ...(isBulk ? [] : [above / left, dishonesty(aboveBulkError / size, above / size, left / size)]),
        ...(mixture === undefined
          ? []
          : [Math.abs(Math.hypot(...mixture) - 1) / 1e-12, rest(mixture, ratio) / (known * (1 + ratio))]),
      ];
    }),
  ];
}

export const finiteNoiseScalars: Theorem = {
  id: 'finite-noise-scalars',
  statement:
    'dα/dt = E p_1 − σ²αΩ, loss = ∫ Ψ(τ + (1−ρ)α)(1 − Ψ(τ)^{k−1}) dτ, error, impurity and ‖G‖ at finite noise, and their error estimate, everywhere in the domain',
  formula: String.raw`\begin{gathered} \frac{d\alpha}{dt} = \mathbb E p_1 - \sigma^2 \alpha\,\Omega, \qquad \Omega = \frac{\mathbb E(1 - \lVert p\rVert^2)}{k-1}, \\ \varepsilon = (k-1)\,\mathbb E p_1, \qquad \lVert G \rVert = \sqrt{(k-1)(1-\rho)}\,\Bigl|\frac{d\alpha}{dt}\Bigr|, \\ L = \int_{-\infty}^\infty \Psi\bigl(\tau + (1-\rho)\,\alpha\bigr)\bigl(1 - \Psi(\tau)^{k-1}\bigr)\,d\tau, \\ \Psi(t) = \mathbb E \exp\bigl(-e^{t + \sqrt{1-\rho}\,\alpha\sigma\eta}\bigr), \qquad \eta \sim \mathcal N(0, 1) \end{gathered}`,
  assumptions: 'W = αB, equiangular means; k to 2000, σ from 0.01 to 2.5, α to 1.3 α*',
  reference: 'Frullani’s integral and Stein’s lemma; a quadrature of its own',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const error = worstOver(points, 1, (point) => scalarErrors(laws, point));
    const line = worst(
      classNumbers.flatMap((k, i) =>
        noiseNumbers.flatMap((noise, j) => lineErrors(laws, k, noise, relativeMargins[(i + j) % 3]!)),
      ),
    );
    return {
      holds: worst([error, line]) <= 1,
      evidence: `${points.length} points of the domain: off by at most ${scientific(error)} of what the quadrature leaves`,
    };
  },
};

function scalarErrors(laws: Laws, point: ReferencePoint): number[] {
  const { classes: k, correlation = 0 } = point;
  const { noise, margin } = inner(point);
  const at = collisions(k, noise, margin);
  const [wrong, unit, loss] = [at.logWrong, logUnit(k, at), at.logLoss].map(Math.exp) as [number, number, number];
  const rate = wrong - noise ** 2 * margin * unit;
  const known = ownError(point, 1);
  const scalars = laws.marginPoint(point);
  const terms = laws.flowTerms(point, 14);
  const curvature = referenceLevels(point, k + 3).find(({ sector }) => sector === 'trivial')!.ratio; // over Ω
  const offs = [
    relativeDifference(scalars.error, (k - 1) * wrong),
    relativeDifference(scalars.impurity, (k - 1) * unit),
    relativeDifference(scalars.loss, loss),
    // The rate is a difference: its error is that of its larger term.
    Math.abs(scalars.marginRate - rate) / wrong,
    Math.abs(scalars.gradientNorm / Math.sqrt((k - 1) * (1 - correlation)) - Math.abs(rate)) / wrong,
  ].map((x) => (Number.isNaN(x) ? 0 : x));
  return [
    ...offs.map((x) => x / known),
    dishonesty(scalars.relativeError, worst(offs), known),
    Math.abs(laws.noisyMarginRate(point) - rate) / (wrong * known + Number.MIN_VALUE),
    Math.abs(terms.logWrong - at.logWrong) / known,
    Math.abs(terms.logCurvature - logUnit(k, at) - Math.log(curvature)) / (2 * ownError(point, curvature)),
    terms.largestExponent > 0 && terms.largestExponent < 1e6 ? 0 : Infinity, // the scale of a round-off
    relativeDifference(terms.balance, noise ** 2 * margin * Math.exp(logUnit(k, at) - at.logWrong)) / known,
  ];
}

/** The point as one: scalars and levels are those that are checked above; the snapshot has one coordinate, along the gradient. */
function lineErrors(laws: Laws, k: number, noise: number, relative: number): number[] {
  const point = { classes: k, dim: k + 3, noise, margin: relative / noise ** 2 };
  const at = collisions(k, noise, point.margin);
  const expected = referenceLevels(point, point.dim);
  const { spectrum, scalars, snapshot } = laws.linePoint(point, 7);
  const rate = Math.exp(at.logWrong) - noise ** 2 * point.margin * Math.exp(logUnit(k, at));
  const norm = Math.abs(rate) * Math.sqrt(k - 1);
  const wrong = Math.exp(at.logWrong) * Math.sqrt(k - 1);
  const trivial = expected.find(({ sector }) => sector === 'trivial')!;
  const known = ownError(point, trivial.ratio);
  const ordered = expected.filter(({ sector }) => sector !== 'gauge').sort((x, y) => y.ratio - x.ratio);
  const own = snapshot.spectrum.levels.findIndex((_, i) => snapshot.spectrum.energy(i, Float64Array.of(2)) !== 0);
  return [
    JSON.stringify(spectrum) === JSON.stringify(laws.noisyLevels(point)) ? 0 : 1,
    JSON.stringify(scalars) === JSON.stringify(laws.marginPoint(point)) ? 0 : 1,
    snapshot.time - 7,
    snapshot.parameters - k * point.dim,
    snapshot.spectrum.dimension - k * point.dim,
    snapshot.hessian.dimension - 1,
    ordered.length - snapshot.spectrum.levels.length,
    own - ordered.findIndex(({ sector }) => sector === 'trivial'),
    snapshot.spectrum.energy(own, Float64Array.of(2)) - 4,
    snapshot.spectrum.basis(own)[0]! - 1,
  ]
    .map((x) => (x === 0 ? 0 : Infinity))
    .concat(
      relativeDifference(snapshot.loss, Math.exp(at.logLoss)) / known,
      Math.abs(snapshot.gradient[0]! - norm) / (wrong * known + Number.MIN_VALUE),
      relativeDifference(snapshot.hessian.apply(Float64Array.of(1), 1)[0]!, trivial.ratio) / known,
      ...snapshot.spectrum.levels.flatMap(({ value, multiplicity, error }, i) => {
        const level = ordered[i]!;
        const off = relativeDifference(value, level.ratio);
        const known = ownError(point, level.ratio);
        return [
          off / known,
          multiplicity === level.multiplicity ? 0 : Infinity,
          level.sector === 'bulk' ? exactly([value - noise ** 2, error]) : dishonesty(error / value, off, known),
        ];
      }),
    );
}

import { dishonesty } from './error-bars.js';
import { isIdenticallyZero } from './exact/identity.js';
import type { Laws } from './laws.js';
import { classNumbers, noiseNumbers, ownError, relativeMargins } from './noisy-values.js';
import { once, relativeDifference, scientific, worst, worstOver } from './numerics.js';
import { referenceCovariance, type ReferenceNoise } from './quadrature/sector-covariances.js';
import type { ReferencePoint } from './quadrature/sector-levels.js';
import type { Theorem } from './theorem.js';

/**
 * Given x the class of the model is y with probability p_y, and so E[(p − e_y)(p − e_y)ᵀ | x] = diag(p) − ppᵀ, as an identity in p_0, …, p_{k−1} of sum 1: entry (c, c)
 * is p_c (p_c − 1)² + (1 − p_c) p_c², entry (c, d) p_c (p_c − 1) p_d + p_d p_c (p_d − 1) + (1 − p_c − p_d) p_c p_d. With x xᵀ beside it the left side averages to
 * E ∇ℓ∇ℓᵀ, the right one to H. It is the law of the data where softmax is the posterior: for means of one length that is e^{μ_c·x/σ²} over its sum, W = B/σ² up to the gauge.
 */
const isInformationIdentity = once(
  (): boolean =>
    isIdenticallyZero('p*(p - 1)^2 + (1 - p)*p^2 - p*(1 - p)', ['p'], 3) &&
    isIdenticallyZero('p*(p - 1)*q + q*p*(q - 1) + (1 - p - q)*p*q + p*q', ['p', 'q'], 2) &&
    // −‖x − μ‖²/2σ² = μ·x/σ² − ‖x‖²/2σ² − ‖μ‖²/2σ², of which only the first term tells classes of one ‖μ‖ apart
    isIdenticallyZero('-(x - m)^2/(2*s^2) - (m*x/s^2 - x^2/(2*s^2) - m^2/(2*s^2))', ['x', 'm', 's'], 4),
);

/** Points at α*. */
const optimal: readonly ReferencePoint[] = [
  { classes: 2, noise: 0.6, margin: 1 / 0.36 },
  { classes: 4, noise: 0.2, margin: 25 },
  { classes: 10, noise: 0.3, margin: 1 / 0.09, bias: true },
  { classes: 30, noise: 0.5, margin: 4, correlation: 0.4 },
  { classes: 5, noise: 0.3, margin: 1 / 0.09, correlation: -0.25 },
  { classes: 1000, noise: 0.25, margin: 16 },
  { classes: 1000, noise: 3, margin: 1 / 9 },
];

export const informationIdentity: Theorem = {
  id: 'covariance-is-hessian-at-the-optimum',
  statement:
    'at α* = 1/σ² the covariance C of one sample’s gradient is the Hessian: the model is well specified, and E ∇ℓ∇ℓᵀ = E ∇∇ℓ; before it c < λ in the trivial, symmetric, antisymmetric and bulk sectors, but not always in the standard one',
  formula: String.raw`\begin{gathered} \alpha = \alpha^* = \frac1{\sigma^2}: \qquad C = \mathbb E\,\nabla\ell\,\nabla\ell^{\mathsf T} = \mathbb E\,\nabla\nabla\ell = H, \\ \alpha < \alpha^*: \qquad c_s < \lambda_s, \quad s = \text{trivial, symmetric, antisymmetric, bulk}; \\ c_{\mathrm{std}} > \lambda_{\mathrm{std}} \;\text{ for some } k, \sigma, \alpha < \alpha^* \end{gathered}`,
  assumptions: 'equiangular means, with and without biases',
  reference: 'information identity (Fisher 1925), by E[(p − e_y)(p − e_y)ᵀ | x] = diag(p) − ppᵀ',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = optimal.flatMap((point) => {
      const { levels } = laws.gradientCovariance({ ...point, dim: point.classes + 2 });
      return levels.map(({ level, covariance }) => relativeDifference(covariance, level.value));
    });
    /** The largest c/λ of all levels of some sectors. */
    const largest = (point: ReferencePoint, isStandard: boolean): number =>
      Math.max(
        ...laws
          .gradientCovariance({ ...point, dim: point.classes + 2 })
          .levels.filter(({ level: { sector } }) => sector !== 'gauge' && sector.startsWith('standard') === isStandard)
          .map(({ level, covariance }) => covariance / level.value),
      );
    const [early, late] = [0.01, 0.9].map((share) => ({ classes: 4, noise: 0.3, margin: share / 0.09 }));
    const isBelow = [early!, late!].every((point) => largest(point, false) < 1);
    const above = largest({ classes: 3, noise: 0.6, margin: 0.01 / 0.36 }, true);
    return {
      holds: isInformationIdentity() && isBelow && above > 1.4 && worst(errors) <= 1e-10,
      evidence: `the identity in p; every sector, k = 2 … 1000, σ = 0.2 … 3, within ${scientific(worst(errors))}; at 0.01 α*, k = 3, σ = 0.6 standard+ has c/λ = ${above.toFixed(3)}`,
    };
  },
};

/** k and σ, k and α, σ and α of every size together; sectors that are empty; means at an angle; biases. */
const points: readonly ReferencePoint[] = [
  ...classNumbers.flatMap((classes, i) =>
    noiseNumbers.map((noise, j) => ({ classes, noise, margin: relativeMargins[(i + j + 1) % 3]! / noise ** 2 })),
  ),
  { classes: 2, noise: 0.4, margin: 2.5, bias: true },
  { classes: 3, noise: 0.01, margin: 1000 },
  ...[4, 2000].map((classes) => ({ classes, noise: 0.3, margin: 3, correlation: -1 / (classes - 1) })),
  ...classNumbers.map((classes) => ({ classes, noise: 0.3, margin: 3, correlation: 0.6, bias: true })),
];

/** What does not depend on the library, computed once. */
const references = points.map((point) => once(() => referenceCovariance(point, point.classes + 3)));

export const sectorValuesOfTheCovariance: Theorem = {
  id: 'gradient-covariance',
  statement:
    'in every sector the covariance of one sample’s gradient is c = E[((p − e_y)·Xx)²]/‖X‖² of one test matrix X, less ‖G‖² in the trivial one, with and without biases, and its error estimate holds',
  formula: String.raw`\begin{gathered} c_s = \frac{\mathbb E\bigl[((p - e_y) \cdot X x)^2\bigr]}{\lVert X \rVert^2} - \lVert G \rVert^2\,[s = \text{trivial}] \quad \text{for a matrix } X \text{ of sector } s, \\ |\hat c_s - c_s| \le \mathrm{error}_s \end{gathered}`,
  assumptions: 'W = αB, equiangular means; k to 2000, σ from 0.01 to 2.5, α to 1.3 α*',
  reference: 'definition of the covariance; one-dimensional integrals by a quadrature of their own',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const error = worstOver([...points.keys()], 1, (i) => covarianceErrors(laws, points[i]!, references[i]!()));
    return {
      holds: error <= 1,
      evidence: `${points.length} points of the domain: off by at most ${scientific(error)} of what the quadrature leaves`,
    };
  },
};

/** Errors in units of what is allowed. */
function covarianceErrors(laws: Laws, point: ReferencePoint, own: ReferenceNoise): number[] {
  const dim = point.classes + 3;
  const { spectrum, logUnit, levels, standard } = laws.gradientCovariance({ ...point, dim });
  const toOwn = Math.exp(logUnit - own.logUnit); // from Ω_C to Ω
  const entries = own.covariance.flat();
  const size = Math.max(...entries);
  const isSpectrum =
    JSON.stringify(spectrum) === JSON.stringify(laws.noisyLevels({ ...point, dim })) &&
    JSON.stringify(levels.map(({ level }) => level)) === JSON.stringify(spectrum.levels);
  if (!isSpectrum || standard.size !== own.covariance.length || levels.length !== own.levels.length) return [Infinity];
  return [
    Math.abs(logUnit - own.logOwnUnit) / 1e-9,
    ...entries.map((x, i) => Math.abs(standard.entries[i]! * toOwn - x) / (1e-9 * size)),
    ...levels.flatMap(({ level, covariance, ratio, relativeError }) => {
      const expected = own.levels.find(({ sector }) => sector === level.sector)!;
      if (level.sector === 'gauge') return [covariance, ratio, relativeError].map((x) => (x === 0 ? 0 : Infinity));
      const known = ownError(point, expected.covariance);
      const off = relativeDifference(ratio * toOwn, expected.covariance);
      return [
        off / known,
        relativeDifference(covariance, expected.covariance * Math.exp(own.logUnit)) / (2 * known),
        dishonesty(relativeError, off, known),
      ];
    }),
  ];
}

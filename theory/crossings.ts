import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import { logFlowTime } from './quadrature/along-the-flow.js';
import { collisions } from './quadrature/collisions.js';
import { logUnit, referenceLevels, type ReferenceLevel } from './quadrature/sector-levels.js';
import type { Theorem } from './theorem.js';

/** A crossing as the library tells it. */
interface ToldCrossing {
  readonly sector: string;
  readonly relativeMargin: number;
}

interface Crossing extends ToldCrossing {
  readonly margin: number;
  readonly errorBar: number;
}

/** Classes, noise and correlation of the means. */
interface Line {
  readonly k: number;
  readonly noise: number;
  readonly correlation?: number;
}

const levelsAt = ({ k, noise, correlation = 0 }: Line, relative: number): ReferenceLevel[] =>
  referenceLevels({ classes: k, noise, margin: relative / noise ** 2, correlation }, k + 1);
const ratioOf = (levels: readonly ReferenceLevel[], sector: string): number =>
  levels.find((level) => level.sector === sector)!.ratio;
const gapAt = (line: Line, relative: number, sector: string): number => {
  const levels = levelsAt(line, relative);
  return ratioOf(levels, 'trivial') - ratioOf(levels, sector);
};

/** The gradient's level is above that of the sector before the crossing and below it after, 0.3 % away on either side. */
const changesSign = (line: Line, { sector, relativeMargin }: ToldCrossing): boolean =>
  gapAt(line, 0.997 * relativeMargin, sector) > 0 && gapAt(line, 1.003 * relativeMargin, sector) < 0;

/** Are these all crossings up to 2α*? Every sector that starts below the gradient's level and ends above it, once and in order. */
function isComplete(line: Line, told: readonly ToldCrossing[]): boolean {
  const end = levelsAt(line, 2);
  const above = end.filter(
    ({ sector, ratio }) => !['trivial', 'standard+', 'gauge'].includes(sector) && ratio > ratioOf(end, 'trivial'),
  );
  const names = above.map(({ sector }) => sector).sort();
  return (
    told
      .map(({ sector }) => sector)
      .sort()
      .join() === names.join() &&
    told.every(({ relativeMargin }, i) => i === 0 || relativeMargin >= told[i - 1]!.relativeMargin)
  );
}

/** Few and many classes, little and much noise: the first crossing alone (others: small-noise-law), and all of them. */
const firsts: readonly Line[] = [{ k: 1000, noise: 2 }];
const alls: readonly Line[] = [
  { k: 2, noise: 0.4 },
  { k: 4, noise: 0.1 },
  { k: 6, noise: 0.4 },
  { k: 1000, noise: 2 },
  { k: 5, noise: 0.4, correlation: 0.5 },
];

export const boundaryOfTheTopSpace: Theorem = {
  id: 'boundary',
  statement:
    'the gradient’s level falls through antisymmetric, symmetric, standard− and bulk, each once, and the first crossing is the boundary of f_top(k) = 1, which the flow reaches at t = ∫ dα/rate',
  formula: String.raw`\begin{gathered} \lambda_{\mathrm{trivial}}(\alpha) > \lambda_s(\alpha) \iff \alpha < \alpha_s, \\ s \in \{\text{antisymmetric}, \text{symmetric}, \text{standard}{-}, \text{bulk}\}, \\ \alpha_c = \min_s \alpha_s, \qquad f_{\mathrm{top}}(k) = 1 \iff \alpha < \alpha_c \;\; (\alpha \ne \alpha^*), \qquad t_c = \int_0^{\alpha_c} \frac{d\alpha}{d\alpha/dt} \end{gathered}`,
  assumptions: 'W = αB, equiangular means, 0 < α ≤ 2α*',
  reference: 'levels of the theory’s own quadrature on both sides of every crossing; its own integral of the flow',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const isBar = (errorBar: number, margin: number): boolean => dishonesty(errorBar / margin, 0, 0) === 0;
    const isRight = (line: Line, told: readonly Crossing[]): boolean =>
      told.every((crossing) => changesSign(line, crossing)) &&
      told.every(
        ({ margin, relativeMargin, errorBar }) =>
          relativeDifference(margin * line.noise ** 2, relativeMargin) < 1e-12 && isBar(errorBar, margin),
      );
    const wrong = [
      ...firsts.filter((line) => {
        const first = laws.firstCrossing(line.k, line.noise);
        return !isRight(line, [first]) || first.sector !== 'antisymmetric';
      }),
      ...alls.filter((line) => {
        const { k, noise, correlation = 0 } = line;
        const { later, smallNoiseLaw, logTime, ...first } = laws.boundary(k, noise, correlation);
        const told = [first, ...later];
        const law = k === 2 ? 1 / 2 : (1 - k ** -0.5) / 2;
        const own = logFlowTime(k, noise, correlation, first.margin);
        const again = laws.flowLogTime({ classes: k, noise, correlation }, first.margin);
        return (
          !isRight(line, told) ||
          !isComplete(line, told) ||
          relativeDifference(smallNoiseLaw, law) > 1e-14 ||
          ![logTime, again].every((log) => Math.abs(log - own) < 1e-3)
        );
      }),
    ];
    return {
      holds: wrong.length === 0,
      evidence:
        wrong.length === 0
          ? 'k = 2 … 1000, σ = 0.1, 0.4, 2: every crossing with its sign 0.3 % before and after, none left out, and log t of the first to 1e-3'
          : `wrong at ${wrong.map((line) => JSON.stringify(line)).join(', ')}`,
    };
  },
};

/** k, the σ of a map, ρ, and the tolerance of its interpolation. */
const maps = [
  { k: 4, noise: 0.1, correlation: 0, tolerance: 1e-4 },
  { k: 6, noise: 0.4, correlation: 0.3, tolerance: 1e-4 },
  { k: 1000, noise: 2, correlation: 0, tolerance: 1e-6 },
];
const margins = [0.05, 0.8, 1.9];

export const mapOfTheTopSpace: Theorem = {
  id: 'phase-diagram',
  statement:
    'the map over (σ, α/α*): f_top(k) is 1 where the gradient’s level is among the top k and 0 elsewhere, its lines are the crossings of the levels, and the speed is E p_1 (1 − σ²αΩ/E p_1)',
  formula: String.raw`\begin{gathered} f_{\mathrm{top}}(k) = \begin{cases} 1 & \lambda_{\mathrm{trivial}} > \lambda_{k+1}(H) \\ 0 & \lambda_{\mathrm{trivial}} < \lambda_k(H) \end{cases}, \qquad \text{lines: } \lambda_{\mathrm{trivial}} = \lambda_s, \\ \frac{d\alpha}{dt} = \mathbb E p_1 \Bigl(1 - \frac{\sigma^2 \alpha\,\Omega}{\mathbb E p_1}\Bigr) \end{gathered}`,
  assumptions: 'W = αB, equiangular means',
  reference: 'levels and rates of the theory’s own quadrature',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = maps.map((map) => mapErrors(laws, map));
    return {
      holds: worst(errors) <= 1e-3,
      evidence: `k = 4, 6, 1000, σ = 0.1, 0.4, 2: speed within ${scientific(worst(errors))}, every line 0.3 % before and after, f_top at three margins each`,
    };
  },
};

/** A bar of the interpolation: not below its tolerance times what a slope of order one makes of it, nor next to nothing. */
const isRough = (errorBar: number, tolerance: number): boolean => errorBar > tolerance && errorBar < 0.3;

function mapErrors(laws: Laws, { tolerance, ...line }: (typeof maps)[number]): number {
  const { k, noise, correlation } = line;
  const inner = noise / Math.sqrt(1 - correlation);
  const [row, ...others] = [
    ...laws.phaseDiagram({ classes: k, noises: [noise], correlation, relativeMargins: margins, tolerance }),
  ];
  if (others.length > 0 || row!.noise !== noise || row!.points.length !== margins.length) return Infinity;
  const points = row!.points.map(({ relativeMargin, topFraction, drift, logScale }, i) => {
    const at = collisions(k, inner, relativeMargin / inner ** 2);
    const levels = levelsAt(line, relativeMargin);
    const above = levels.reduce(
      (sum, { ratio, multiplicity }) => sum + (ratio > ratioOf(levels, 'trivial') ? multiplicity : 0),
      0,
    );
    const isIn = above < k ? 1 : 0;
    // Levels that the interpolation cannot tell apart, to ten times its tolerance, leave both open.
    const near = 20 * tolerance * Math.max(...levels.map(({ ratio }) => ratio));
    const isSharp = levels.every(
      ({ sector, ratio }) => sector === 'trivial' || Math.abs(ratio - ratioOf(levels, 'trivial')) > near,
    );
    const { lower, upper } = topFraction;
    if (![lower, upper].every((x) => x === 0 || x === 1)) return Infinity;
    if (relativeMargin !== margins[i] || !(isSharp ? lower === isIn && upper === isIn : lower <= isIn && isIn <= upper))
      return Infinity;
    const speed = 1 - relativeMargin * Math.exp(logUnit(k, at) - at.logWrong);
    return Math.max(Math.abs(drift - speed), Math.abs(logScale - at.logWrong));
  });
  const areLines =
    row!.crossings.every((one) => changesSign(line, one) && isRough(one.errorBar / one.relativeMargin, tolerance)) &&
    isComplete(line, row!.crossings);
  return areLines ? worst(points) : Infinity;
}

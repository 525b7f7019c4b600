import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import { alongTheFlow, type FlowPoint } from './quadrature/along-the-flow.js';
import { symmetricEigen } from './quadrature/jacobi.js';
import type { Theorem } from './theorem.js';

type Response = ReturnType<Laws['linearResponse']>[number];

/** Few and many classes, little and much noise, means at an angle. */
const models = [
  { k: 4, noise: 0.06, correlation: 0, dim: 6 },
  { k: 30, noise: 0.4, correlation: 0.2, dim: 33 },
  { k: 300, noise: 2, correlation: 0, dim: 302 },
];
const times = [0.3, 5, 60];
const noiselessModels = [
  { k: 4, dim: 6 },
  { k: 30, dim: 33 },
  { k: 300, dim: 302 },
];

/**
 * Without noise H keeps λ₁ = x/Z², x = e^α, Z = x + k − 1, on columns along n_a = e_a − 1/k and λ₂ = 1/(kZ) on the rest. Of the mean copy, columns v/√k, the
 * share Σ_a (v·n_a)²/(k ‖n_a‖² ‖v‖²) = 1/(k−1) is along the n_a, and the difference copy has what the mean copy leaves.
 */
function noiselessPoint(k: number, margin: number): FlowPoint {
  const x = Math.exp(margin);
  const Z = x + k - 1;
  const [first, second] = [x / Z ** 2, 1 / (k * Z)];
  const share = 1 / (k - 1);
  const mixed = (first - second) * Math.sqrt(share * (1 - share));
  return {
    rate: 1 / Z,
    levels: { trivial: first, symmetric: second, antisymmetric: second, bulk: 0 },
    block: [second + (first - second) * share, mixed, mixed, first - (first - second) * share],
  };
}

/** (t, ∫λ dt for the sectors with one copy, the 2×2 propagator) as functions of α. */
type State = readonly number[];
const singles = ['symmetric', 'antisymmetric', 'bulk'] as const;

export const sectorsRespond: Theorem = {
  id: 'sector-response',
  statement:
    'a small W(0) = δ decays sector by sector, δ_s′ = −λ_s(α(t)) δ_s with a 2×2 system for the standard copies, and its part of the gradient on the turned eigenvectors is [λ_s + α̇ λ_s′/(λ_trivial − λ_s)] δ_s',
  formula: String.raw`\begin{gathered} \frac{d\delta_s}{dt} = -\lambda_s(\alpha(t))\,\delta_s \qquad (\lambda_{\mathrm{std}} \text{ a } 2 \times 2 \text{ matrix}), \\ c_s = \Bigl[\lambda_s + \frac{d\alpha}{dt}\, \frac{\lambda_s'}{\lambda_{\mathrm{trivial}} - \lambda_s}\Bigr]\,\delta_s, \qquad \lambda_s' = \frac{d\lambda_s}{d\alpha} \end{gathered}`,
  assumptions: 'first order in W(0), k ≥ 4',
  reference: 'integrated in α by Runge–Kutta over levels of the theory’s own quadrature, and over λ₁, λ₂',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const confront = (
      model: Model,
      states: readonly Response[],
      curvesTo: (latest: number) => (margin: number) => FlowPoint,
    ): number[] => {
      if (states.length !== times.length) return [Infinity];
      const curves = curvesTo(Math.max(...states.map(({ margin }) => margin)) * 1.001);
      const own = integrate(
        curves,
        states.map(({ margin }) => margin),
      );
      return states.flatMap((state, i) =>
        state.time === times[i] ? stateErrors(model, state, own[i]!, curves) : [Infinity],
      );
    };
    const errors = [
      ...models.flatMap(({ k, noise, correlation, dim }) =>
        confront(
          { k, dim, correlation, floor: 1e-3 },
          laws.linearResponse({ classes: k, dim, noise, correlation }, times),
          (latest) => alongTheFlow({ k, noise, correlation }, latest),
        ),
      ),
      ...noiselessModels.flatMap(
        ({ k, dim }) =>
          confront(
            { k, dim, correlation: 0, floor: 1e-9 },
            laws.noiselessResponse(k, dim, times),
            () => (margin) => noiselessPoint(k, margin),
          ).map((error) => 10 * error), // nothing is interpolated
      ),
    ];
    return {
      holds: worst(errors) <= 1e-3,
      evidence: `k = 4 … 300, σ = 0, 0.06 … 2, ρ = 0, 0.2, t = 0.3, 5, 60: decay, propagator, levels and gradient of every sector within ${scientific(worst(errors))}`,
    };
  },
};

/** dt/dα = 1/rate, d(∫λ dt)/dα = λ/rate, dP/dα = −M P/rate from α = 0, to each of the ascending margins, by 30 steps of the classical Runge–Kutta method. */
function integrate(curves: (margin: number) => FlowPoint, margins: readonly number[]): State[] {
  const slope = (margin: number, y: State): number[] => {
    const { rate, levels, block } = curves(margin);
    const [p11, p12, p21, p22] = y.slice(4) as [number, number, number, number];
    const [a, b, c, d] = block;
    return [
      1,
      ...singles.map((name) => levels[name]),
      -(a * p11 + b * p21),
      -(a * p12 + b * p22),
      -(c * p11 + d * p21),
      -(c * p12 + d * p22),
    ].map((x) => x / rate);
  };
  let [from, y]: [number, State] = [0, [0, 0, 0, 0, 1, 0, 0, 1]];
  return margins.map((margin) => {
    const h = (margin - from) / 30;
    for (let n = 0; n < 30; n++) {
      const at = from + n * h;
      const step = (k: readonly number[], share: number): number[] => y.map((x, i) => x + share * h * k[i]!);
      const k1 = slope(at, y);
      const k2 = slope(at + h / 2, step(k1, 1 / 2));
      const k3 = slope(at + h / 2, step(k2, 1 / 2));
      const k4 = slope(at + h, step(k3, 1));
      y = y.map((x, i) => x + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
    }
    from = margin;
    return y;
  });
}

interface Model {
  readonly k: number;
  readonly dim: number;
  readonly correlation: number;
  /** The accuracy of small entries of the propagator, relative to its size. */
  readonly floor: number;
}

function stateErrors(
  { k, dim, correlation, floor }: Model,
  state: Response,
  own: State,
  curves: (margin: number) => FlowPoint,
): number[] {
  const { margin, modes } = state;
  const { rate, levels, block } = curves(margin);
  const h = 1e-3 * margin;
  const [after, before] = [curves(margin + h), curves(margin - h)];
  const slope = (x: (point: FlowPoint) => number): number => (x(after) - x(before)) / (2 * h);
  /** A level that is the gradient's own, as standard+ without noise, does not turn against it. */
  const turning = (level: number): number =>
    relativeDifference(level, levels.trivial) < 1e-12 ? 0 : rate / (levels.trivial - level);
  const multiplicities: Record<string, number> = {
    'standard+': k - 1,
    'standard-': k - 1,
    symmetric: (k * (k - 3)) / 2,
    antisymmetric: ((k - 1) * (k - 2)) / 2,
    bulk: (k - 1) * (dim - k),
  };
  const P = own.slice(4);
  const { values, vectors } = symmetricEigen([block.slice(0, 2), block.slice(2)]);
  /** eᵀ [M + turning M′] P for the standard levels; up to the sign of e. */
  const row = (i: number, turn: number): number[] => {
    const M = block.map((x, j) => x + turn * slope((point) => point.block[j]!));
    const [x, y] = vectors[i]! as [number, number];
    const [along, across] = [x * M[0]! + y * M[2]!, x * M[1]! + y * M[3]!];
    return [along * P[0]! + across * P[2]!, along * P[1]! + across * P[3]!];
  };
  const rows = (found: readonly number[], expected: readonly number[]): number => {
    const size = Math.hypot(...expected);
    const distance = (sign: number): number => Math.hypot(...expected.map((x, i) => x - sign * found[i]!)) / size;
    return found.length === expected.length ? Math.min(distance(1), distance(-1)) : Infinity;
  };
  const size = Math.hypot(...P);
  return [
    relativeDifference(own[0]!, state.time),
    relativeDifference(state.gradientNorm, rate * Math.sqrt((k - 1) * (1 - correlation))),
    relativeDifference(state.trivialLevel, levels.trivial),
    ...singles.map((name, i) => relativeDifference(state.decay[name], Math.exp(-own[1 + i]!))),
    ...state.propagator.map((x, i) => Math.abs(x - P[i]!) / Math.max(Math.abs(P[i]!), floor * size)),
    modes.length - 5 === 0 ? 0 : Infinity,
    ...modes.flatMap(({ sector, multiplicity, level, plain, turned }) => {
      const counts = multiplicity === multiplicities[sector] ? 0 : Infinity;
      const single = singles.findIndex((name) => name === sector);
      if (single < 0) {
        const i = sector === 'standard+' ? 0 : 1;
        return [
          counts,
          relativeDifference(level, values[i]!),
          rows(plain, row(i, 0)),
          rows(turned, row(i, turning(values[i]!))),
        ];
      }
      const name = singles[single]!;
      const decay = Math.exp(-own[1 + single]!);
      const lambda = levels[name];
      const turn = turning(lambda) * slope((point) => point.levels[name]);
      return [
        counts,
        relativeDifference(level, lambda),
        relativeDifference(plain[0]!, lambda * decay),
        Math.abs(turned[0]! / decay - (lambda + turn)) / (lambda + Math.abs(turn) || Number.MIN_VALUE),
      ];
    }),
  ];
}

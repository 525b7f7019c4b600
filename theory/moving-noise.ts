import type { Laws } from './laws.js';
import { energyOf, noiseStateErrors, secondOrder, topShare } from './noise-state.js';
import { once, relativeDifference, scientific, worst } from './numerics.js';
import { noiseAlongTheFlow, type NoiseModel, type NoiseState } from './quadrature/noise-along-the-flow.js';
import type { Theorem } from './theorem.js';

interface Case {
  readonly model: NoiseModel;
  readonly times: readonly number[];
  readonly steps: readonly number[];
  readonly rule: { readonly learningRate: number; readonly batch: number; readonly momentum?: number };
  readonly subspace: number;
}

/** One pair of classes and many, with and without momentum, means at an angle, biases. */
const cases: readonly Case[] = [
  {
    model: { classes: 2, dim: 4, noise: 1 },
    times: [],
    steps: [1, 4, 12],
    rule: { learningRate: 0.5, batch: 16 },
    subspace: 2,
  },
  {
    model: { classes: 30, dim: 33, noise: 1.5, correlation: 0.2, bias: true },
    times: [2, 40],
    steps: [7, 40],
    rule: { learningRate: 0.3, batch: 4, momentum: 0.6 },
    subspace: 100,
  },
];

/** α(t) of the flow from 0 is below log(1 + t), and below α*. */
const latest = ({ noise, correlation = 0 }: NoiseModel, time: number): number =>
  Math.min(1 / noise ** 2, Math.log1p(time) / (1 - correlation));

const ownStates = cases.map(({ model, times, steps, rule }) =>
  once(() => {
    const { learningRate: eta, batch, momentum: mu = 0 } = rule;
    const until = Math.max(times.at(-1) ?? 0, (eta * steps.at(-1)!) / (1 - mu));
    const along = noiseAlongTheFlow(model, latest(model, 1.1 * until), 10);
    return {
      flow: along.atTimes(eta / (batch * (1 - mu)), times),
      descent: along.atSteps(eta, batch, mu, steps),
    };
  }),
);

/** What is relaxed at the margin of a state, for a heavy ball of η (0 in the limit) at strength η/b. */
const relaxed = ({ levels }: NoiseState, strength: number, eta: number, mu: number): number[] =>
  levels.map(
    ({ eigenvalue, covariance }) =>
      (strength * (1 + mu) * covariance) / ((1 - mu) * eigenvalue * (2 * (1 + mu) - eta * eigenvalue)),
  );

export const noiseAlongFlows: Theorem = {
  id: 'noise-along-the-flow',
  statement:
    'along the flow from W(0) = 0 Σ′ = −HΣ − ΣH + (η/b)C in every sector, the standard copies as one block; and in steps (x, w) ← (x − ηw, μw + Hx + ζ) about α ← α + η·(sum of rates with momentum)',
  formula: String.raw`\begin{gathered} \frac{d\Sigma}{dt} = -H\Sigma - \Sigma H + \frac\eta b\,C \quad \text{in every sector}, \qquad \Sigma(0) = 0; \\ w_{n+1} = \mu w_n + H x_n + \zeta_n, \qquad x_{n+1} = x_n - \eta w_{n+1}, \\ \alpha_{n+1} = \alpha_n + \eta \sum_{j \le n} \mu^{n-j}\, \frac{d\alpha}{dt}\Big|_{\alpha_j} \end{gathered}`,
  assumptions: 'leading order in η/b, W(0) = 0',
  reference: 'Runge–Kutta and the recursion over levels and covariances of the theory’s own quadrature',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = cases.flatMap((one, i) => [...flowErrors(laws, one, ownStates[i]!().flow), ...stepErrors(laws, one, ownStates[i]!().descent)]); // prettier-ignore
    return {
      holds: worst(errors) <= 1,
      evidence: `k = 30, ρ and biases, t to 40, and 40 steps with momentum; k = 2, 12 steps without: levels, energies and f_top off by at most ${scientific(worst(errors))} of 1e-5`,
    };
  },
};

const interpolation = 1e-5;

/** What a state is besides its levels. */
const constantsOf = ({ classes: k, dim, correlation = 0, bias = false }: NoiseModel) => ({
  squareOfB: (k - 1) * (1 - correlation),
  gauge: dim + (bias ? 1 : 0),
});

function flowErrors(laws: Laws, { model, times, rule, subspace }: Case, own: readonly NoiseState[]): number[] {
  const { learningRate: eta, batch, momentum: mu = 0 } = rule;
  if (times.length === 0) return [];
  const found = laws.noiseAlongFlow(model, rule, times, subspace);
  if (found.length !== times.length) return [Infinity];
  return found.flatMap((state, i) => {
    const time = times[i]!;
    const stationary = relaxed(own[i]!, eta / (batch * (1 - mu)), 0, 0);
    return [
      state.time === time && state.relativeError > 0 && state.relativeError < 1e-5 ? 0 : Infinity,
      ...noiseStateErrors(
        laws,
        state,
        { ...own[i]!, ...constantsOf(model), stationary, time },
        subspace,
        interpolation,
      ),
    ];
  });
}

function stepErrors(laws: Laws, { model, steps, rule, subspace }: Case, own: readonly NoiseState[]): number[] {
  const { learningRate: eta, batch, momentum: mu = 0 } = rule;
  const found = laws.noiseOfSteps(model, rule, steps, subspace);
  if (found.length !== steps.length) return [Infinity];
  return found.flatMap((state, i) => {
    const time = (eta * steps[i]!) / (1 - mu);
    const stationary = relaxed(own[i]!, eta / batch, eta, mu);
    return [
      state.step === steps[i] ? 0 : Infinity,
      ...noiseStateErrors(
        laws,
        state,
        { ...own[i]!, ...constantsOf(model), stationary, time },
        subspace,
        interpolation,
      ),
    ];
  });
}

/** A path past the boundary and the takeover. */
const path = { model: { classes: 4, dim: 6, noise: 0.6 }, until: 50, rule: { learningRate: 0.4, batch: 4 } };
const pathTimes = [1, 10, 50];
const ownPath = once(() => {
  const along = noiseAlongTheFlow(path.model, latest(path.model, 1.2 * path.until), 14);
  return { along, states: along.atTimes(1, pathTimes) };
});

const noiseOf = ({ levels }: NoiseState): number => levels.reduce((sum, level) => sum + energyOf(level), 0);

export const noiseTakesOver: Theorem = {
  id: 'noise-takeover',
  statement:
    'noise takes over from the flow where (η/b) Σ n_s tr(HΣH) = ‖G‖², Σ that of η/b = 1; at η/b where this is at the boundary f_top(k) does not dip',
  formula: String.raw`\begin{gathered} \text{takeover where} \quad \frac\eta b \sum_s n_s \operatorname{tr}(H \Sigma H)_s = \lVert G \rVert^2, \qquad \Sigma = \Sigma\big|_{\eta/b = 1}; \\ \frac\eta b = \frac{\lVert G\rVert^2}{\sum_s n_s \operatorname{tr}(H\Sigma H)_s}\bigg|_{\alpha_c} \;\Longrightarrow\; f_{\mathrm{top}}(k) \text{ does not dip} \end{gathered}`,
  assumptions: 'leading order in η/b, ηλ ≪ 1, W(0) = 0',
  reference: 'Runge–Kutta over levels and covariances of the theory’s own quadrature',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const { model, until, rule } = path;
    const found = laws.noisePath(model, until, 1e-6);
    const { margin, logTime, boundary, withoutDip } = laws.noiseTakeover(model, rule, found);
    const { along } = ownPath();
    const times = [Math.exp(boundary.logTime), Math.exp(logTime)];
    if (!(times[0]! > 0 && times[0]! < times[1]! && times[1]! < 1.1 * until)) throw new Error(`the boundary is passed at t = ${times[0]!}, and noise takes over at ${times[1]!}`); // prettier-ignore
    const [atBoundary, atTakeover] = along.atTimes(rule.learningRate / rule.batch, times) as [NoiseState, NoiseState];
    // A slope of log t in α of 1/(rate t), so that times are compared by margins.
    const errors = [
      relativeDifference(atTakeover.margin, margin),
      relativeDifference(noiseOf(atTakeover), atTakeover.flow),
      relativeDifference(atBoundary.margin, boundary.margin),
      relativeDifference(levelOf(atBoundary, 'trivial'), levelOf(atBoundary, 'antisymmetric')),
      relativeDifference((withoutDip * rule.batch) / rule.learningRate, atBoundary.flow / noiseOf(atBoundary)),
      ...pathErrors(found),
      ...phaseErrors(laws, { margin, logTime, boundary, withoutDip }),
    ];
    return {
      holds: worst(errors) <= 2e-5,
      evidence: `k = 4, d = 6, σ = 0.6, η/b = 0.1: past the boundary at t = ${times[0]!.toFixed(1)}, noise over flow is 1 at t = ${times[1]!.toFixed(1)}; no dip from η/b = ${withoutDip.toFixed(2)} on; within ${scientific(worst(errors))}`,
    };
  },
};

const levelOf = ({ levels }: NoiseState, name: string): number =>
  levels.find(({ sector }) => sector === name)!.eigenvalue;

/** A row of the map: its lines, and f_top(k), shares and size of second order at the times of the path, at margins as at times. */
function phaseErrors(laws: Laws, takeover: ReturnType<Laws['noiseTakeover']>): number[] {
  const { model, rule } = path;
  const { states } = ownPath();
  const ratio = rule.learningRate / rule.batch;
  const optimal = model.noise ** -2;
  const squareOfB = model.classes - 1;
  const relativeMargins = states.map(({ margin }) => margin / optimal);
  const rows = [...laws.noisePhase({ ...model, noises: [model.noise], learningRateOverBatch: ratio, relativeMargins, times: pathTimes })]; // prettier-ignore
  const [row] = rows;
  if (row === undefined || rows.length > 1 || row.points.length !== 2 * states.length) return [Infinity];
  const lineErrors = (
    found: { readonly relativeMargin: number; readonly logTime: number } | undefined,
    { margin, logTime }: { readonly margin: number; readonly logTime: number },
  ): number[] =>
    found === undefined
      ? [Infinity]
      : [relativeDifference(found.relativeMargin, margin / optimal), Math.abs(found.logTime - logTime)];
  const points = row.points.flatMap((point, i) => {
    const time = pathTimes[i % states.length]!;
    const own = states[i % states.length]!;
    const levels = own.levels
      .map((level) => ({ ...level, variance: ratio * level.variance }))
      .sort((x, y) => y.eigenvalue - x.eigenvalue);
    const noise = ratio * noiseOf(own);
    const gradient = levels.map((level) => ({
      multiplicity: level.multiplicity,
      variance: level.eigenvalue ** 2 * level.variance,
      flow: level.sector === 'trivial' ? own.flow : 0,
    }));
    const { lower, upper } = topShare(gradient, model.classes);
    const { topFraction } = point;
    return [
      ...lineErrors(point, { margin: own.margin, logTime: Math.log(time) }),
      Math.abs(topFraction.lower - lower),
      Math.abs(topFraction.upper - upper),
      Math.abs(topFraction.even - evenShare(gradient, model.classes)),
      Math.abs(point.noiseShare - noise / (noise + own.flow)),
      relativeDifference(point.secondOrder, ratio * secondOrder({ ...own, time, squareOfB })) / 50, // of differences of the levels
    ];
  });
  return [
    row.noise === model.noise ? 0 : Infinity,
    ...lineErrors(row.boundary, takeover.boundary),
    ...lineErrors(row.takeovers[0], takeover),
    relativeDifference(row.withoutDip, takeover.withoutDip),
    ...points,
  ];
}

/** The share of m directions on top, of a level that is cut as many as the cut leaves. */
function evenShare(levels: Parameters<typeof topShare>[0], m: number): number {
  let [left, top, total] = [m, 0, 0];
  for (const { multiplicity, variance, flow } of levels) {
    const taken = Math.min(left, multiplicity);
    top += (taken / multiplicity) * (multiplicity * variance + flow);
    total += multiplicity * variance + flow;
    left -= taken;
  }
  return top / total;
}

/** The path's variances, H and C at η/b = 1, its clock and its margins. */
function pathErrors({ clock, curves, margins, at }: ReturnType<Laws['noisePath']>): number[] {
  const { noise, classes: k } = path.model;
  const { states } = ownPath();
  const differences = (found: Float64Array, own: readonly (readonly number[])[]): number[] => {
    const size = Math.max(...own.flat().map(Math.abs));
    return own.flat().map((x, i) => Math.abs(found[i]! - x) / size);
  };
  const isAscending = margins.every((margin, i) => (i === 0 ? margin === 0 : margin > margins[i - 1]!));
  return [
    isAscending ? 0 : Infinity,
    relativeDifference(margins.at(-1)!, states.at(-1)!.margin),
    ...states.flatMap(({ margin, flow, sectors: own }, i) => {
      const { sectors, error } = at(margin);
      const matrices = curves(margin);
      return [
        error > 0 && error < 1e-5 ? 0 : Infinity,
        relativeDifference(clock.rateAt(margin), Math.sqrt(flow / (k - 1))),
        i < 2 ? Math.abs(clock.logTimeAt(margin) - Math.log(pathTimes[i]!)) : 0, // later than the clock was made for
        relativeDifference(clock.marginAt(pathTimes[i]!), margin),
        ...own.flatMap(({ name, hessian, covariance, variance }) => {
          const sector = name as keyof typeof sectors;
          const { size, entries } = sectors[sector];
          return [
            size === hessian.length && matrices[sector].size === size ? 0 : Infinity,
            ...differences(entries, variance),
            ...differences(matrices[sector].hessian, hessian),
            ...differences(matrices[sector].covariance, covariance),
          ];
        }),
      ];
    }),
    relativeDifference(clock.optimalMargin, noise ** -2),
    ...[clock.seriesTail, clock.relativeError].map((error) => (error > 0 && error < 1e-5 ? 0 : Infinity)),
  ];
}

import { randomNumbers } from './initial-weights.js';
import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst, worstOver } from './numerics.js';
import { collisions } from './quadrature/collisions.js';
import { logUnit } from './quadrature/sector-levels.js';
import type { Theorem } from './theorem.js';

type Model = ReturnType<Laws['mixtureFromGram']>;

/** Mixtures of two and three classes: equal and unequal priors, noises, and deviations of the features. */
const mixtures: readonly {
  readonly gram: readonly number[];
  readonly noises: readonly number[];
  readonly priors?: readonly number[];
  readonly shape?: readonly number[];
  readonly size: number;
}[] = [
  { gram: [1, 0, 0, 1], noises: [0.5, 0.5], size: 1 },
  { gram: [1, 0.3, 0.3, 2], noises: [0.3, 0.9], priors: [0.3, 0.7], size: 1.5 },
  { gram: [1, 0, 0, 0, 1, 0, 0, 0, 1], noises: [0.4, 0.4, 0.4], size: 1 },
  {
    gram: [1, 0.2, 0, 0.2, 1.5, -0.3, 0, -0.3, 0.7],
    noises: [0.2, 0.6, 0.4],
    priors: [0.2, 0.3, 0.5],
    shape: [1, 0.5, 1.4],
    size: 1.3,
  },
  { gram: [1, 0.2, 0, 0.2, 1, 0, 0, 0, 1], noises: [0.1, 0.1, 0.3], priors: [0.6, 0.2, 0.2], size: 4 },
];

export const populationOfAMixture: Theorem = {
  id: 'population-of-a-mixture',
  statement:
    'loss, error, gradient and Hessian products of softmax regression on a Gaussian mixture of any Gram matrix, priors, noises and feature deviations are the averages over it',
  formula: String.raw`\begin{gathered} L = -\mathbb E \log p_y, \qquad \varepsilon = \mathbb E(1 - p_y), \\ G = \mathbb E\bigl[(p - e_y)\,x^{\mathsf T}\bigr], \qquad H X = \mathbb E\bigl[S X x\,x^{\mathsf T}\bigr], \\ \Pr(y = a) = \pi_a, \qquad x = \mu_y + \sigma_y\,D\,\xi, \quad \xi \sim \mathcal N(0, 1), \quad D \text{ diagonal} \end{gathered}`,
  assumptions: 'k = 2, 3 by a lattice in all features; k = 5 symmetric by shifted lattices, within their scatter',
  reference: 'definition of the population averages',
  method: 'certified numerics',
  expected: 'checked',
  check(laws, seed) {
    const rules = worst([2, 6, 20].flatMap((nodes) => [1, 2, 3].flatMap((r) => ruleErrors(laws, nodes, r))));
    const error = worst([rules, worstOver(mixtures, 1e-8, (mixture) => mixtureErrors(laws, mixture))]);
    const scatter = error <= 1e-8 ? latticeScatter(laws, seed) : Infinity;
    return {
      holds: error <= 1e-8 && scatter <= 6,
      evidence: `${mixtures.length} mixtures of 2 and 3 classes within ${scientific(error)}; lattices for k = 5 within ${scatter.toFixed(1)} standard errors`,
    };
  },
};

function mixtureErrors(laws: Laws, { gram, noises, priors, shape, size }: (typeof mixtures)[number]): number[] {
  const k = noises.length;
  const made = laws.mixtureFromGram({ gram, dim: k, noises, ...(priors === undefined ? {} : { priors }) });
  const setting = [
    ...gram.map((g, i) => {
      const [a, b] = [Math.floor(i / k), i % k];
      let inner = 0;
      for (let f = 0; f < k; f++) inner += made.means[a * k + f]! * made.means[b * k + f]!;
      return Math.abs(inner - g);
    }),
    ...made.noises.map((x, a) => Math.abs(x - noises[a]!)),
    ...made.priors.map((x, a) => Math.abs(x - (priors?.[a] ?? 1 / k))),
    made.classes === k && made.dim === k ? 0 : Infinity,
  ];
  if (worst(setting) > 1e-8) return [Infinity];
  const model: Model = shape === undefined ? made : { ...made, shape: Float64Array.from(shape) };
  const W = Float64Array.from(randomNumbers(k * k, 5), (x) => size * x);
  const V = Float64Array.from(randomNumbers(k * k, 8));
  const found = laws.populationPoint(model, W, laws.tensorHermite(size > 2 ? 40 : 24));
  const own = keptAverage({ noises, priors: priors ?? noises.map(() => 1 / k), shape, means: made.means }, W, V);
  const moved = found.hessian.apply(Float64Array.of(...V, ...V.map((x) => 2 * x)), 2);
  const distance = (x: ArrayLike<number>, y: readonly number[]): number =>
    Math.hypot(...y.map((yi, i) => x[i]! - yi)) / Math.hypot(...y);
  return [
    ...setting,
    relativeDifference(found.loss, own.loss),
    relativeDifference(found.error, own.error),
    distance(found.gradient, own.gradient),
    distance(moved.subarray(0, k * k), own.product),
    distance(
      moved.subarray(k * k),
      own.product.map((y) => 2 * y),
    ),
    found.hessian.dimension === k * k ? 0 : Infinity,
  ];
}

type Averages = ReturnType<typeof average>;
const averages = new Map<string, Averages>();

/** The same averages are asked for by every run of the check. */
function keptAverage(...problem: Parameters<typeof average>): Averages {
  const key = JSON.stringify(problem);
  const known = averages.get(key) ?? average(...problem);
  averages.set(key, known);
  return known;
}

/** Averages by the trapezoidal rule in every feature, step 1/2 within six deviations: for a normal law it errs by e^{−2π²/h²}. */
function average(
  mixture: {
    readonly noises: readonly number[];
    readonly priors: readonly number[];
    readonly shape: readonly number[] | undefined;
    readonly means: Float64Array;
  },
  W: Float64Array,
  V: Float64Array,
): { loss: number; error: number; gradient: number[]; product: number[] } {
  const k = mixture.noises.length;
  const side = 25;
  const h = 0.5;
  const nodes = Array.from({ length: side }, (_, i) => (i - (side - 1) / 2) * h);
  const shares = nodes.map((x) => (h * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI));
  const result = {
    loss: 0,
    error: 0,
    gradient: new Array<number>(k * k).fill(0),
    product: new Array<number>(k * k).fill(0),
  };
  const score = (M: Float64Array, c: number, x: readonly number[]): number =>
    x.reduce((sum, xf, f) => sum + M[c * k + f]! * xf, 0);
  const [x, u, p] = [new Array<number>(k).fill(0), new Array<number>(k).fill(0), new Array<number>(k).fill(0)];
  for (let at = 0; at < side ** k; at++) {
    const index = Array.from({ length: k }, (_, f) => Math.floor(at / side ** f) % side);
    const share = index.reduce((product, i) => product * shares[i]!, 1);
    if (share < 1e-14) continue;
    mixture.priors.forEach((prior, a) => {
      const weight = prior * share;
      for (let f = 0; f < k; f++) {
        x[f] = mixture.means[a * k + f]! + mixture.noises[a]! * (mixture.shape?.[f] ?? 1) * nodes[index[f]!]!;
      }
      for (let c = 0; c < k; c++) [p[c], u[c]] = [score(W, c, x), score(V, c, x)];
      const [top, own] = [Math.max(...p), p[a]!];
      for (let c = 0; c < k; c++) p[c] = Math.exp(p[c]! - top);
      const Z = p.reduce((sum, e) => sum + e, 0);
      for (let c = 0; c < k; c++) p[c]! /= Z;
      const mean = p.reduce((sum, pc, c) => sum + pc * u[c]!, 0);
      result.loss += weight * (Math.log(Z) + top - own);
      for (let c = 0; c < k; c++) {
        if (c !== a) result.error += weight * p[c]!;
        for (let f = 0; f < k; f++) {
          result.gradient[c * k + f]! += weight * (p[c]! - (c === a ? 1 : 0)) * x[f]!;
          result.product[c * k + f]! += weight * p[c]! * (u[c]! - mean) * x[f]!;
        }
      }
    });
  }
  return result;
}

/** Loss, error and the slope along B for k = 5 by 8 shifts, against the one-dimensional integrals, in standard errors. */
function latticeScatter(laws: Laws, seed: number): number {
  const [k, noise, margin, shifts] = [5, 0.5, 2, 8];
  const gram = Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
  const model = laws.mixtureFromGram({ gram, dim: k, noises: gram.slice(0, k).map(() => noise) });
  const numbers = randomNumbers(4000, seed);
  let next = 0;
  const stream = {
    uniform: () => (numbers[next++ % numbers.length]! + 1) / 2,
    normal: () => numbers[next++ % numbers.length]!,
    integer: (bound: number) => Math.floor(((numbers[next++ % numbers.length]! + 1) / 2) * bound),
  };
  const W = model.means.map((x, i) => {
    let mean = 0;
    for (let a = 0; a < k; a++) mean += model.means[a * k + (i % k)]! / k;
    return margin * (x - mean);
  });
  const results = laws.shiftedLattices(2039, shifts, stream).map((rule) => {
    const { points, weights } = rule(k - 1);
    const { loss, error, gradient, hessian } = laws.populationPoint(model, W, () => ({ points, weights }));
    const slope = -gradient.reduce((sum, g, i) => sum + g * W[i]!, 0) / (margin * (k - 1)); // along B = W/α
    const second = points.reduce((sum, x) => sum + x * x, 0) / points.length;
    return [loss, error, second, slope, weights.reduce((sum, w) => sum + w, 0), hessian.dimension];
  });
  const at = collisions(k, noise, margin);
  const wrong = Math.exp(at.logWrong);
  const own = [Math.exp(at.logLoss), (k - 1) * wrong, 1, wrong - noise ** 2 * margin * Math.exp(logUnit(k, at))];
  const scores = own.map((value, q) => {
    const mean = results.reduce((sum, result) => sum + result[q]!, 0) / shifts;
    const variance = results.reduce((sum, result) => sum + (result[q]! - mean) ** 2, 0) / (shifts - 1);
    const isPrecise = Math.sqrt(variance / shifts) < 3e-3 * value;
    return isPrecise ? Math.abs(mean - value) / (Math.sqrt(variance / shifts) + 3e-4 * value) : Infinity;
  });
  const sums = results.map(([, , , , sum, size]) => (Math.abs(sum! - 1) < 1e-12 && size === k * k ? 0 : Infinity));
  return results.length === shifts && logUnit(k, at) < 0 ? worst([...scores, ...sums]) : Infinity;
}

/** Gauss–Hermite rules of n points are exact to degree 2n − 1: here to the fourth, mixed where there are two dimensions. */
function ruleErrors(laws: Laws, nodes: number, r: number): number[] {
  const { points, weights } = laws.tensorHermite(nodes)(r);
  const mean = (f: (x: (j: number) => number) => number): number =>
    weights.reduce((sum, w, i) => sum + w * f((j) => points[i * r + j]!), 0);
  const last = r - 1;
  return [
    mean(() => 1) - 1,
    mean((x) => x(last)),
    mean((x) => x(last) ** 2) - 1,
    nodes > 2 ? mean((x) => x(0) ** 4) - 3 : 0,
    r > 1 ? mean((x) => x(0) ** 2 * x(last) ** 2) - 1 : 0,
    weights.length - nodes ** r,
  ].map(Math.abs);
}

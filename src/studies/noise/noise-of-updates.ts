import { gaussRule } from '../../loss/noise/gauss-rule.js';
import type { GradientNoise } from '../../loss/noise/gradient-noise.js';
import type { UpdateLevel } from '../../sgd-noise/drawn-gram.js';
import { updateCovarianceFrom, type UpdateWindow } from '../../sgd-noise/update-covariance.js';
import type { NoiseWindow } from './edge-of-noise.js';

/** SGD in epochs: η, b and the number of samples. */
export interface UpdateSteps {
  readonly learningRate: number;
  readonly batch: number;
  readonly samples: number;
}

/** Levels that stand for the space outside the known eigenvectors. */
const standIns = 3;

/** Steps of noise that a window remembers at least: what is slower hardly moves within one. */
const remembered = 1500;

/**
 * What a window of updates is made of by the noise measured at one θ: each known eigenvector by its λ_i and c_i, the first m in the top space; the rest with its trace Tr[C f(H)], f = E δ_sδ_s
 * by λ at c = 1, spread over a few levels as if C ∝ H there (n of them with the Tr|H|, Tr H², … of the probes), of at least W dimensions each. An eigenvalue below 0 counts as |λ|.
 *
 * `begun`: steps of the first epoch before the window; older noise is that of whole epochs at the same θ. Cost: O(W²) for each eigenvalue and remembered step.
 */
export function noiseOfUpdates(
  { top, rest }: GradientNoise,
  m: number,
  { samples, ...rule }: UpdateSteps,
  window: UpdateWindow,
  begun: number,
): NoiseWindow {
  const perEpoch = Math.ceil(samples / rule.batch);
  const before = begun + perEpoch * Math.ceil(Math.max(0, remembered - begun) / perEpoch);
  const unit = (eigenvalue: number): Float64Array =>
    updateCovarianceFrom(Math.abs(eigenvalue), 1, rule, window, { before, samples });
  const known: UpdateLevel[] = Array.from(top.eigenvalues, (eigenvalue, i) => ({
    multiplicity: 1,
    covariance: unit(eigenvalue).map((x) => top.covariances[i]! * x),
  }));
  const w = window.updates;
  const trace = (matrix: Float64Array): number =>
    matrix.reduce((sum, x, at) => (at % (w + 1) === 0 ? sum + x : sum), 0);
  const count = rest.probes.length;
  const wanted = rest.probes.reduce(
    (sum, { nodes, covariances }) =>
      nodes.reduce((part, x, l) => part + (covariances[l]! / count) * trace(unit(x)), sum),
    0,
  );
  const nodes = Float64Array.from(rest.probes.flatMap((probe) => [...probe.nodes].map(Math.abs)));
  const weights = Float64Array.from(
    rest.probes.flatMap((probe) => [...probe.weights]),
    (weight, i) => (weight * nodes[i]!) / count,
  );
  const stands = gaussRule({ nodes, weights }, standIns);
  const levels = Array.from(stands.nodes, (eigenvalue, l): UpdateLevel => {
    const share = stands.weights[l]!;
    const multiplicity = Math.max(w, share / eigenvalue);
    return { multiplicity, covariance: unit(eigenvalue).map((x) => (share * x) / multiplicity) };
  });
  const found = levels.reduce((sum, { multiplicity, covariance }) => sum + multiplicity * trace(covariance), 0);
  const scale = found > 0 ? Math.max(0, wanted) / found : 0;
  return {
    top: known.slice(0, m),
    rest: [
      ...known.slice(m),
      ...levels.map(({ multiplicity, covariance }) => ({ multiplicity, covariance: covariance.map((x) => scale * x) })),
    ],
  };
}

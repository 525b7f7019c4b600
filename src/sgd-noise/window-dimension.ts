import { NumericalError, UsageError } from '../errors.js';
import { ruleNumbers, type SgdRule } from './rule.js';
import { stationaryEnergy } from './stationary.js';

/** Independent components of a stationary Gaussian sequence that are distributed alike. */
export interface CorrelatedLevel {
  readonly multiplicity: number;
  /** E x_t x_{t+n} of one component, at lag n ≥ 0. */
  readonly correlation: (lag: number) => number;
}

/**
 * E g_t g_{t+n} along an eigenvector of H, of the gradient g = Hδ of the full loss that SGD's noise leaves at rest: E g² (1 − ηλ)ⁿ, E g² = `stationaryEnergy`. Throws UsageError as that does,
 * for momentum and for η/b alone.
 */
export function gradientCorrelation(
  eigenvalue: number,
  covariance: number,
  rule: SgdRule,
): CorrelatedLevel['correlation'] {
  const kept = 1 - rateOf(rule) * eigenvalue;
  const energy = stationaryEnergy(eigenvalue, covariance, rule);
  return (lag) => energy * kept ** lag;
}

/**
 * The same of the gradient of the batch ĝ = Hδ + ζ, of which a step of SGD is −η: with s² = c/b the variance of ζ,
 *   E ĝ_t² = 2s²/(2 − ηλ),   E ĝ_t ĝ_{t+n} = −ηλ s² (1 − ηλ)^{n−1}/(2 − ηλ), n ≥ 1:
 * steps go back on each other, so that they add up to no more than the excursion. Throws UsageError as gradientCorrelation does.
 */
export function stepCorrelation(eigenvalue: number, covariance: number, rule: SgdRule): CorrelatedLevel['correlation'] {
  const x = rateOf(rule) * eigenvalue;
  stationaryEnergy(eigenvalue, covariance, rule); // refuses what is unstable
  const { ratio, learningRate } = ruleNumbers(rule);
  const noise = ((ratio / learningRate) * covariance) / (2 - x);
  return (lag) => (lag === 0 ? 2 * noise : -x * noise * (1 - x) ** (lag - 1));
}

/**
 * How many dimensions W successive vectors of a stationary Gaussian sequence have: E(Tr K)²/E Tr K² of their Gram matrix K, from c_i(n) of its components,
 *   E(Tr K)² = (W Σ_i c_i(0))² + 2 Σ_{tt′} Σ_i c_i(|t−t′|)²,   E Tr K² = Σ_{tt′} [(Σ_i c_i(|t−t′|))² + Σ_i c_i(0)² + Σ_i c_i(|t−t′|)²],
 * exact. Without correlations it is that of independent vectors, `gaussianSetNull` with P = (Σc)²/Σc². Throws UsageError unless W is a positive integer, NumericalError where nothing moves, or moments are not finite.
 * Cost: O(W · levels).
 */
export function windowDimension(levels: readonly CorrelatedLevel[], window: number): number {
  if (!Number.isInteger(window) || window < 1)
    throw new UsageError(`a window has a positive number of steps, received ${window}`);
  const at = (lag: number): { readonly sum: number; readonly squares: number } => {
    const values = levels.map(({ multiplicity, correlation }) => ({ multiplicity, value: correlation(lag) }));
    return {
      sum: values.reduce((total, { multiplicity, value }) => total + multiplicity * value, 0),
      squares: values.reduce((total, { multiplicity, value }) => total + multiplicity * value ** 2, 0),
    };
  };
  const still = at(0);
  let [traceSquared, squares] = [(window * still.sum) ** 2, 0];
  for (let lag = 0; lag < window; lag++) {
    const pairs = lag === 0 ? window : 2 * (window - lag);
    const now = at(lag);
    traceSquared += 2 * pairs * now.squares;
    squares += pairs * (now.sum ** 2 + still.squares + now.squares);
  }
  const dimension = traceSquared / squares;
  if (!(dimension > 0 && dimension < Infinity)) {
    throw new NumericalError(`a window whose moments are ${traceSquared} and ${squares} has no dimension`);
  }
  return dimension;
}

function rateOf(rule: SgdRule): number {
  const { learningRate, momentum } = ruleNumbers(rule);
  if (momentum > 0 || learningRate === 0)
    throw new UsageError(
      'correlations from step to step are those of SGD without momentum, of a learning rate and a batch',
    );
  return learningRate;
}

import { UsageError } from '../../errors.js';
import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { ruleNumbers, type SgdRule } from '../../sgd-noise/rule.js';
import { firstCrossing } from './boundary.js';
import type { LineModel } from './noise-curves.js';
import { noisePath, type NoisePath } from './noise-path.js';
import { pathLevels } from './path-levels.js';
import { squareOfB, unitNoiseEnergy } from './second-order.js';

/** When the noise of SGD takes over from the flow. */
export interface NoiseTakeover {
  /** α and log t from which on the noise carries more of the gradient's energy than the flow. */
  readonly margin: number;
  readonly logTime: number;
  /** The same where λ_trivial leaves the top k. */
  readonly boundary: { readonly margin: number; readonly logTime: number };
  /** The η/b at which the noise takes over just where the flow leaves the top space: for more f_top(k) does not dip, and b = η/this is the largest such batch. */
  readonly withoutDip: number;
}

/**
 * The last time at which E‖g‖² of the noise, (η/b) Σ_s n_s tr(H V H), passes ‖G‖² of the flow. Until the boundary α_c the flow lies in the top k; between it and the
 * takeover f_top(k) is low; from there on it is that of the noise. If the takeover comes first, at η/b > `withoutDip`, the gradient never leaves the top space for long.
 *
 * `path`: that of the model, if it is there already. Throws UsageError outside the domain, with biases, and for σ < 0.05. Cost: some two seconds.
 */
export function noiseTakeover(model: LineModel, rule: SgdRule, path: NoisePath = noisePath(model)): NoiseTakeover {
  return takeoversOf(model, path)(ruleNumbers(rule).strength);
}

/** The takeovers at any η/b; for momentum, over 1 − μ. Cost: that of the path's margins, once. */
export function takeoversOf(model: LineModel, path: NoisePath): (learningRateOverBatch: number) => NoiseTakeover {
  if (model.bias === true) {
    throw new UsageError('the boundary is that of a model without biases: leave out bias');
  }
  const { clock } = path;
  const margins = path.margins.filter((margin) => margin > 0);
  /** log of the energy of the noise at η/b = 1 over that of the flow. */
  const logShare = (margin: number): number =>
    Math.log(unitNoiseEnergy(pathLevels(model, path, margin))) -
    Math.log(squareOfB(model)) -
    2 * Math.log(clock.rateAt(margin));
  const shares = margins.map(logShare);
  const logTimeAt = (at: number): number => (at > 0 ? clock.logTimeAt(at) : -Infinity);
  const { margin: leaves } = firstCrossing(model.classes, model.noise, model.correlation);
  const boundary = { margin: leaves, logTime: logTimeAt(leaves) };
  const withoutDip = Math.exp(-logShare(leaves));
  return (strength) => {
    const logExcess = (share: number): number => Math.log(strength) + share;
    const last = shares.findLastIndex((share) => logExcess(share) < 0);
    const next = margins[last + 1];
    if (next === undefined) {
      throw new UsageError(
        `the path ends at margin ${margins[last]!} before noise at η/b = ${strength} takes over: follow it to the end, or take a larger η/b`,
      );
    }
    const excessAt = (at: number): number => logExcess(logShare(at));
    // Noise starts from nothing, so that before the first margin of the path there is one at which the flow is stronger.
    let below = margins[last] ?? next / 16;
    while (last === -1 && below > 1e-280 && excessAt(below) >= 0) below /= 16;
    const margin = bracketedRoot(excessAt, below, next);
    return { margin, logTime: logTimeAt(margin), boundary, withoutDip };
  };
}

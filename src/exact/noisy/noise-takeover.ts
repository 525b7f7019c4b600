import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { ruleNumbers, type SgdRule } from '../../sgd-noise/rule.js';
import { firstCrossing } from './boundary.js';
import type { LineModel } from './noise-curves.js';
import { noisePath, type NoisePath } from './noise-path.js';

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
 * `path`: that of the model, if it is there already. Throws UsageError outside the domain, and for σ < 0.05. Cost: some two seconds.
 */
export function noiseTakeover(model: LineModel, rule: SgdRule, path: NoisePath = noisePath(model)): NoiseTakeover {
  const { ratio, momentum } = ruleNumbers(rule);
  const { clock, margins } = path;
  const { margin: leaves } = firstCrossing(model.classes, model.noise, model.correlation);
  const logExcess = (margin: number): number => Math.log(ratio / (1 - momentum)) + logShare(model, path, margin);
  const last = margins.findLastIndex((margin) => margin > 0 && logExcess(margin) < 0);
  const margin =
    last === -1
      ? 0
      : last === margins.length - 1
        ? margins[last]!
        : bracketedRoot(logExcess, margins[last]!, margins[last + 1]!);
  const logTimeAt = (at: number): number => (at > 0 ? clock.logTimeAt(at) : -Infinity);
  return {
    margin,
    logTime: logTimeAt(margin),
    boundary: { margin: leaves, logTime: logTimeAt(leaves) },
    withoutDip: Math.exp(-logShare(model, path, leaves)),
  };
}

/** log of the energy of the noise at η/b = 1 over that of the flow. */
function logShare(model: LineModel, { at, clock, curves }: NoisePath, margin: number): number {
  const { classes: k, dim, correlation: rho = 0 } = model;
  const copies = {
    trivial: 1,
    symmetric: k > 3 ? (k * (k - 3)) / 2 : 0,
    antisymmetric: ((k - 1) * (k - 2)) / 2,
    bulk: (k - 1) * (dim - k),
    standard: k - 1,
  };
  const { sectors } = at(margin);
  const matrices = curves(margin);
  const rate = clock.rateAt(margin);
  const noise = (Object.keys(copies) as (keyof typeof copies)[]).reduce((sum, sector) => {
    const { size, hessian } = matrices[sector];
    return sum + copies[sector] * traceOfSquare(size, hessian, sectors[sector].entries, rate);
  }, 0);
  return Math.log(noise) - Math.log((k - 1) * (1 - rho));
}

/** tr(H V H) for H in units of `unit`. */
function traceOfSquare(size: number, H: Float64Array, V: Float64Array, unit: number): number {
  let total = 0;
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < size; l++) {
      for (let m = 0; m < size; m++) total += (H[i * size + l]! / unit) * V[l * size + m]! * (H[m * size + i]! / unit);
    }
  }
  return total;
}

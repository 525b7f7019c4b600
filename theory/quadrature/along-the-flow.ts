import { interpolated } from './chebyshev.js';
import { collisions } from './collisions.js';
import { logTotal } from './lattice-sum.js';
import { logUnit, referenceLevels, standardBlock } from './sector-levels.js';

/** Levels, in true units, and the flow's rate at one margin. */
export interface FlowPoint {
  readonly rate: number;
  readonly levels: Readonly<Record<'trivial' | 'symmetric' | 'antisymmetric' | 'bulk', number>>;
  /** The standard block, row by row, over the mean copy and the difference copy. */
  readonly block: readonly [number, number, number, number];
}

const names = ['trivial', 'symmetric', 'antisymmetric', 'bulk'] as const;

/** Everything that a deviation from the symmetric flow needs at one margin, k ≥ 4. */
export function flowPoint(k: number, noise: number, correlation: number, margin: number): FlowPoint {
  const s = Math.sqrt(1 - correlation);
  const b = Math.sqrt(Math.max(0, (1 + (k - 1) * correlation) / k));
  const at = collisions(k, noise / s, margin * s ** 2);
  const unit = Math.exp(logUnit(k, at));
  const levels = referenceLevels({ classes: k, noise, margin, correlation }, k + 1);
  const [[mm, md], [, dd]] = standardBlock(k, at, { b, s, noise, bias: false }) as [[number, number], [number, number]];
  const level = (sector: string): number => unit * levels.find((one) => one.sector === sector)!.ratio;
  return {
    rate: Math.exp(at.logWrong) - noise ** 2 * margin * unit,
    levels: Object.fromEntries(names.map((name) => [name, level(name)])) as FlowPoint['levels'],
    block: [unit * mm, unit * md, unit * md, unit * dd],
  };
}

/**
 * log t of the flow from 0 to a margin below 0.9 α*, t = ∫ dα/rate, by the double-exponential rule in α = A/(1 + e^{−π sinh u}) of step 0.3: the error in
 * log t is below 1e-3 where the slowness grows by 50 e-folds, 1e-6 where it grows by few.
 */
export function logFlowTime(k: number, noise: number, correlation: number, margin: number): number {
  const [sigma, end] = [noise / Math.sqrt(1 - correlation), margin * (1 - correlation)];
  const h = 0.3;
  const termAt = (j: number): number => {
    const y = (Math.PI / 2) * Math.sinh(j * h);
    const alpha = end / (1 + Math.exp(-2 * y));
    const at = collisions(k, sigma, alpha);
    const logRate = at.logWrong + Math.log1p(-(sigma ** 2) * alpha * Math.exp(logUnit(k, at) - at.logWrong));
    return Math.log(((h * margin * Math.PI) / 4) * Math.cosh(j * h)) - 2 * Math.log(Math.cosh(y)) - logRate;
  };
  const terms = [termAt(0)];
  for (const side of [1, -1]) {
    for (let j = side; terms.at(-1)! > Math.max(...terms) - 16 || j === side; j += side) terms.push(termAt(j));
  }
  return logTotal(terms);
}

/** The same as functions of 0 ≤ α ≤ `latest`, interpolated. */
export function alongTheFlow(
  model: { readonly k: number; readonly noise: number; readonly correlation: number },
  latest: number,
): (margin: number) => FlowPoint {
  const curves = interpolated(latest, 12, (margin) => {
    const { rate, levels, block } = flowPoint(model.k, model.noise, model.correlation, margin);
    return [rate, ...names.map((name) => levels[name]), ...block];
  });
  return (margin) => {
    const [rate, trivial, symmetric, antisymmetric, bulk, mm, md, dm, dd] = curves(margin);
    return {
      rate: rate!,
      levels: { trivial: trivial!, symmetric: symmetric!, antisymmetric: antisymmetric!, bulk: bulk! },
      block: [mm!, md!, dm!, dd!],
    };
  };
}

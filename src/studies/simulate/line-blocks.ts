import { marginClock } from '../../exact/noisy/index.js';
import { levelCurves, type Graded } from '../../exact/noisy/level-curves.js';
import { noiseCurves } from '../../exact/noisy/noise-curves.js';
import type { SimulatedModel } from './fresh-gradient.js';
import { sectorMultiplicities } from './sector-energies.js';

/** H, its derivative by the margin and C on one irrep of the symmetric line: symmetric matrices over the copies of it, row by row. */
export interface LineBlock {
  readonly name: 'trivial' | 'standard' | 'symmetric' | 'antisymmetric' | 'bulk';
  /** Dimensions of the irrep: what each eigenvalue counts. */
  readonly multiplicity: number;
  readonly size: number;
  readonly hessian: readonly number[];
  readonly slope: readonly number[];
  readonly covariance: readonly number[];
}

/** The model along the line, as smooth functions of the margin. */
export interface LineBlocks {
  /** The trivial one first; without those that are empty at this k and d. */
  readonly at: (margin: number) => readonly LineBlock[];
  /** dα/dt of the flow. */
  readonly rateAt: (margin: number) => number;
}

/** H, H′ and C for 0 ≤ α ≤ α*. Throws UsageError outside the domain of `noiseCurves`. Cost: one or two seconds, once; then microseconds. */
export function lineBlocks({ classes: k, dim, noise }: SimulatedModel): LineBlocks {
  const optimal = 1 / noise ** 2;
  const levels = levelCurves({ classes: k, noise, correlation: 0 }, optimal);
  const curves = noiseCurves({ classes: k, dim, noise }, optimal);
  const { 'standard+': standard, trivial, symmetric, antisymmetric, bulk } = sectorMultiplicities({ classes: k, dim });
  const multiplicities = { trivial, standard, symmetric, antisymmetric, bulk };
  const names = Object.keys(multiplicities) as LineBlock['name'][];
  return {
    rateAt: marginClock({ classes: k, noise }).rateAt,
    at(margin) {
      const graded = levels.at(margin);
      const [means, mixed, differences] = graded.standard;
      const slopes = (name: LineBlock['name']): readonly Graded[] => {
        if (name !== 'standard') return [graded[name]];
        return k === 2 ? [means] : [means, mixed, mixed, differences];
      };
      const both = curves(margin);
      return names
        .filter((name) => multiplicities[name] > 0)
        .map((name) => ({
          name,
          multiplicity: multiplicities[name],
          size: both[name].size,
          hessian: [...both[name].hessian],
          slope: slopes(name).map(({ slope }) => slope),
          covariance: [...both[name].covariance],
        }));
    },
  };
}

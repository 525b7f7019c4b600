import { gradientCovariance, marginClock } from '../../exact/noisy/index.js';
import { levelCurves, type Graded } from '../../exact/noisy/level-curves.js';
import { chebyshevSeries } from '../../numeric/quadrature/chebyshev.js';
import type { SimulatedModel } from './fresh-gradient.js';

/** H, its derivative by the margin and C on one irrep of the symmetric line: a symmetric matrix over the copies of it, row by row. */
export interface LineBlock {
  readonly name: 'trivial' | 'standard' | 'symmetric' | 'antisymmetric' | 'bulk';
  /** Dimensions of the irrep: what each eigenvalue counts. */
  readonly multiplicity: number;
  readonly size: 1 | 2;
  readonly hessian: readonly number[];
  readonly slope: readonly number[];
  readonly covariance: readonly number[];
}

/** The model along the line, as smooth functions of the margin. */
export interface LineBlocks {
  readonly at: (margin: number) => readonly LineBlock[];
  /** dα/dt of the flow. */
  readonly rateAt: (margin: number) => number;
}

/**
 * Interpolates levels and covariance on 0 ≤ α ≤ α*; relative error about 1e-10. Cost: about a second, once; then microseconds.
 */
export function lineBlocks({ classes: k, dim, noise }: SimulatedModel): LineBlocks {
  const model = { classes: k, noise, correlation: 0 };
  const optimal = 1 / noise ** 2;
  const levels = levelCurves(model, optimal);
  const clock = marginClock(model);
  const [logUnit, trivial, symmetric, antisymmetric, ...standard] = chebyshevSeries(
    (margin) => {
      const { logUnit: unit, levels: of, standard: block } = gradientCovariance({ classes: k, dim: k + 1, noise, margin });
      const ratio = (sector: string): number => of.find(({ level }) => level.sector === sector)?.ratio ?? 0;
      const { size, entries } = block;
      return [unit, ratio('trivial'), ratio('symmetric'), ratio('antisymmetric'), entries[0]!, ...(size > 1 ? [entries[1]!, entries[size + 1]!] : [])];
    },
    0,
    optimal,
    1e-11,
  );
  const values = (...graded: readonly Graded[]) => ({
    hessian: graded.map(({ value }) => value),
    slope: graded.map(({ slope }) => slope),
  });
  return {
    rateAt: clock.rateAt,
    at(margin) {
      const unit = Math.exp(logUnit!.value(margin));
      const H = levels.at(margin);
      const [mm, md, dd] = H.standard;
      const [cmm, cmd, cdd] = standard.map((series) => unit * series.value(margin)) as [number, number?, number?];
      const single = (name: Exclude<LineBlock['name'], 'standard'>, multiplicity: number, ratio: number): LineBlock => ({
        name,
        multiplicity,
        size: 1,
        ...values(H[name]),
        covariance: [unit * ratio],
      });
      const blocks: readonly LineBlock[] = [
        single('trivial', 1, trivial!.value(margin)),
        {
          name: 'standard',
          multiplicity: k - 1,
          ...(k === 2
            ? { size: 1, ...values(mm), covariance: [cmm] }
            : { size: 2, ...values(mm, md, md, dd), covariance: [cmm, cmd!, cmd!, cdd!] }),
        },
        single('symmetric', k > 3 ? (k * (k - 3)) / 2 : 0, symmetric!.value(margin)),
        single('antisymmetric', ((k - 1) * (k - 2)) / 2, antisymmetric!.value(margin)),
        single('bulk', (k - 1) * (dim - k), noise ** 2),
      ];
      return blocks.filter(({ multiplicity }) => multiplicity > 0);
    },
  };
}

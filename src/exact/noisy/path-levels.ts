import type { GradientLevel } from '../../sgd-noise/gaussian-gradient.js';
import { varianceAlong, type NoiseSector } from './noise-sector.js';
import type { LineModel, NoiseCurves } from './noise-curves.js';
import type { NoisePath } from './noise-path.js';
import type { MovingLevel } from './second-order.js';
import { standardLevels } from './standard-block.js';
import { multiplicityOf, standardSectors, type NoisyLevel, type Sector } from './symmetric-levels.js';

const single = ['trivial', 'symmetric', 'antisymmetric', 'bulk'] as const satisfies readonly NoiseSector[];

/**
 * The levels of H at a margin of the path, descending, with the variance of the weights along each at η/b = 1, in true units; empty ones are left out.
 * E‖g‖² of the noise is η/b times unitNoiseEnergy of them. Cost: microseconds at the margins of the path, a fraction of a millisecond in between.
 */
export function pathLevels(model: LineModel, { at, clock, curves }: NoisePath, margin: number): MovingLevel[] {
  const { sectors } = at(margin);
  const h = 1e-3 * Math.max(1, margin);
  const [from, to] = [Math.max(0, margin - h), Math.min(clock.optimalMargin, margin + h)];
  const [here, below, above] = [margin, from, to].map((one) => eigenlevels(curves, one)) as [
    Eigenlevel[],
    Eigenlevel[],
    Eigenlevel[],
  ];
  return here
    .map((level, i): MovingLevel => ({
      sector: level.sector,
      multiplicity: multiplicityOf(level.sector, model),
      eigenvalue: level.value,
      variance: varianceAlong(sectors, level),
      slope: Math.log(above[i]!.value / below[i]!.value) / (to - from),
    }))
    .filter(({ multiplicity }) => multiplicity > 0)
    .sort((x, y) => y.eigenvalue - x.eigenvalue);
}

/** What noise at η/b and a flow of squared length `flow` make of the gradient on the levels: E g_i² = (η/b) λ_i² v_i, and the flow on the trivial one. */
export function gradientOnLevels(levels: readonly MovingLevel[], flow: number, ratio: number): GradientLevel[] {
  return levels.map(({ sector, multiplicity, eigenvalue, variance }) => ({
    eigenvalue,
    multiplicity,
    variance: ratio * eigenvalue ** 2 * variance,
    flow: sector === 'trivial' ? flow : 0,
  }));
}

type Eigenlevel = Pick<NoisyLevel, 'sector' | 'mixture'> & { readonly value: number };

/** All but the gauge directions, in an order that is the same everywhere. */
function eigenlevels(curves: NoiseCurves, margin: number): Eigenlevel[] {
  const matrices = curves(margin);
  const { size, hessian } = matrices.standard;
  const names: readonly Sector[] = standardSectors(size);
  return [
    ...single.map((sector) => ({ sector, value: matrices[sector].hessian[0]! })),
    ...standardLevels({ size, entries: hessian }).map(({ ratio, mixture }, i) => ({
      sector: names[i]!,
      value: ratio,
      mixture,
    })),
  ];
}

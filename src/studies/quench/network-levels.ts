import type { GradientNoise } from '../../loss/noise/gradient-noise.js';
import { innerProducts } from '../../numeric/kernels/inner-products.js';
import { norm } from '../../numeric/kernels/norm.js';
import { projectOut, projectOutProgram } from '../../numeric/kernels/project-out.js';
import type { AsyncSymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { withPauses, type Pausing } from '../../numeric/kernels/pausing.js';
import { absorb } from '../../numeric/lanczos/absorb.js';
import type { EigenPairs } from '../../numeric/lanczos/eigen-pairs.js';
import { addOpen } from '../../numeric/lanczos/join-vectors.js';
import { krylovSpace } from '../../numeric/lanczos/krylov-space.js';
import { ritzPairs } from '../../numeric/lanczos/ritz-pairs.js';
import type { RelaxedEnergies, RelaxingLevel, SwitchedGradient } from './relaxation.js';

type Pairs = Pick<EigenPairs, 'dimension' | 'values' | 'vectors'>;

/**
 * The gradient of a network at the switch as levels: along the known eigenvectors with their c_i, and outside them the energy of g on the Ritz values of its
 * Krylov space and the noise on those of the probes. (1 − ηH)^{2n} is exact in `steps` ≥ n + 1 products of the rest. Cost: these products.
 */
export async function networkLevels(
  hessian: AsyncSymmetricOperator,
  { values, vectors }: Pairs,
  gradient: Float64Array,
  { top, rest }: Pick<GradientNoise, 'top' | 'rest'>,
  steps = 16,
): Promise<SwitchedGradient> {
  const { along, outside } = split({ dimension: gradient.length, values, vectors }, gradient);
  const ofGradient = await spectralMeasure(hessian, { vectors, count: values.length }, outside, steps);
  return {
    top: Array.from(values, (eigenvalue, i) => ({
      eigenvalue,
      energy: along[i]! ** 2,
      covariance: top.covariances[i]!,
    })),
    rest: [
      ...ofGradient,
      ...rest.probes.flatMap(({ nodes, covariances }) =>
        Array.from(nodes, (eigenvalue, l) => ({
          eigenvalue,
          energy: 0,
          covariance: covariances[l]! / rest.probes.length,
        })),
      ),
    ],
  };
}

/** g_i² along the eigenvectors of the switch, and the rest of ‖g‖². */
export function energiesAlong(pairs: Pairs, gradient: Float64Array): Omit<RelaxedEnergies, 'step'> {
  const { along, outside } = split(pairs, gradient);
  return { top: Array.from(along, (part) => part ** 2), rest: norm(outside) ** 2 };
}

function split(
  { dimension: n, values, vectors }: Pairs,
  gradient: Float64Array,
): { readonly along: Float64Array; readonly outside: Float64Array } {
  const along = innerProducts(vectors, values.length, gradient, 1, n);
  const outside = gradient.slice();
  projectOut(vectors, values.length, outside, 1, n);
  return { along, outside };
}

/** xᵀf(H)x = Σ energy f(eigenvalue) of x outside the first vectors, by Lanczos from x. */
async function spectralMeasure(
  hessian: AsyncSymmetricOperator,
  { vectors, count }: { readonly vectors: Float64Array; readonly count: number },
  x: Float64Array,
  steps: number,
): Promise<RelaxingLevel[]> {
  const n = x.length;
  const whole = norm(x) ** 2;
  if (whole === 0) return [];
  const space = krylovSpace(n, Math.min(n, steps + 1));
  const paused = <R>(program: Pausing<R>): Promise<R> => withPauses(program, () => hessian.giveWay?.());
  await paused(addOpen(space, x.slice()));
  for (let step = 0; step < Math.min(steps, n - count) && space.open > 0; step++) {
    const moved = await hessian.apply(Float64Array.from(space.vectors.read(space.size, 1)), 1);
    await paused(projectOutProgram(vectors, count, moved, 1, n));
    await paused(absorb(space, 1, moved));
  }
  const { values, vectors: u } = await paused(ritzPairs(space));
  return Array.from(values, (eigenvalue, l) => ({
    eigenvalue,
    energy: whole * u[l * space.size]! ** 2,
    covariance: 0,
  }));
}

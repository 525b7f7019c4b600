import type { Collisions } from './collisions.js';
import { symmetricEigen } from './jacobi.js';
import { innerProblem, logUnit, referenceLevels, standardBlock, type ReferencePoint } from './sector-levels.js';
import { singleSectors, standardSector, type Form } from './sectors.js';
import { formOf } from './test-matrices.js';

/** λ and c over Ω in one sector; for the standard ones along the eigenvectors of H. */
export interface ReferenceCovariance {
  readonly sector: string;
  readonly multiplicity: number;
  readonly level: number;
  readonly covariance: number;
}

export interface ReferenceNoise {
  readonly levels: readonly ReferenceCovariance[];
  /** H and C over Ω on the standard copies. */
  readonly hessian: readonly (readonly number[])[];
  readonly covariance: readonly (readonly number[])[];
  /** log Ω. */
  readonly logUnit: number;
  /** log Ω_C, Ω_C = E‖p − e_y‖²/(k−1) = 2 E p_1² + (k−2) E p_1p_2. */
  readonly logOwnUnit: number;
  /** dα/dt. */
  readonly rate: number;
}

/**
 * (1/k) Σ_y E[((p − e_y)·Xu) ((p − e_y)·Yu)] over Ω, the second moment of the gradient of one sample. Since p_y − 1 = −Σ_{c≠y} p_c, it is
 * Σ_{c,c′≠y} E p_c p_c′ ((Xu)_c − (Xu)_y) ((Yu)_c′ − (Yu)_y).
 */
const secondMoment =
  (k: number, at: Collisions): Form =>
  (kinds, matrices) =>
    formOf(
      [
        {
          collision: at.ofOne,
          roles: [0, 1],
          rows: [
            [1, 0],
            [1, 0],
          ],
          factor: 1,
        },
        {
          collision: at.ofOthers,
          roles: [0, 1, 1],
          rows: [
            [1, 0],
            [2, 0],
          ],
          factor: 1,
        },
      ],
      logUnit(k, at),
      kinds,
      matrices,
    );

/**
 * The covariance of the gradient of one sample in every sector, from its definition. The mean gradient G = −α̇ ∂W/∂α, ‖∂W/∂α‖² = (k−1)s², is taken off in
 * the trivial sector. Features off the means are independent of the logits: c_bulk = σ² E‖p − e_y‖²/(k−1), where v = e_0 − e_1 is as good as any direction.
 */
export function referenceCovariance(point: ReferencePoint, dim: number): ReferenceNoise {
  const { classes: k, noise, margin } = point;
  const { means, at } = innerProblem(point);
  const { s } = means;
  const form = secondMoment(k, at);
  const unit = logUnit(k, at);
  const balance = noise ** 2 * margin * Math.exp(unit - at.logWrong); // dα/dt = (1 − balance) E p_1
  const [hessian, covariance] = [standardBlock(k, at, means), standardSector(k, form, means)];
  const { vectors } = symmetricEigen(hessian);
  const along = (v: readonly number[]): number =>
    covariance.reduce((sum, row, i) => sum + v[i]! * row.reduce((dot, x, j) => dot + x * v[j]!, 0), 0);
  const { trivial, ...singles } = singleSectors(k, form, means);
  const constant = { entry: () => 0, constant: (c: number) => [1, -1, 0][c]! };
  const spread = form([1, 1, k - 2], [constant])[0]![0]! / 2;
  const values: Record<string, number> = {
    trivial: trivial! - (k - 1) * (s * (1 - balance)) ** 2 * Math.exp(2 * at.logWrong - unit),
    ...singles,
    'standard+': along(vectors[0]!),
    [vectors.length === 3 ? 'standard0' : 'standard-']: vectors.length > 1 ? along(vectors[1]!) : 0,
    ...(vectors.length === 3 ? { 'standard-': along(vectors[2]!) } : {}),
    bulk: noise ** 2 * spread,
    gauge: 0,
  };
  const levels = referenceLevels(point, dim).map(({ sector, ratio, multiplicity }) => ({
    sector,
    multiplicity,
    level: ratio,
    covariance: values[sector]!,
  }));
  const rate = (1 - balance) * Math.exp(at.logWrong);
  return { levels, hessian, covariance, logUnit: unit, logOwnUnit: unit + Math.log(spread), rate };
}

import { symmetricEigen } from './jacobi.js';
import { collisions, type Collisions } from './collisions.js';
import { sectorDimension, singleSectors, standardSector, type Form, type Means } from './sectors.js';
import { formOf } from './test-matrices.js';

/** A level over Ω, and for the standard ones the block it belongs to. */
export interface ReferenceLevel {
  readonly sector: string;
  readonly ratio: number;
  readonly multiplicity: number;
}

export interface ReferencePoint {
  readonly classes: number;
  readonly noise: number;
  readonly margin: number;
  readonly correlation?: number;
  readonly bias?: boolean;
}

/** (1/k) Σ_y Σ_{c<c′} E[p_c p_c′ ((Xu)_c − (Xu)_c′) ((Yu)_c − (Yu)_c′)] over Ω: the definition of the Hessian. */
const hessianForm =
  (k: number, at: Collisions): Form =>
  (kinds, matrices) =>
    formOf(
      [
        {
          collision: at.withTrue,
          roles: [0, 1],
          rows: [
            [0, 1],
            [0, 1],
          ],
          factor: 1,
        },
        {
          collision: at.ofOthers,
          roles: [0, 1, 1],
          rows: [
            [1, 2],
            [1, 2],
          ],
          factor: 1 / 2,
        },
      ],
      logUnit(k, at),
      kinds,
      matrices,
    );

/** What a point's means are, and its integrals: ν_a·x = s² (u_a − ū) in law at noise σ/s and margin αs², ν_a = μ_a − m̄. */
export function innerProblem({ classes: k, noise, margin, correlation = 0, bias = false }: ReferencePoint): {
  readonly means: Means;
  readonly at: Collisions;
} {
  const s = Math.sqrt(1 - correlation);
  const b = Math.sqrt(Math.max(0, (1 + (k - 1) * correlation) / k));
  return { means: { b, s, noise, bias }, at: collisions(k, noise / s, margin * s ** 2) };
}

/** λ/Ω in every sector, from one test matrix of each and the block of the standard copies. */
export function referenceLevels(point: ReferencePoint, dim: number): ReferenceLevel[] {
  const { classes: k, noise, bias = false } = point;
  const { means, at } = innerProblem(point);
  const { values } = symmetricEigen(standardBlock(k, at, means));
  const names = values.length === 3 ? ['standard+', 'standard0', 'standard-'] : ['standard+', 'standard-'];
  const { trivial, ...others } = singleSectors(k, hessianForm(k, at), means);
  const ratios: [string, number][] = [
    ['trivial', trivial!],
    ...values.map((ratio, i): [string, number] => [names[i]!, ratio]),
    ...Object.entries(others),
    ...(dim > k ? [['bulk', noise ** 2] as [string, number]] : []),
    ['gauge', 0],
  ];
  return ratios.map(([sector, ratio]) => ({ sector, ratio, multiplicity: sectorDimension(sector, k, dim, bias) }));
}

/** H over Ω on the standard copies. */
export const standardBlock = (k: number, at: Collisions, means: Means): number[][] =>
  standardSector(k, hessianForm(k, at), means);

/** log Ω, Ω = E(1 − ‖p‖²)/(k−1) = 2 E p_0p_1 + (k−2) E p_1p_2. */
export function logUnit(k: number, at: Collisions): number {
  const others = at.ofOthers === undefined ? 0 : (k - 2) * Math.exp(at.ofOthers.log - at.withTrue.log);
  return at.withTrue.log + Math.log(2 + others);
}

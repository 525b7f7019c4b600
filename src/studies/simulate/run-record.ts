import { denseEigen } from '../../numeric/kernels/dense-eigen.js';
import { gradientHessianOverlap } from '../../observe/index.js';
import type { PopulationPoint } from '../../exact/population/index.js';
import type { SimulatedModel } from './fresh-gradient.js';
import type { LinePath } from './line-path.js';
import { denseHessian } from './population-loss.js';
import { sectorEnergies, type SectorEnergies } from './sector-energies.js';
import type { SgdPoint } from './sgd-path.js';

/** What is measured of the population at one W. */
export interface MeasuredEnergies {
  readonly loss: number;
  /** ‖g‖². */
  readonly gradient: number;
  /** ‖P_k g‖², P_k on the top k eigenvectors of H at W. */
  readonly top: number;
  /** overlap(g, Hg), H at W. */
  readonly overlap: number;
}

/** A run at one step, measured on the population. */
export interface RunRecord extends MeasuredEnergies {
  /** ‖P_s g‖² by sector of the symmetric line. */
  readonly sectors: SectorEnergies;
}

/** Cost: one quadrature, k d Hessian products and a dense eigenproblem. */
export function runRecord(
  model: SimulatedModel,
  { step, weights }: SgdPoint,
  population: (weights: Float64Array) => PopulationPoint,
  line: LinePath,
): RunRecord {
  const at = population(weights);
  return { ...measuredEnergies(at, model), sectors: sectorEnergies(at.gradient, model, line.standard(step)) };
}

/** Cost: k d Hessian products and a dense eigenproblem. */
export function measuredEnergies(
  { loss, gradient, hessian }: PopulationPoint,
  { classes }: Pick<SimulatedModel, 'classes'>,
): MeasuredEnergies {
  const dense = denseHessian(hessian);
  return {
    loss,
    gradient: squared(gradient),
    top: projected(gradient, denseEigen(dense).vectors, classes),
    overlap: gradientHessianOverlap({ gradient, hessian: dense }),
  };
}

/** ‖x‖². */
export function squared(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value ** 2, 0);
}

/** ‖P_m g‖², P_m on the first m of the vectors. */
export function projected(g: Float64Array, vectors: Float64Array, m: number): number {
  let sum = 0;
  for (let i = 0; i < m; i++) sum += g.reduce((inner, x, j) => inner + x * vectors[i * g.length + j]!, 0) ** 2;
  return sum;
}

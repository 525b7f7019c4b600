import { networkSnapshot } from '../../../loss/network-snapshot.js';
import type { Objective } from '../../../loss/objective.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import { secondDifference, withoutDirections } from '../../../observe/along-direction.js';
import { energyFraction } from '../../../observe/energy-fraction.js';

/** Where directions are followed: θ with its training loss, and the loss on the test split. */
export interface FollowedPlace {
  readonly objective: Objective;
  readonly test: Objective;
  readonly weights: FloatArray;
}

/** Directions of the edge, and as many random ones in the same parameters; orthonormal among themselves, the random ones nearly. Each as long as θ. */
export interface FollowedDirections {
  readonly edge: readonly Float64Array[];
  readonly random: readonly Float64Array[];
}

export interface AblatedScores {
  /** Training loss. */
  readonly loss: number;
  readonly testAccuracy: number;
}

/** Second differences of the training loss along each direction and a random one; scores at θ, at θ without all directions, and without as many random ones. */
export interface EdgeEffects {
  readonly curvatures: readonly number[];
  readonly randomCurvature: number;
  readonly whole: AblatedScores;
  readonly ablated: AblatedScores;
  readonly randomAblated: AblatedScores;
}

/** `step`: ε of the second differences. Cost: 2 directions + 5 forward passes of the training samples, three of the test split. */
export async function edgeEffects(
  { edge, random }: FollowedDirections,
  { objective, test, weights }: FollowedPlace,
  step: number,
): Promise<EdgeEffects> {
  const lossAt = async (theta: FloatArray): Promise<number> => (await objective.score(theta)).loss;
  const scored = async (theta: FloatArray): Promise<AblatedScores> => ({
    loss: await lossAt(theta),
    testAccuracy: (await test.score(theta)).accuracy,
  });
  const whole = await scored(weights);
  const curvature = async (v: Float64Array): Promise<number> => {
    const [behind, ahead] = [await lossAt(movedAlong(weights, v, -step)), await lossAt(movedAlong(weights, v, step))];
    return secondDifference([behind, whole.loss, ahead], step);
  };
  return {
    curvatures: await oneByOne(edge, curvature),
    randomCurvature: await curvature(random[0]!),
    whole,
    ablated: await scored(withoutDirections(weights, joinedColumns(edge))),
    randomAblated: await scored(withoutDirections(weights, joinedColumns(random))),
  };
}

/** ‖P_m x‖²/‖x‖²: of the eigenvectors found, and where it lies with what their residuals may change. */
export interface TopShare {
  readonly lower: number;
  readonly estimate: number;
  readonly upper: number;
}

/** Where the Hessian of the training loss by all parameters has the directions. */
export interface EdgeInHessian {
  readonly eigenvalues: readonly number[];
  /** f_top(m) of the gradient. */
  readonly topFraction: TopShare;
  /** ‖P_m v‖² of each direction, and of a random one in the same parameters. */
  readonly overlaps: readonly TopShare[];
  readonly randomOverlap: TopShare;
  /** vᵀHv of each, and of the random one. */
  readonly curvatures: readonly number[];
  readonly randomCurvature: number;
}

/** `tolerance`: residual over ‖H‖ of the eigenvectors. Cost: m + 1 eigenpairs and directions + 2 products. */
export async function edgeInHessian(
  { edge, random }: FollowedDirections,
  { objective, weights }: Pick<FollowedPlace, 'objective' | 'weights'>,
  { m, tolerance, seed }: { readonly m: number; readonly tolerance: number; readonly seed: number },
): Promise<EdgeInHessian> {
  const options = { top: m + 1, time: 0, tolerance, seed, blockSize: 1, verify: false };
  const { snapshot, pairs } = await networkSnapshot(objective, weights, options);
  const { spectrum, gradient } = snapshot;
  const share = (x: Float64Array, named: string): TopShare => {
    const { lower, upper } = energyFraction(spectrum, x, m, named);
    const top = spectrum.levels.slice(0, m).reduce((sum, _, i) => sum + spectrum.energy(i, x), 0);
    return { lower, estimate: top / dot(x, 0, x, 0, x.length), upper };
  };
  const all = [...edge, random[0]!];
  const n = weights.length;
  const products = await objective.curvature('hessian', weights).apply(joinedColumns(all), all.length);
  const curvatures = all.map((v, j) => dot(products, j * n, v, 0, n));
  return {
    eigenvalues: [...pairs.values],
    topFraction: share(gradient, 'the gradient'),
    overlaps: edge.map((v) => share(v, 'a direction of the edge')),
    randomOverlap: share(random[0]!, 'a random direction'),
    curvatures: curvatures.slice(0, -1),
    randomCurvature: curvatures.at(-1)!,
  };
}

/** θ + step · v. */
export const movedAlong = (theta: FloatArray, v: Float64Array, step: number): Float64Array =>
  Float64Array.from(theta, (x, i) => x + step * v[i]!);

/** Results of one after the other. */
export async function oneByOne<T, R>(all: readonly T[], measure: (one: T) => Promise<R>): Promise<R[]> {
  const found: R[] = [];
  for (const one of all) found.push(await measure(one));
  return found;
}

function joinedColumns(all: readonly Float64Array[]): Float64Array {
  const n = all[0]?.length ?? 0;
  const joined = new Float64Array(n * all.length);
  all.forEach((v, j) => {
    joined.set(v, j * n);
  });
  return joined;
}

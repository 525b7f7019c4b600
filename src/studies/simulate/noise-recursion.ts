import { UsageError } from '../../errors.js';
import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import type { SgdPathConfig } from './sgd-path.js';
import type { LineBlock, LineBlocks } from './line-blocks.js';

/** What may change while a run is under way. Batches of Infinity have no noise. */
export type StepSetting = Pick<SgdPathConfig, 'method' | 'learningRate' | 'batch'>;

/** An eigenvector of H in a block at α. */
export interface LineMode {
  readonly block: number;
  readonly eigenvalue: number;
  /** Unit vector over the copies of the block. */
  readonly vector: readonly number[];
  /**
   * The row r for which r·δ is the gradient along the eigenvector of H at W = αB + δ: λ v + α̇/(λ_trivial − λ) H′v, because the flow −α̇B has a component on the
   * eigenvector that δ turned. On the line's own eigenvector it is λ v.
   */
  readonly turned: readonly number[];
  /** How much of it the top k takes: 1, 0, or, cut, something between. */
  readonly inTop: number;
}

/** Where a run is expected after some steps, to leading order in η/b. */
export interface ExcursionState {
  readonly step: number;
  readonly margin: number;
  /** Expected shift of the margin by what is quadratic in the noise. */
  readonly shift: number;
  readonly blocks: readonly LineBlock[];
  readonly modes: readonly LineMode[];
  /** Covariance of the excursion in each block, of every one of its dimensions. */
  readonly excursions: readonly (readonly number[])[];
}

/**
 * The excursion of SGD from its path without noise, in discrete steps: Σ ← (1 − ηR) Σ (1 − ηR)ᵀ + (η²/b) Q C Q, from Σ = 0 at W = αB.
 *
 * SGD has R = H and Q = 1. Where only a part is followed, Q projects on the modes of that part. If the trivial mode, which has the flow, is on the other side, R = Σ v rᵀ over
 * them, r the turned row. If it is on the same side, R = Σ λ v vᵀ over them, and Σ v (λv − r)ᵀ over the others: an excursion along v turns v, and what the projector takes
 * from the flow along the turned v moves W along v itself.
 *   α ← α + η rate,   shift ← (1 − ηλ_trivial) shift − η Σ n Tr(H′Σ)/(2‖B‖²),   ‖B‖² = k − 1,
 * the second the mean force of ½ Σ H Σ. If the trivial mode is not followed α moves by what turning leaks into it alone: −η Σ n τ rᵀΣ v′/‖B‖, of first order in η/b.
 *
 * `settingAt`: of the step from n to n + 1, those of the configuration if left out. Throws UsageError where the top k of a projected method cut a level, or change.
 * Cost: microseconds a step.
 */
export function noiseAlong(
  config: SgdPathConfig,
  line: LineBlocks,
  settingAt: (step: number) => StepSetting = () => config,
): ExcursionState[] {
  const { classes: k, steps } = config;
  let { margin } = config;
  let shift = 0;
  let excursions = line.at(margin).map(({ size }) => new Array<number>(size * size).fill(0));
  let topAtStart: string | undefined;
  const states: ExcursionState[] = [];
  for (let step = 0; ; step++) {
    const blocks = line.at(margin);
    const rate = line.rateAt(margin);
    const modes = modesAt(blocks, rate, k);
    if (step === steps[states.length]) states.push({ step, margin, shift, blocks, modes, excursions });
    if (states.length === steps.length) return states;
    const { learningRate: eta, batch, method } = settingAt(step);
    if (method !== 'sgd') {
      const top = modes
        .flatMap(({ block, inTop }) => (inTop > 0 ? [blocks[block]!.name] : []))
        .sort()
        .join();
      topAtStart ??= top;
      if (modes.some(({ inTop }) => inTop > 0 && inTop < 1) || top !== topAtStart) {
        throw new UsageError(
          `${method} is predicted where the top ${k} eigenvectors cut no level and stay the same sectors, which fails at margin ${margin}; for example 3 classes from beyond the first crossing`,
        );
      }
    }
    const followed = (mode: LineMode): boolean => method === 'sgd' || (mode.inTop === 1) === (method === 'dom-sgd');
    const flowIsFollowed = followed(modes.find(({ block }) => blocks[block]!.name === 'trivial')!);
    const force = sumOf(blocks, ({ multiplicity, slope }, i) => multiplicity * trace(slope, excursions[i]!));
    const pull = blocks[0]!.hessian[0]!;
    const leak = sumOf(modes, (mode) => {
      const { block, eigenvalue, vector, turned } = mode;
      if (flowIsFollowed || !followed(mode)) return 0;
      const { size, slope, multiplicity } = blocks[block]!;
      const tilt = applied(slope, vector, size).map((x) => x / (eigenvalue - pull)); // of the mode towards B, times ‖B‖
      return multiplicity * valueAlong(tilt, excursions[block]!, turned);
    });
    excursions = blocks.map((block, i) => {
      const kept = identity(block.size);
      const projector = kept.map(() => 0);
      for (const mode of modes) {
        if (mode.block !== i) continue;
        const { vector, eigenvalue, turned } = mode;
        const isFollowed = followed(mode);
        const row = flowIsFollowed ? vector.map((x, j) => eigenvalue * x - (isFollowed ? 0 : turned[j]!)) : turned;
        if (isFollowed || flowIsFollowed) addOuter(kept, vector, row, -eta);
        if (isFollowed) addOuter(projector, vector, vector, 1);
      }
      const driven = sandwich(projector, block.covariance, block.size);
      return sandwich(kept, excursions[i]!, block.size).map((x, j) => x + (eta ** 2 / batch) * driven[j]!);
    });
    if (flowIsFollowed) {
      margin += eta * rate;
      shift = (1 - eta * pull) * shift - (eta * force) / (2 * (k - 1));
    } else margin -= (eta * leak) / (k - 1);
  }
}

/** The eigenvectors of all blocks in descending order, with their share in the top k. */
function modesAt(blocks: readonly LineBlock[], rate: number, k: number): LineMode[] {
  const pull = blocks[0]!.hessian[0]!;
  const modes = blocks.flatMap(({ size, hessian, slope, name }, block) => {
    const { values, vectors } = smallSymmetricEigen(Float64Array.from(hessian), size);
    return Array.from(values, (eigenvalue, i) => {
      const vector = [...vectors.subarray(i * size, (i + 1) * size)];
      const turning = name === 'trivial' ? 0 : rate / (pull - eigenvalue);
      const turned = applied(slope, vector, size).map((x, j) => eigenvalue * vector[j]! + turning * x);
      return { block, eigenvalue, vector, turned };
    });
  });
  let left = k;
  return modes
    .sort((x, y) => y.eigenvalue - x.eigenvalue)
    .map((mode) => {
      const { multiplicity } = blocks[mode.block]!;
      const taken = Math.max(0, Math.min(left, multiplicity));
      left -= taken;
      return { ...mode, inTop: taken / multiplicity };
    });
}

/** xᵀ S y, S square of the size of the vectors. */
export function valueAlong(x: readonly number[], S: readonly number[], y: readonly number[]): number {
  return sumOf(x, (a, i) => a * sumOf(y, (b, j) => b * S[i * y.length + j]!));
}

/** Σ_ij A_ij B_ij: the trace of AB for symmetric matrices. */
export function trace(A: readonly number[], B: readonly number[]): number {
  return sumOf(A, (a, i) => a * B[i]!);
}

/** A x. */
export function applied(A: readonly number[], x: readonly number[], size: number): number[] {
  return x.map((_, i) => sumOf(x, (value, j) => A[i * size + j]! * value));
}

/** R S Rᵀ. */
function sandwich(R: readonly number[], S: readonly number[], size: number): number[] {
  const row = (i: number): readonly number[] => R.slice(i * size, (i + 1) * size);
  return S.map((_, at) => valueAlong(row(Math.floor(at / size)), S, row(at % size)));
}

function addOuter(A: number[], x: readonly number[], y: readonly number[], factor: number): void {
  for (let i = 0; i < x.length; i++) for (let j = 0; j < y.length; j++) A[i * y.length + j]! += factor * x[i]! * y[j]!;
}

function identity(size: number): number[] {
  return Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

/** Σ of a function of the items. */
export function sumOf<T>(items: readonly T[], of: (item: T, index: number) => number): number {
  return items.reduce((sum, item, i) => sum + of(item, i), 0);
}

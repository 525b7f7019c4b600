import { denseFeatures, type LabelledData } from '../../../data/features.js';
import { regressionPoint } from '../../../loss/softmax/softmax-regression.js';
import { denseEigen } from '../../../numeric/kernels/dense-eigen.js';
import { firstPairs } from '../../../train/top-pairs.js';
import type { Probe } from '../engine/probe.js';
import { descendAlong } from './plain-descent.js';
import { feasiblePart, feasibleSets, type Feasible } from './post-training.js';

export interface ModelPostTrainingArguments {
  readonly classes: number;
  /** α of W = α Σ (e_a − 1/k) μ_aᵀ, as the general task has left it. */
  readonly margin: number;
  /** φ, in degrees: between the mean ν_a of a target class and μ_a. Its label is a + 1. */
  readonly angle: number;
  readonly rate: number;
  readonly steps: number;
}

export interface ModelPostTraining {
  /** Both losses before the first step. */
  readonly before: { readonly target: number; readonly general: number };
  readonly after: Readonly<Record<Feasible, { readonly target: number; readonly general: number }>>;
}

/**
 * The same in softmax regression without noise, k orthonormal means μ_a and k targets ν_a = cos φ μ_a + sin φ τ_a with other labels: descents on the target whose steps are projected on what the
 * general loss allows, its top space that of all k(k − 1) eigenvectors with a positive eigenvalue. Cost: a step O(k³).
 */
export const modelPostTraining: Probe<ModelPostTrainingArguments, ModelPostTraining> = {
  name: 'model-post-training',
  revision: 1,
  async run({ classes: k, margin, angle, rate, steps }, { signal, onProgress }) {
    const [near, far] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const general = inputsOf(k, [1, 0], 0);
    const target = inputsOf(k, [near, far], 1);
    const first = new Float64Array(2 * k * k);
    for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) first[c * 2 * k + a] = margin * ((a === c ? 1 : 0) - 1 / k);
    const top = firstPairs(denseEigen(regressionPoint(general, first).hessian), k * (k - 1));
    const lossesAt = (w: Float64Array) => ({
      target: regressionPoint(target, w).loss,
      general: regressionPoint(general, w).loss,
    });
    const after: [Feasible, ModelPostTraining['before']][] = [];
    for (const set of feasibleSets) {
      const last = await descendAlong(first, { rate, steps, signal }, ({ weights }) => {
        const w = Float64Array.from(weights);
        const slope = regressionPoint(general, w).gradient;
        return Promise.resolve(feasiblePart(set, regressionPoint(target, w).gradient, { general: slope, top }));
      });
      after.push([set, lossesAt(Float64Array.from(last))]);
      onProgress(after.length / feasibleSets.length);
    }
    return {
      before: lossesAt(first),
      after: Object.fromEntries(after) as unknown as ModelPostTraining['after'],
    };
  },
};

/** One sample a class in R^{2k}: `along` [μ_a, τ_a], labelled a + shift. */
function inputsOf(k: number, [near, far]: readonly [number, number], shift: number): LabelledData {
  const entries = new Float64Array(2 * k * k);
  for (let a = 0; a < k; a++) {
    entries[a * 2 * k + a] = near;
    entries[a * 2 * k + k + a] = far;
  }
  const labels = Uint16Array.from({ length: k }, (_, a) => (a + shift) % k);
  return { features: denseFeatures(k, 2 * k, entries), labels, classes: k };
}

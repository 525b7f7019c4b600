import type { LabelledData } from '../../data/features.js';
import { batchGradient } from './softmax-regression.js';

/** One step W ← W − η G_batch, in place. */
export function sgdStep(data: LabelledData, weights: Float64Array, batch: Uint32Array, learningRate: number): void {
  const gradient = batchGradient(data, weights, batch);
  for (let i = 0; i < weights.length; i++) weights[i]! -= learningRate * gradient[i]!;
}

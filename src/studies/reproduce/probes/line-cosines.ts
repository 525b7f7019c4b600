import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { classCosine } from '../../../exact/noisy/class-cosine.js';
import { batchGradient } from '../../../loss/softmax/softmax-regression.js';
import { meanCosine } from '../../../observe/mean-cosine.js';
import type { Probe } from '../engine/probe.js';
import { lineWeights } from './line-weights.js';

export interface LineCosinesArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  /** Values of α/α* of W = αB. */
  readonly relativeMargins: readonly number[];
  readonly samples: number;
  readonly seed: number;
}

/** Mean cosine between the gradients of clients that have one class each: in closed form, and of a sampled mixture. */
export interface LineCosine {
  readonly relativeMargin: number;
  readonly predicted: number;
  readonly measured: number;
}

/** Across clients, in the exact model on its symmetric line. Cost: a pass over the samples for each margin. */
export const lineCosines: Probe<LineCosinesArguments, readonly LineCosine[]> = {
  name: 'line-cosines',
  revision: 1,
  run({ classes: k, dim, noise, relativeMargins, samples, seed }, { onProgress }) {
    const data = sampleMixture({ classes: k, dim, noise }, samples, seed);
    const rows = Array.from({ length: k }, (_, c) => [...data.labels.keys()].filter((i) => data.labels[i] === c));
    const found = relativeMargins.map((relativeMargin, i): LineCosine => {
      const margin = relativeMargin / noise ** 2;
      const weights = lineWeights({ classes: k, dim }, margin);
      onProgress((i + 1) / relativeMargins.length);
      return {
        relativeMargin,
        predicted: classCosine({ classes: k, noise, margin }).cosine,
        measured: meanCosine(rows.map((own) => batchGradient(data, weights, own))),
      };
    });
    return Promise.resolve(found);
  },
};

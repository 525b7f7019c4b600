import { linePoint, noisyMarginRate } from '../../../exact/noisy/index.js';
import { topFraction } from '../../../observe/index.js';
import type { Probe } from '../engine/probe.js';

export interface ExactPartsArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  /** W(0) = margin · B. */
  readonly margin: number;
  readonly rate: number;
  readonly steps: number;
}

type Part = 'gradient' | 'dominant' | 'bulk';

export interface ExactParts {
  /** f_top(k) at the start. */
  readonly topFraction: number;
  /** The loss at the start, and after all steps that follow a part. */
  readonly before: number;
  readonly after: Readonly<Record<Part, number>>;
}

/**
 * Gradient descent on the population of the noisy model along P_k g, (1 − P_k) g and g. On the line W = αB the gradient is an eigenvector,
 * so that each step is the whole one or none: α ← α + η rate(α) while f_top(k) = 1 (dominant), or 0 (bulk). Cost: about 20 ms a step.
 */
export const exactParts: Probe<ExactPartsArguments, ExactParts> = {
  name: 'exact-parts',
  revision: 1,
  run({ classes, dim, noise, margin: start, rate, steps }, { onProgress }) {
    const at = (margin: number) => linePoint({ classes, dim, noise, margin });
    const descend = (part: Part): number => {
      let margin = start;
      for (let step = 0; step < steps; step++) {
        onProgress(step / steps);
        const { lower } = topFraction(at(margin).snapshot, classes);
        const isFollowed = part === 'gradient' || (part === 'dominant') === lower > 0.5;
        if (!isFollowed) break; // nothing moves any more
        margin += rate * noisyMarginRate({ classes, noise, margin });
      }
      return at(margin).scalars.loss;
    };
    const { snapshot, scalars } = at(start);
    return Promise.resolve({
      topFraction: topFraction(snapshot, classes).lower,
      before: scalars.loss,
      after: { gradient: descend('gradient'), dominant: descend('dominant'), bulk: descend('bulk') },
    });
  },
};

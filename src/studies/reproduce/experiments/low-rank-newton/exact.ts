import { marginRate, symmetricPoint, symmetricPointAtMargin } from '../../../../exact/noiseless/index.js';
import type { Measurement } from '../../engine/experiment.js';

/**
 * In the noiseless model g = −(ε/(k−1)) B is an eigenvector of λ₁ = ε(1−ε)/(k−1) in the top space, so that the low-rank Newton step is
 * α ← α + 1/(1−ε), and gradient descent α ← α + η/(e^α + k − 1). Decrease of the loss by the first over that by the second.
 */
function exactRatio(classes: number, time: number, count: number): number {
  const first = symmetricPoint(classes, time);
  const after = (next: (margin: number) => number): number => {
    let { margin } = first;
    for (let step = 0; step < count; step++) margin = next(margin);
    return symmetricPointAtMargin(classes, margin).loss;
  };
  const newton = after((margin) => margin + 1 / (1 - symmetricPointAtMargin(classes, margin).error));
  const descent = after((margin) => margin + 0.1 * marginRate(classes, margin));
  return (first.loss - newton) / (first.loss - descent);
}

export const exactDecrease = (): Measurement => ({
  values: [exactRatio(10, 30, 100)],
  settings: { classes: 10, noise: 0, from: 't = 30', steps: 100 },
});

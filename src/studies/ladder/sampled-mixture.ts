import type { Samples } from '../../loss/network/sample-sums.js';
import { randomStream } from '../../numeric/random.js';
import type { MixtureModel } from '../../exact/population/index.js';

/** n independent samples of a general mixture, keyed by the seed. */
export function sampledMixture(
  { classes, dim, means, priors, noises, shape }: MixtureModel,
  count: number,
  seed: number,
): Samples {
  const stream = randomStream(seed, 'general mixture', classes, dim);
  const inputs = new Float64Array(count * dim);
  const targets = new Float64Array(count * classes);
  for (let i = 0; i < count; i++) {
    let [label, u] = [0, stream.uniform()];
    while (label < classes - 1 && u >= priors[label]!) u -= priors[label++]!;
    targets[i * classes + label] = 1;
    for (let f = 0; f < dim; f++) {
      inputs[i * dim + f] = means[label * dim + f]! + noises[label]! * (shape?.[f] ?? 1) * stream.normal();
    }
  }
  return { count, inputs, targets };
}

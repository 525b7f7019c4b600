import {
  constant,
  detach,
  divide,
  exp,
  gradient,
  input,
  max,
  multiply,
  subtract,
  sum,
  total,
  type Tensor,
} from '../../tensor/autodiff/index.js';
import { UsageError } from '../../errors.js';
import { sameShape, showShape } from '../../tensor/autodiff/tensor.js';
import type { Reals } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';
import type { ClassGradients } from '../papyan-split.js';
import { parts } from '../parameters.js';
import { gradientName } from './curvature-graphs.js';
import type { Network } from './network.js';
import { toMeans, unitRow, type SampledNetwork } from './sampled-network.js';

/** The first of a pair of classes is that of a sample, the second the one its gradient is taken for; both as unit rows [1, k]. */
const classSelector = 'class of samples';
const crossSelector = 'class of the gradient';

/**
 * Σ_i [y_i = c] p_{i,c′} ∂θ z_iᵀ(e_{c′} − p_i), and its total weight Σ_i [y_i = c] p_{i,c′}: the sums behind Papyan's means, for one pair
 * (c, c′) given as selectors. In the Gauss–Newton matrix of cross-entropy, G = (1/n) Σ_{i,c′} p_{i,c′} g_{i,c′} g_{i,c′}ᵀ.
 */
function classGradientGraph({ scores, targets, layout, parameters, outputs }: Network): Record<string, Tensor> {
  const [ofSamples, ofGradient] = [input(classSelector, [1, outputs]), input(crossSelector, [1, outputs])];
  // With every p to full relative accuracy, however small, which one operation of a runtime need not have.
  const odds = exp(subtract(scores, max(scores, 1)));
  const p = divide(odds, sum(odds, [1]));
  const weight = multiply(sum(multiply(targets, ofSamples), [1]), sum(multiply(p, ofGradient), [1]));
  // e_{c′} − p_i, whose entry c′ is the sum of the other p_{i,c} rather than 1 − p_{i,c′}.
  const others = multiply(p, subtract(constant(1), ofGradient));
  const cotangent = multiply(weight, subtract(multiply(ofGradient, sum(others, [1])), others));
  const derivatives = gradient(total(multiply(scores, detach(cotangent))), parameters);
  return Object.fromEntries([
    ['weight', total(weight)],
    ...layout.specs.flatMap(({ name }, i) =>
      derivatives[i] === undefined ? [] : [[gradientName(name), derivatives[i]]],
    ),
  ]) as Record<string, Tensor>;
}

/** The sums for every pair of classes, all over n. Cost: k² gradients. */
export async function classGradients(
  sampled: SampledNetwork,
  weights: Reals,
  statistics: Statistics,
): Promise<ClassGradients> {
  const { network, precision, count } = sampled;
  const k = network.outputs;
  if (!sameShape(network.scores.shape, ['n', k]) || !sameShape(network.targets.shape, ['n', k])) {
    throw new UsageError(
      `the split by classes needs one class a sample, scores [n, k] and targets [n, k]; received scores of shape ${showShape(network.scores.shape)} and targets of ${showShape(network.targets.shape)}`,
    );
  }
  const graph = await sampled.program('class gradients', () => classGradientGraph(network));
  const fixed = sampled.inputs(weights, statistics);
  const [masses, sums]: [number[], Float64Array[]] = [[], []];
  for (let pair = 0; pair < k * k; pair++) {
    const selectors = {
      [classSelector]: unitRow(Math.floor(pair / k), k, precision),
      [crossSelector]: unitRow(pair % k, k, precision),
    };
    const mean = new Float64Array(network.layout.size);
    const into = parts(network.layout, mean, gradientName);
    const { weight } = await sampled.sums(graph, { ...fixed, ...selectors }, [], { into });
    masses.push(weight![0]! / count);
    toMeans(mean, count);
    sums.push(mean);
  }
  return { classes: k, weights: Float64Array.from(masses), sums };
}

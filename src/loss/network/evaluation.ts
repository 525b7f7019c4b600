import type { Tensor } from '../../tensor/autodiff/index.js';
import type { Reals } from '../../tensor/engine/index.js';
import type { LossPoint, Score, Statistics } from '../objective.js';
import { parts } from '../parameters.js';
import { directionInputs, gradientGraph, gradientName, productStages } from './curvature-graphs.js';
import { curvatureName, type Keeping } from './curvature-operator.js';
import type { LastPass } from './last-pass.js';
import type { Network } from './network.js';
import { toMeans, type SampledNetwork } from './sampled-network.js';

/**
 * L(θ), accuracy and gradient. Where what products of the Hessian share is kept, it is computed on the way, and left to the products at this θ.
 * Cost: a forward and a backward pass.
 */
export async function lossPoint(
  sampled: SampledNetwork,
  { weights, statistics }: { readonly weights: Reals; readonly statistics: Statistics },
  { keeping, last }: { readonly keeping: Keeping; readonly last: LastPass },
): Promise<LossPoint> {
  const { network, count } = sampled;
  const { layout } = network;
  const isKept = keeping(curvatureName('hessian'), () => sharedGraph(network));
  const program = await sampled.program(isKept ? 'evaluate and keep' : 'evaluate', () => ({
    ...scoreGraph(network),
    ...gradientGraph(network, everyParameter(network)),
    ...(isKept && sharedGraph(network)),
  }));
  const gradient = new Float64Array(layout.size);
  const into = { ...parts(layout, gradient, gradientName), ...noScore() };
  const pass: Record<string, Reals>[] = [];
  const summed = (outputs: Readonly<Record<string, Reals>>): Record<string, Reals> => {
    const isSummed = ([name]: readonly [string, Reals]): boolean => name in into;
    const all = Object.entries(outputs);
    pass.push(Object.fromEntries(all.filter((output) => !isSummed(output))));
    return Object.fromEntries(all.filter(isSummed));
  };
  last.forget();
  await sampled.sums(program, sampled.inputs(weights, statistics), [], { into, summed });
  if (isKept) last.keep(weights, statistics, pass);
  toMeans(gradient, count);
  return { ...meanScore(into, count), gradient };
}

/** L(θ) and accuracy: the same numbers. Cost: a forward pass. */
export async function score(sampled: SampledNetwork, weights: Reals, statistics: Statistics): Promise<Score> {
  const { network, count } = sampled;
  const into = noScore();
  const program = await sampled.program('score', () => scoreGraph(network));
  await sampled.sums(program, sampled.inputs(weights, statistics), [], { into });
  return meanScore(into, count);
}

/** Over the samples of a chunk: loss, and how many are right. */
function scoreGraph({ loss, correct }: Network): Record<string, Tensor> {
  return { loss, correct };
}

const noScore = () => ({ loss: new Float64Array(1), correct: new Float64Array(1) });

const meanScore = ({ loss, correct }: ReturnType<typeof noScore>, count: number): Score => ({
  loss: loss[0]! / count,
  accuracy: correct[0]! / count,
});

const everyParameter = ({ layout, parameters }: Network) => ({
  names: layout.specs.map(({ name }) => name),
  tensors: parameters,
});

/** What products of the Hessian by all parameters share. */
function sharedGraph(network: Network): Readonly<Record<string, Tensor>> {
  const all = everyParameter(network);
  return productStages(network, all, 'hessian', directionInputs(all, 1)).first;
}

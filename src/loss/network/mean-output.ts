import { add, broadcast, isCounted, multiply, negate, reshape, sum, type Tensor } from '../../tensor/autodiff/index.js';
import { entries, topologicalOrder } from '../../tensor/autodiff/tensor.js';
import { share } from './context.js';

/**
 * ℓ of shape [n], where y = Σ_i ℓ_i/n is one number: a sum over samples times 1/n, or sums and multiples of such, beside which terms without samples, like a
 * penalty of weights, are the same for each. Undefined where y is not written so. Cost: one pass through the graph.
 */
export function samplesOfMean(y: Tensor): Tensor | undefined {
  return partsOf(y, (mean) => {
    if (dependsOn(mean, isOfSamples)) {
      const [a, b] = mean.operation.kind === 'multiply' ? mean.inputs : [];
      const summed = a === undefined ? undefined : isOneOverN(a) ? b : isOneOverN(b!) ? a : undefined;
      return summed && partsOf(summed, sampleSum);
    }
    return dependsOn(mean, isShare) ? undefined : broadcast(reshape(mean, [1]), ['n']);
  });
}

/** y split where it is linear, each term by `ofTerm`. */
function partsOf(y: Tensor, ofTerm: (term: Tensor) => Tensor | undefined): Tensor | undefined {
  if (entries(y.shape).perSample || entries(y.shape).factor !== 1) return undefined;
  const found = ofTerm(y);
  if (found !== undefined) return found;
  const inner = (x: Tensor): Tensor | undefined => partsOf(x, ofTerm);
  const [a, b] = y.inputs;
  switch (y.operation.kind) {
    case 'reshape':
    case 'broadcast':
      return inner(a!);
    case 'negate': {
      const part = inner(a!);
      return part && negate(part);
    }
    case 'add': {
      const [first, second] = [inner(a!), inner(b!)];
      return first && second && add(first, second);
    }
    case 'multiply': {
      const [factor, rest] = dependsOn(a!, isOfSamples) ? [b!, a!] : [a!, b!];
      if (dependsOn(factor, (node) => isOfSamples(node) || isShare(node))) return undefined;
      const part = inner(rest);
      return part && multiply(broadcast(reshape(factor, [1]), ['n']), part);
    }
    default:
      return undefined;
  }
}

/** A sum over all samples without the sum over them: [n]. */
function sampleSum({ operation, inputs: [x] }: Tensor): Tensor | undefined {
  if (operation.kind !== 'sum') return undefined;
  const axis = x!.shape.findIndex(isCounted);
  if (!operation.axes.includes(axis) || axis !== 0 || dependsOn(x!, isShare)) return undefined;
  const { factor } = entries(x!.shape);
  return reshape(sum(reshape(x!, ['n', factor]), [1]), ['n']);
}

const isShare = (node: Tensor): boolean => node === share;
const isOfSamples = ({ shape }: Tensor): boolean => shape.some(isCounted);
/** 1/n itself. */
const isOneOverN = (x: Tensor): boolean => x === share || (x.operation.kind === 'reshape' && isOneOverN(x.inputs[0]!));
const dependsOn = (y: Tensor, isMeant: (node: Tensor) => boolean): boolean => topologicalOrder([y]).some(isMeant);

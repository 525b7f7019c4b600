import { entries, topologicalOrder } from '../../tensor/autodiff/tensor.js';
import type { Network } from './network.js';

/** Operations whose results are not held: given, or other views of what is. */
const views = new Set<string>(['input', 'reshape', 'broadcast', 'transpose']);

/** Numbers that a network computes of each sample on the way to its loss. */
export function activationEntries({ loss }: Pick<Network, 'loss'>): number {
  return topologicalOrder([loss]).reduce((sum, { operation, shape }) => {
    const { factor, perSample } = entries(shape);
    return sum + (perSample && !views.has(operation.kind) ? factor : 0);
  }, 0);
}

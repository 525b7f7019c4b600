import { add, matmul } from '../../../tensor/autodiff/index.js';
import { entriesOf } from '../../parameters.js';
import { UsageError } from '../../../errors.js';
import type { Layer, LayerEntry } from '../layer.js';
import { dense } from './dense.js';

/**
 * z = x Wᵀ + b + (x Aᵀ) Bᵀ: a dense layer with an update B A of rank ≤ r beside its weights (LoRA: Hu et al., arXiv:2106.09685). Of the dense layer `weight`
 * and `bias`; `down.weight` A [rank, in], drawn as weights are; `up.offset` B [units, rank], at first 0. To adapt a trained layer, freeze all but B, or all but A and B.
 * x [n, in]. Throws UsageError for a rank that is no positive integer.
 */
export function lowRank(units: number, rank: number, { bias = true } = {}): Layer {
  if (!Number.isInteger(rank) || rank < 1)
    throw new UsageError(`a rank is a positive integer, received ${rank}; for example 4`);
  const own = dense(units, { bias });
  return (x, context) => {
    const features = entriesOf(x.shape.slice(1) as number[]);
    const down = context.scope('down').parameter('weight', [rank, features], 'weight');
    const up = context.scope('up').parameter('offset', [units, rank], 'offset');
    const z = own(x, context);
    return add(z, matmul(matmul(x, down, { transposeB: true }), up, { transposeB: true }));
  };
}

export const lowRankEntry: LayerEntry = {
  name: 'lowRank',
  call: 'lowRank(units, rank, { bias })',
  help: 'z = x Wᵀ + b + (x Aᵀ) Bᵀ, a dense layer with an update of low rank',
  source: 'Hu et al., arXiv:2106.09685',
  example: [lowRank(3, 2), [4]],
};

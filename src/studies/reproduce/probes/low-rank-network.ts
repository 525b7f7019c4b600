import { activation } from '../../../loss/network/activations.js';
import { flatten, lowRank, sequential, type Layer } from '../../../loss/network/layers.js';
import { lossOf, type LossName } from '../../../loss/network/losses.js';
import { buildNetwork, type Network } from '../../../loss/network/network.js';
import { parts } from '../../../loss/parameters.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import type { TrainConfig } from '../../../train/train-config.js';
import type { DenseLayer } from './dense-layers.js';
import type { LowRankRows } from './low-rank-starts.js';

/**
 * A multilayer perceptron at θ in which each dense layer has W + B A for W: θ and A are frozen, B is trained, and at 0 it is the network itself. `rows`: A of each layer, by its
 * name, [rank, features]. Throws UsageError where a layer has none.
 */
export function lowRankNetwork(
  network: Network,
  theta: FloatArray,
  { activation: between, loss }: Pick<TrainConfig, 'activation' | 'loss'>,
  layers: readonly Pick<DenseLayer, 'name' | 'units' | 'features'>[],
  rows: ReadonlyMap<string, LowRankRows>,
): Network {
  const { layout, inputShape, outputs } = network;
  const values = parts(layout, Float64Array.from(theta));
  const adapted = layers.flatMap(({ name, units, features }, i): [string, Layer][] => [
    [name, lowRank(units, (rows.get(name)?.length ?? 0) / features, { bias: `${name}.bias` in values })],
    ...(i + 1 < layers.length ? [[`between${i + 1}`, activation(between)] as [string, Layer]] : []),
  ]);
  const downs = [...rows].map(([name, own]): [string, Float64Array] => [`${name}.down.weight`, own]);
  return buildNetwork(
    {
      inputShape,
      outputs,
      layers: sequential({ ...(inputShape.length > 1 && { flatten }), ...Object.fromEntries(adapted) }),
      loss: lossOf(loss as LossName).of,
      frozen: new Map([...Object.entries(values), ...downs]),
    },
    'evaluate',
  );
}

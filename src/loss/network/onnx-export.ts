import type { Precision } from '../../numeric/kernels/float-array.js';
import type { Reals } from '../../tensor/engine/index.js';
import { writeGraph } from '../../tensor/onnx/write.js';
import type { Statistics } from '../objective.js';
import { checkLength, parts } from '../parameters.js';
import type { Network } from './network.js';

/**
 * A network in evaluation as an ONNX file (operators of version 18): input `x` [n, …], output `scores`; parameters are initialisers under their
 * names, running averages and constants are constants. Throws UsageError where the weights have another length. The import of the file
 * is the same network, to rounding.
 */
export function writeOnnx(
  network: Network,
  weights: Reals,
  statistics: Statistics = {},
  precision: Precision = 'f32',
): Uint8Array {
  checkLength('weights', weights.length, network.layout.size);
  const constants = [...network.constants].map(([name, { values }]) => [name, values] as const);
  return writeGraph(
    { scores: network.scores },
    {
      parameters: new Map(Object.entries(parts(network.layout, weights))),
      constants: new Map([...Object.entries(statistics), ...constants]),
    },
    precision,
  );
}

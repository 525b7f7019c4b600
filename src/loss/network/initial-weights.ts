import { randomStream } from '../../numeric/random.js';
import { initialEmbedding, initialLayer } from './initialisation.js';
import { entriesOf, type ParameterLayout } from '../parameters.js';

/**
 * θ before training: weights, biases and embeddings by the name of an initialisation, gains 1, offsets 0. Every layer has a stream of its own, keyed by
 * the seed and the layer's name: its weights do not depend on the other layers.
 */
export function initialParameters({ specs, offsets, size }: ParameterLayout, name: string, seed: number): Float64Array {
  const values = new Float64Array(size);
  const layerOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));
  const biases = new Map<string, Float64Array>();
  specs.forEach((spec, i) => {
    const at = offsets[i]!;
    const layer = layerOf(spec.name);
    if (spec.role === 'weight') {
      const drawn = initialLayer(name, spec.shape, randomStream(seed, 'initial-weights', layer));
      values.set(drawn.weights, at);
      biases.set(layer, drawn.biases);
    } else if (spec.role === 'bias') {
      values.set(biases.get(layer) ?? [], at);
    } else if (spec.role === 'embedding') {
      values.set(initialEmbedding(name, spec.shape, randomStream(seed, 'initial-weights', layer)), at);
    } else if (spec.role === 'gain') {
      values.fill(1, at, at + entriesOf(spec.shape));
    }
  });
  return values;
}

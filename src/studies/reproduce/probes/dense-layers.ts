import { UsageError } from '../../../errors.js';
import type { Samples } from '../../../loss/network/sample-sums.js';
import type { ParameterLayout } from '../../../loss/parameters.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';

/** A dense layer of a trained network, with what it is given by each sample. */
export interface DenseLayer {
  /** dense1, dense2, …. */
  readonly name: string;
  readonly units: number;
  readonly features: number;
  /** W [units, features], row-major. */
  readonly weights: Float64Array;
  /** One row a sample: [count, features]. */
  readonly inputs: Float64Array;
}

const activations = { relu: (x: number) => Math.max(0, x), tanh: Math.tanh, identity: (x: number) => x } as const;

/**
 * The layers of a multilayer perceptron dense1, dense2, … at θ with their inputs, by its forward pass in plain TypeScript. Throws UsageError for an activation that is neither
 * relu, tanh nor identity, and for parameters that are no such network's. Cost: one forward pass.
 */
export function denseLayers(
  { specs, offsets }: ParameterLayout,
  weights: FloatArray,
  { count, inputs }: Pick<Samples, 'count' | 'inputs'>,
  activation: string,
): DenseLayer[] {
  if (!Object.hasOwn(activations, activation))
    throw new UsageError(`layers are followed through ${Object.keys(activations).join(', ')}, received ${activation}`);
  const between = activations[activation as keyof typeof activations];
  const all = Float64Array.from(weights);
  const found: DenseLayer[] = [];
  let given = Float64Array.from(inputs);
  specs.forEach(({ name, shape }, i) => {
    const [layer, part] = name.split('.') as [string, string];
    if (part === 'bias') return;
    const [units, features] = shape as [number, number];
    if (part !== 'weight' || layer !== `dense${found.length + 1}` || features * count !== given.length)
      throw new UsageError(`${name} is no parameter of a multilayer perceptron; take one of dense layers alone`);
    const own = all.slice(offsets[i], offsets[i]! + units * features);
    const bias = specs.findIndex((other) => other.name === `${layer}.bias`);
    const shift = bias < 0 ? new Float64Array(units) : all.slice(offsets[bias], offsets[bias]! + units);
    found.push({ name: layer, units, features, weights: own, inputs: given });
    const next = new Float64Array(count * units);
    for (let n = 0; n < count; n++) {
      for (let u = 0; u < units; u++) {
        let z = shift[u]!;
        for (let f = 0; f < features; f++) z += own[u * features + f]! * given[n * features + f]!;
        next[n * units + u] = between(z);
      }
    }
    given = next;
  });
  return found;
}

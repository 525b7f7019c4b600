import { crossEntropy } from '../../../src/loss/network/losses.js';
import type { Layer } from '../../../src/loss/network/layer.js';
import { dense, flatten, sequential } from '../../../src/loss/network/layers.js';
import { buildNetwork } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { randomStream } from '../../../src/numeric/random.js';
import { inner, relativeDistance, runtime } from './problems.js';

/**
 * How far gradient and Hessian product of a loss behind a layer are from central differences of the loss and of the gradient along a
 * random direction v: relative errors of ⟨g, v⟩ and of Hv. Weights, samples and statistics are random, in float64; samples are token ids
 * where there is a vocabulary.
 */
export async function derivativeErrors(
  layer: Layer,
  inputShape: readonly number[],
  vocabulary?: number,
): Promise<{ readonly gradient: number; readonly product: number }> {
  const [samples, outputs] = [5, 3];
  const layers = sequential({ layer, flatten, last: dense(outputs) });
  const network = buildNetwork({ inputShape, outputs, layers, loss: crossEntropy }, 'evaluate');
  const stream = randomStream(1, 'differences');
  const normals = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());
  const entries = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
  const ids = (length: number): Float64Array => Float64Array.from({ length }, () => stream.integer(vocabulary!));
  const inputsOf = vocabulary === undefined ? normals : ids;
  const targets = new Float64Array(samples * outputs);
  for (let i = 0; i < samples; i++) targets[i * outputs + (i % outputs)] = 1;
  const measured = objective(
    network,
    { count: samples, inputs: inputsOf(samples * entries(inputShape)), targets },
    { runtime, precision: 'f64' },
  );
  const statistics = Object.fromEntries(
    network.statistics.map(({ name, shape, initial }) => [
      name,
      normals(entries(shape)).map((x) => initial + 0.2 * Math.abs(x)),
    ]),
  );
  const [weights, v] = [normals(network.layout.size), normals(network.layout.size)];
  const h = 1e-5;
  const at = (sign: number) =>
    measured.evaluate(
      weights.map((w, i) => w + sign * h * v[i]!),
      statistics,
    );
  const [here, ahead, behind] = [await at(0), await at(1), await at(-1)];
  const product = await measured.curvature('hessian', weights, { statistics }).apply(v, 1);
  await measured.release();
  const slope = (ahead.loss - behind.loss) / (2 * h);
  return {
    gradient: Math.abs(inner(here.gradient, v) / slope - 1),
    product: relativeDistance(
      product,
      Array.from(ahead.gradient, (g, i) => (g - behind.gradient[i]!) / (2 * h)),
    ),
  };
}

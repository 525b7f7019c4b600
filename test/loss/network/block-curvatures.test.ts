import { describe, expect, it } from 'vitest';
import { objective } from '../../../src/loss/network/objective.js';
import { paddedBlocks } from '../../../src/loss/padded-blocks.js';
import type { JointRequest } from '../../../src/numeric/kernels/joint-operators.js';
import { randomStream } from '../../../src/numeric/random.js';
import { randomProblem, runtime } from './problems.js';

const blocks = [['dense1'], ['dense2.weight'], ['dense2.bias', 'dense3'], ['*.bias'], ['!dense2']];

function requestsFor(dimensions: readonly number[], columns: readonly number[]): JointRequest[] {
  const stream = randomStream(5, 'vectors');
  return columns.flatMap((count, operator) => {
    const block = Float64Array.from({ length: count * dimensions[operator]! }, () => stream.normal());
    return count === 0 ? [] : [{ operator, block, columns: count }];
  });
}

describe('products of diagonal blocks that go together', () => {
  const problem = randomProblem('mlp:6,5', [4], { samples: 11 });
  const { network, samples, weights } = problem;

  it.each([
    ['hessian', 2 ** 28, 10],
    ['hessian', 0, 2],
    ['gauss-newton', 2 ** 28, 3],
    ['gauss-newton', 0, 10],
  ] as const)('are those of %s, what they share kept in %d bytes, %d in a graph', async (kind, memory, block) => {
    const loss = objective(network, samples, { runtime, precision: 'f64', chunk: 4, memory, block });
    const whole = paddedBlocks(loss.curvature(kind, weights), loss.layout, blocks);
    const joint = loss.blocks(kind, weights, blocks);
    expect(joint.dimensions).toEqual(whole.dimensions);
    for (const columns of [
      [1, 1, 1, 1, 1],
      [2, 0, 3, 0, 1],
      [0, 0, 0, 1, 0],
    ]) {
      const requests = requestsFor(joint.dimensions, columns);
      const [ours, theirs] = [await joint.apply(requests), await whole.apply(requests)];
      ours.forEach((product, i) => {
        const largest = Math.max(...theirs[i]!.map(Math.abs));
        const difference = Math.max(...product.map((x, at) => Math.abs(x - theirs[i]![at]!)));
        expect(difference).toBeLessThan(1e-13 * largest);
        expect(largest).toBeGreaterThan(1e-4);
      });
    }
    await loss.release();
  });

  it('have a precise route in float32', async () => {
    const [single, double] = (['f32', 'f64'] as const).map((precision) => {
      const [inputs, targets] = [samples.inputs, samples.targets].map((x) =>
        precision === 'f32' ? Float32Array.from(x) : x,
      );
      return objective(network, { count: samples.count, inputs: inputs!, targets: targets! }, { runtime, precision });
    }) as [ReturnType<typeof objective>, ReturnType<typeof objective>];
    const rounded = Float32Array.from(weights);
    const joint = single.blocks('hessian', rounded, blocks);
    expect(joint.precision).toBe('f32');
    const requests = requestsFor(joint.dimensions, [1, 1, 1, 1, 1]);
    const exact = await double.blocks('hessian', Float64Array.from(rounded), blocks).apply(requests);
    const difference = (products: Float64Array[]): number =>
      Math.max(...products.flatMap((product, i) => [...product].map((x, at) => Math.abs(x - exact[i]![at]!))));
    expect(difference(await joint.precise!(requests))).toBeLessThan(
      1e-5 * difference(await joint.apply(requests)) + 1e-7,
    );
    await single.release();
    await double.release();
  });

  it('refuse patterns that name nothing, and vectors of another length', async () => {
    const loss = objective(network, samples, { runtime, precision: 'f64' });
    expect(() => loss.blocks('hessian', weights, [['dense1'], ['none']])).toThrow(/no parameter belongs to none/);
    const joint = loss.blocks('hessian', weights, blocks);
    await expect(joint.apply([{ operator: 0, block: new Float64Array(3), columns: 1 }])).rejects.toThrow(
      /vectors must hold/,
    );
    await loss.release();
  });
});

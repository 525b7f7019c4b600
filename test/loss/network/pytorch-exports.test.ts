import { describe, expect, it } from 'vitest';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { distance, dot, exported, holdTopTen, runtime } from './exported.js';

/** Equal to PyTorch to so much, in each precision. */
const precisions = [
  ['f64', 1e-9],
  ['f32', 1e-5],
] as const;

describe.each(['normed-mlp', 'resnet18', 'vit', 'gpt'])('%s, exported by PyTorch', (name) => {
  const { facts, bytes, model, network, gradient, product, direction, at } = exported(name);

  it('has the parameters that PyTorch has', () => {
    const shapes = Object.fromEntries(network.layout.specs.map((spec) => [spec.name, spec.shape]));
    expect(shapes).toEqual(facts.parameters);
  });

  it('is the function that ONNX Runtime makes of the file itself', async () => {
    const { difference, largest } = await checkImport(runtime, bytes, model);
    expect(difference).toBeLessThan(1e-5 * largest);
  });

  it.each(precisions)(
    'has the loss, gradient, overlap and Hessian product of PyTorch in %s, to %f',
    async (precision, bound) => {
      const { loss, weights } = at(precision);
      try {
        const point = await loss.evaluate(weights);
        expect(Math.abs(point.loss / facts.loss - 1)).toBeLessThan(bound);
        expect(distance(point.gradient, gradient)).toBeLessThan(bound);
        const hessian = loss.curvature('hessian', weights);
        expect(distance(await hessian.apply(direction, 1), product)).toBeLessThan(bound);
        const g = point.gradient;
        const Hg = await hessian.apply(g, 1);
        expect(Math.abs(dot(g, Hg) / Math.sqrt(dot(g, g) * dot(Hg, Hg)) - facts.overlap)).toBeLessThan(bound);
      } finally {
        await loss.release();
      }
    },
  );
});

describe.each(['normed-mlp', 'gpt'])('%s, exported by PyTorch', (name) => {
  it.each(precisions)('has its top ten eigenvalues and f_top(10) in %s, to %f', async (precision, bound) => {
    await holdTopTen(exported(name), precision, bound);
  });
});

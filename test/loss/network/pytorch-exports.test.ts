import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { collectingContext, noDeclarations } from '../../../src/loss/network/context.js';
import { givenModel } from '../../../src/loss/network/onnx-model.js';
import { input } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { distance, dot, exported, holdTopTen, numbers, runtime, type Facts } from './exported.js';

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

describe.each(['gpt.dynamo21', 'vit.dynamo18'])('%s, by the exporter that torch.export is behind', (name) => {
  const file = `dynamo/${name}`;
  const bytes = new Uint8Array(readFileSync(`test/golden/pytorch/${file}.onnx`));
  const model = givenModel(readOnnx(bytes, name));

  it('has as many parameters as the network, tied ones once', () => {
    const facts = JSON.parse(readFileSync(`test/golden/pytorch/${name.split('.')[0]!}.json`, 'utf8')) as Facts;
    const sizes = Object.values(facts.parameters).map((shape) =>
      shape.reduce((product, extent) => product * extent, 1),
    );
    const own = [...model.weights.values()].map(({ length }) => length);
    expect(own.toSorted((a, b) => a - b)).toEqual(sizes.toSorted((a, b) => a - b));
  });

  it('gives the scores that PyTorch gave', async () => {
    const declared = noDeclarations();
    const scores = model.layers(input('x', ['n', ...model.inputShape]), collectingContext('evaluate', declared));
    const arrays = [...model.weights, ...[...declared.constants].map(([of, { values }]) => [of, values] as const)];
    const given = { ...Object.fromEntries(arrays), x: numbers(`${file}.x`) };
    expect(distance(interpret([scores], given, 4)[0]!.data, numbers(`${file}.scores`))).toBeLessThan(1e-6);
    const { difference, largest } = await checkImport(runtime, bytes, model);
    expect(difference).toBeLessThan(1e-5 * largest);
  });
});

import { describe, expect, it } from 'vitest';
import { NumericalError, UsageError } from '../../../src/errors.js';
import { layerActivations } from '../../../src/loss/network/layer-activations.js';
import { buildNetwork } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { writeOnnx } from '../../../src/loss/network/onnx-export.js';
import { givenModel } from '../../../src/loss/network/onnx-model.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { releasePrograms, type ProgramCache } from '../../../src/loss/network/program-cache.js';
import { sampleGradientGram } from '../../../src/loss/network/sample-gradient-gram.js';
import { batchOf } from '../../../src/loss/network/samples.js';
import { parts } from '../../../src/loss/parameters.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { inner, randomProblem, runtime } from './problems.js';

describe('layerActivations', () => {
  it('gives what each layer of sequential gives, in order, chunk by chunk', async () => {
    const { network, samples, weights } = randomProblem('mlp:5,4', [2000], { activation: 'tanh', samples: 600 });
    const found = await layerActivations(network, weights, samples, { runtime, precision: 'f64' });
    expect([...found.keys()]).toEqual(['dense1', 'activation1', 'dense2', 'activation2', 'dense3']);
    const { 'dense1.weight': W, 'dense1.bias': b } = parts(network.layout, weights);
    const { shape, values } = found.get('activation1')!;
    expect([shape, values.length]).toEqual([[5], 3000]);
    for (const sample of [0, 599]) {
      const x = Float64Array.from(samples.inputs).subarray(sample * 2000, (sample + 1) * 2000);
      for (let unit = 0; unit < 5; unit++) {
        const z = b![unit]! + x.reduce((sum, entry, f) => sum + entry * W![unit * 2000 + f]!, 0);
        expect(values[sample * 5 + unit]).toBeCloseTo(Math.tanh(z), 12);
      }
    }
  });

  it('names what is within layers, and takes those that are asked for', async () => {
    const { network, samples, weights } = randomProblem('encoder:2,4,2', [3], { vocabulary: 5 });
    const given = { runtime, precision: 'f64' } as const;
    const found = await layerActivations(network, weights, samples, { ...given, layers: ['block*', 'head'] });
    expect([...found].map(([name, { shape }]) => [name, shape])).toEqual([
      ['block1', [3, 4]],
      ['block2', [3, 4]],
      ['head', [3]],
    ]);
    await expect(layerActivations(network, weights, samples, { ...given, layers: ['block3'] })).rejects.toThrow(
      /no layer is named block3; those there are: token, position, block1, block2, norm, pool, head/,
    );
  });

  it('of an ONNX file gives its values by their names, the same numbers', async () => {
    const { network, samples, weights } = randomProblem('mlp:5', [6], { activation: 'relu' });
    const model = givenModel(readOnnx(writeOnnx(network, weights, {}, 'f64'), 'written'));
    const { inputShape, layers } = model;
    const imported = buildNetwork({ inputShape, outputs: 3, layers, loss: crossEntropy }, 'evaluate');
    const own = Float64Array.from([...model.weights.values()].flatMap((values) => [...values]));
    const options = { runtime, precision: 'f64' } as const;
    const found = await layerActivations(imported, own, samples, options);
    const hidden = (await layerActivations(network, weights, samples, { ...options, layers: ['activation1'] })).get(
      'activation1',
    )!;
    const same = [...found.values()].filter(
      ({ values }) =>
        values.length === hidden.values.length && values.every((x, i) => Math.abs(x - hidden.values[i]!) < 1e-12),
    );
    expect(same.length).toBeGreaterThan(0);
  });
});

describe('sampleGradientGram', () => {
  it.each([
    ['mlp:5,4', [6], {}, 'dense2.weight'],
    ['mlp:5,4', [6], { loss: 'squared-error' }, 'dense1.weight'],
    ['encoder:1,4,2', [3], { vocabulary: 5 }, 'block1.mlp.fc1.weight'],
    ['encoder:1,4,2', [3], { vocabulary: 5, perToken: true }, 'head.weight'],
    ['encoder:1,4,2', [3], { vocabulary: 5 }, 'head.weight'],
  ] as const)('%s %j %j %s: products of the gradients of single samples', async (model, shape, options, weight) => {
    const { network, samples, weights, statistics } = randomProblem(model, shape, options);
    const programs: ProgramCache = new Map();
    const gradients: Float64Array[] = [];
    for (let i = 0; i < samples.count; i++) {
      const alone = objective(network, batchOf(samples, Uint32Array.of(i)), { runtime, precision: 'f64', programs });
      gradients.push(parts(network.layout, (await alone.evaluate(weights, statistics)).gradient)[weight]!);
    }
    await releasePrograms(programs);
    const found = await sampleGradientGram(network, weights, samples, weight, { runtime, statistics });
    const expected = gradients.flatMap((a) => gradients.map((b) => inner(a, b)));
    expect(found.length).toBe(expected.length);
    const largest = Math.max(...expected);
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThan(1e-12 * largest);
    });
  });

  it('refuses weights at which gradients are not finite', async () => {
    const { network, samples, weights } = randomProblem('mlp:5,4', [6]);
    const broken = sampleGradientGram(network, weights.fill(NaN), samples, 'dense1.weight', { runtime });
    await expect(broken).rejects.toThrow(NumericalError);
  });

  it('refuses weights of other layers', async () => {
    const { network, samples, weights } = randomProblem('encoder:1,4,2', [3], { vocabulary: 5 });
    const attention = sampleGradientGram(network, weights, samples, 'block1.attn.qkv.weight', { runtime });
    await expect(attention).rejects.toThrow(UsageError);
  });
});

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { buildNetwork } from '../../../src/loss/network/network.js';

const build = (model: string, inputShape: readonly number[], mode: 'train' | 'evaluate' = 'evaluate', bias = true) =>
  buildNetwork(
    {
      inputShape,
      outputs: 10,
      layers: architecture(model, inputShape, { outputs: 10, activation: 'relu', bias }),
      loss: crossEntropy,
    },
    mode,
  );

describe('architecture', () => {
  it.each([
    ['softmax', [784], 7850],
    ['mlp:100,100', [1, 28, 28], 784 * 100 + 100 + 100 * 100 + 100 + 1010],
    ['linear:50', [784], 784 * 50 + 50 + 510],
    // Keras' example net, and ResNet-18 for CIFAR-10 with its batch normalisation
    ['convnet', [3, 32, 32], 1_250_858],
    ['resnet18', [3, 32, 32], 11_173_962],
  ])('%s on %j has %i parameters', (model, shape, parameters) => {
    expect(build(model, shape).layout.size).toBe(parameters);
  });

  it('names parameters after their layers, as [out, in]', () => {
    const { specs } = build('mlp:7,6', [5]).layout;
    expect(specs.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'dense1.weight 7×5',
      'dense1.bias 7',
      'dense2.weight 6×7',
      'dense2.bias 6',
      'dense3.weight 10×6',
      'dense3.bias 10',
    ]);
    expect(build('mlp:7', [5], 'evaluate', false).layout.specs.map(({ name }) => name)).toEqual([
      'dense1.weight',
      'dense2.weight',
    ]);
  });

  it('has the same parameters in training and evaluation; masks in training alone', () => {
    const [train, evaluate] = [
      build('convnet-regularised', [3, 32, 32], 'train'),
      build('convnet-regularised', [3, 32, 32], 'evaluate'),
    ];
    expect(train.layout).toEqual(evaluate.layout);
    expect(train.masks.map(({ name, probability }) => `${name} ${probability}`)).toEqual([
      'dropout1.mask 0.25',
      'dropout2.mask 0.25',
      'dropout3.mask 0.5',
      'dropout4.mask 0.5',
    ]);
    expect(evaluate.masks).toEqual([]);
    expect(train.statistics).toEqual(evaluate.statistics);
    expect(train.statistics).toHaveLength(2 * 6);
  });

  it.each([
    ['perceptron', [4], /there is no network 'perceptron'/],
    ['mlp', [4], /widths are integers from 1 to 100000, received ''/],
    ['mlp:10,0', [4], /received '10,0'/],
    ['convnet', [784], /convnet takes images/],
    ['convnet', [1, 8, 8], /does not fit in an image/],
    ['constructor', [4], /there is no network/],
    ['softmax:5', [4], /there is no network 'softmax:5'; legal are softmax, mlp:WIDTH,…/],
    ['convnet-regularised', [784], /convnet-regularised takes images/],
    ['convnet:3', [1, 10, 10], /there is no network 'convnet:3'/],
    ['resnet18:4,4', [1, 8, 8], /there is no network 'resnet18:4,4'/],
  ])('refuses %s on %j in words', (model, shape, words) => {
    expect(() => build(model, shape)).toThrow(UsageError);
    expect(() => build(model, shape)).toThrow(words);
  });
});

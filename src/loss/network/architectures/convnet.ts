import { alone } from '../../../registry.js';
import { activation } from '../activations.js';
import { batchNorm, convolution, dense, dropout, flatten, maxPooling, sequential, type Layer } from '../layers.js';
import type { Architecture, LayersFor } from './architecture.js';

const ofImages = { inputs: 'images', hasActivation: true, denseInput: null } as const;

export const convnetArchitecture: Architecture = {
  ...ofImages,
  name: 'convnet',
  help: 'the CIFAR-10 example of Keras without dropout: four convolutions, two dense layers',
  source: 'GRD18, "ConvNet"',
  parse: alone(kerasConvnet(false)),
};

export const convnetRegularisedArchitecture: Architecture = {
  ...ofImages,
  name: 'convnet-regularised',
  help: 'the same with dropout, batch normalisation and one more dense layer',
  source: 'GRD18, Table 1',
  parse: alone(kerasConvnet(true)),
};

/**
 * The network of Keras' CIFAR-10 example, the paper's "ConvNet": two convolutions of 32 and two of 64 filters of 3×3, each pair followed by max
 * pooling, a dense layer of 512. Regularised: with the example's dropout, batch normalisation, and one more dense layer.
 */
function kerasConvnet(regularised: boolean): LayersFor {
  return (_, { outputs, activation: name, bias }) => {
    const between = activation(name);
    const drop = (probability: number): Layer => (regularised ? dropout(probability) : (x) => x);
    const normalised = (layer: Layer): Layer => (regularised ? sequential({ layer, norm: batchNorm }) : layer);
    const stage = (index: number, filters: number): Record<string, Layer> => ({
      [`conv${2 * index - 1}`]: normalised(convolution(filters, 3, { padding: 'same', bias })),
      [`activation${2 * index - 1}`]: between,
      [`conv${2 * index}`]: normalised(convolution(filters, 3, { bias })),
      [`activation${2 * index}`]: between,
      [`pool${index}`]: maxPooling(2),
      [`dropout${index}`]: drop(0.25),
    });
    return sequential({
      ...stage(1, 32),
      ...stage(2, 64),
      flatten,
      dense1: normalised(dense(512, { bias })),
      activation5: between,
      dropout3: drop(0.5),
      ...(regularised ? { extra: normalised(dense(512, { bias })), activation6: between, dropout4: drop(0.5) } : {}),
      dense2: dense(outputs, { bias }),
    });
  };
}

import { alone } from '../../../registry.js';
import { activation } from '../activations.js';
import { dense, flatten, sequential, type Layer } from '../layers.js';
import { widthsOf, type Architecture, type LayersFor } from './architecture.js';

/** Inputs that are zero in every sample can be left out of all of these. */
const ofVectors = { inputs: 'any', denseInput: 'dense1.weight' } as const;

export const softmaxArchitecture: Architecture = {
  ...ofVectors,
  name: 'softmax',
  help: 'no hidden layer: softmax regression',
  hasActivation: false,
  isSoftmaxRegression: true,
  parse: alone(multilayer([], { linear: true })),
};

export const mlpArchitecture: Architecture = {
  ...ofVectors,
  name: 'mlp',
  pattern: 'mlp:WIDTH,…',
  help: 'hidden layers of these widths, the activation between them',
  hasActivation: true,
  parse: (widths) => multilayer(widthsOf(widths, 'mlp:100,100'), { linear: false }),
};

export const linearArchitecture: Architecture = {
  ...ofVectors,
  name: 'linear',
  pattern: 'linear:WIDTH,…',
  help: 'a deep linear network: hidden layers with nothing between them',
  hasActivation: false,
  parse: (widths) => multilayer(widthsOf(widths, 'linear:100,100'), { linear: true }),
};

/** Dense layers dense1, dense2, … with the activation between them, or nothing. */
function multilayer(widths: readonly number[], { linear }: { readonly linear: boolean }): LayersFor {
  return (inputShape, options) => {
    const between = activation(linear ? 'identity' : options.activation);
    const sizes = [...widths, options.outputs];
    const layers = sizes.flatMap((units, i): [string, Layer][] => [
      [`dense${i + 1}`, dense(units, options)],
      ...(i + 1 < sizes.length ? [[`activation${i + 1}`, between] as [string, Layer]] : []),
    ]);
    return sequential({ ...(inputShape.length > 1 ? { flatten } : {}), ...Object.fromEntries(layers) });
  };
}

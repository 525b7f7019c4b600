import { add } from '../../../tensor/autodiff/index.js';
import { activation } from '../activations.js';
import { dense, flatten, layerNorm, type Layer } from '../layers.js';
import { widthsOf, type Architecture, type LayersFor } from './architecture.js';

export const normedMlpArchitecture: Architecture = {
  name: 'normed-mlp',
  pattern: 'normed-mlp:WIDTH,…',
  help: 'hidden layers a(norm(W x + b)), plus x where it is as wide',
  source: 'Ba, Kiros & Hinton, arXiv:1607.06450; He et al., arXiv:1512.03385',
  inputs: 'any',
  hasActivation: true,
  denseInput: 'dense1.weight',
  parse: (widths) => normedMultilayer(widthsOf(widths, 'normed-mlp:100,100')),
};

/** dense1, norm1, dense2, …, the last dense layer without normalisation. Inputs themselves are skipped nowhere. */
function normedMultilayer(widths: readonly number[]): LayersFor {
  return (inputShape, { outputs, activation: name, bias }) => {
    const between = activation(name);
    const layer =
      (i: number): Layer =>
      (x, context) => {
        const product = dense(widths[i]!, { bias })(x, context.scope(`dense${i + 1}`));
        const y = between(layerNorm(product, context.scope(`norm${i + 1}`)), context);
        return widths[i] === widths[i - 1] ? add(x, y) : y;
      };
    return (x, context) => {
      const rows = inputShape.length > 1 ? flatten(x, context) : x;
      const hidden = widths.reduce((y, _, i) => layer(i)(y, context), rows);
      return dense(outputs, { bias })(hidden, context.scope(`dense${widths.length + 1}`));
    };
  };
}

import { activation } from '../activations.js';
import { batchNorm, convolution, dense, globalAveragePooling, residual, sequential, type Layer } from '../layers.js';
import { widthsOf, type Architecture, type LayersFor } from './architecture.js';

export const resnet18Architecture: Architecture = {
  name: 'resnet18',
  pattern: 'resnet18[:WIDTH]',
  help: 'ResNet-18 for small images, of 64 or WIDTH filters in its first stage',
  source: 'He et al., arXiv:1512.03385',
  inputs: 'images',
  hasActivation: true,
  denseInput: null,
  parse: (width = '64') => {
    const widths = widthsOf(width, 'resnet18:64');
    return widths.length === 1 ? residualNetwork(widths[0]!) : undefined;
  },
};

/** ResNet-18 (He et al., arXiv:1512.03385) as it is used on 32×32 images: a first convolution of 3×3 with stride 1, and no first pooling. */
function residualNetwork(width: number): LayersFor {
  return (_, { outputs, activation: name, bias }) => {
    const between = activation(name);
    const block = (filters: number, stride: number, widens: boolean): Layer =>
      sequential({
        sum: residual(
          sequential({
            conv1: convolution(filters, 3, { stride, padding: 1, bias: false }),
            norm1: batchNorm,
            activation1: between,
            conv2: convolution(filters, 3, { padding: 1, bias: false }),
            norm2: batchNorm,
          }),
          widens ? sequential({ conv: convolution(filters, 1, { stride, bias: false }), norm: batchNorm }) : undefined,
        ),
        activation2: between,
      });
    const stages = [1, 2, 4, 8].flatMap((factor, i): [string, Layer][] => [
      [`block${2 * i + 1}`, block(factor * width, i === 0 ? 1 : 2, i > 0)],
      [`block${2 * i + 2}`, block(factor * width, 1, false)],
    ]);
    return sequential({
      conv: convolution(width, 3, { padding: 1, bias: false }),
      norm: batchNorm,
      activation: between,
      ...Object.fromEntries(stages),
      pool: globalAveragePooling,
      dense: dense(outputs, { bias }),
    });
  };
}

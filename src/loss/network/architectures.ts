import { UsageError } from '../../errors.js';
import {
  activation,
  activations,
  batchNorm,
  convolution,
  dense,
  dropout,
  flatten,
  globalAveragePooling,
  maxPooling,
  residual,
  sequential,
  type Activation,
  type Layer,
} from './layers.js';

/** What the name of an architecture leaves open. */
export interface ArchitectureOptions {
  readonly outputs: number;
  readonly activation: Activation;
  readonly bias: boolean;
}

/** Layers of a network given by its name, for inputs of a shape. */
type Architecture = (
  argument: string | undefined,
  inputShape: readonly number[],
  options: ArchitectureOptions,
) => Layer;

const architectures: Readonly<Record<string, Architecture>> = {
  softmax: (_, inputShape, { outputs, bias }) => multilayer([], inputShape, { outputs, bias, activation: 'identity' }),
  mlp: (widths, inputShape, options) => multilayer(widthsOf(widths, 'mlp:100,100'), inputShape, options),
  linear: (widths, inputShape, options) =>
    multilayer(widthsOf(widths, 'linear:100,100'), inputShape, { ...options, activation: 'identity' }),
  convnet: (_, inputShape, options) => kerasConvnet(inputShape, options, false),
  'convnet-regularised': (_, inputShape, options) => kerasConvnet(inputShape, options, true),
  resnet18: (width, inputShape, options) =>
    resnet18(inputShape, options, width === undefined ? 64 : widthsOf(width, 'resnet18:64')[0]!),
};

/** `softmax`, `mlp:100,100`, `linear:100,100` (a deep linear network), `convnet`, `convnet-regularised`, `resnet18` or `resnet18:WIDTH`. Throws UsageError. */
export function architecture(name: string, inputShape: readonly number[], options: ArchitectureOptions): Layer {
  const [kind, argument] = name.split(/:(.*)/s) as [string, string | undefined];
  if (!Object.hasOwn(architectures, kind)) {
    throw new UsageError(
      `there is no network '${name}'; legal are softmax, mlp:WIDTH,…, linear:WIDTH,…, convnet, convnet-regularised and resnet18[:WIDTH], for example mlp:100,100`,
    );
  }
  return architectures[kind]!(argument, inputShape, options);
}

export const activationNames = Object.keys(activations) as Activation[];

function widthsOf(text: string | undefined, example: string): number[] {
  const widths = (text ?? '').split(',').map(Number);
  if (widths.some((width) => !Number.isInteger(width) || width < 1 || width > 1e5)) {
    throw new UsageError(`widths are integers from 1 to 100000, received '${text ?? ''}'; for example ${example}`);
  }
  return widths;
}

/** Dense layers dense1, dense2, … with the activation between them. */
function multilayer(widths: readonly number[], inputShape: readonly number[], options: ArchitectureOptions): Layer {
  const sizes = [...widths, options.outputs];
  const layers = sizes.flatMap((units, i): [string, Layer][] => [
    [`dense${i + 1}`, dense(units, options)],
    ...(i + 1 < sizes.length ? ([[`activation${i + 1}`, activation(options.activation)]] as [string, Layer][]) : []),
  ]);
  return sequential({ ...(inputShape.length > 1 ? { flatten } : {}), ...Object.fromEntries(layers) });
}

/**
 * The network of Keras' CIFAR-10 example, the paper's "ConvNet": two convolutions of 32 and two of 64 filters of 3×3, each pair followed by max
 * pooling, a dense layer of 512. Regularised: with the example's dropout, batch normalisation, and one more dense layer.
 */
function kerasConvnet(
  inputShape: readonly number[],
  { outputs, activation: name, bias }: ArchitectureOptions,
  regularised: boolean,
): Layer {
  checkImages('convnet', inputShape);
  const between = activation(name);
  const drop = (probability: number): Layer => (regularised ? dropout(probability) : (x) => x);
  const normalised = (layer: Layer): Layer =>
    regularised ? sequential({ layer, norm: batchNorm }) : (x, context) => layer(x, context);
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
}

/** ResNet-18 (He et al., arXiv:1512.03385) as it is used on 32×32 images: a first convolution of 3×3 with stride 1, and no first pooling. */
function resnet18(
  inputShape: readonly number[],
  { outputs, activation: name, bias }: ArchitectureOptions,
  width: number,
): Layer {
  checkImages('resnet18', inputShape);
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
}

function checkImages(name: string, inputShape: readonly number[]): void {
  if (inputShape.length !== 3) {
    throw new UsageError(
      `${name} takes images of shape [channels, height, width], received [${inputShape.join(', ')}]`,
    );
  }
}

import { UsageError } from '../../errors.js';
import { registry, wordList } from '../../registry.js';
import type { Architecture, ArchitectureOptions, LayersFor } from './architectures/architecture.js';
import { convnetArchitecture, convnetRegularisedArchitecture } from './architectures/convnet.js';
import { linearArchitecture, mlpArchitecture, softmaxArchitecture } from './architectures/multilayer.js';
import { normedMlpArchitecture } from './architectures/normed-mlp.js';
import { resnet18Architecture } from './architectures/resnet.js';
import { encoderArchitecture, transformerArchitecture, vitArchitecture } from './architectures/transformer.js';
import type { Layer } from './layers.js';

/** The networks that are known by name. */
export const architectures = registry<LayersFor, Architecture>(
  [
    softmaxArchitecture,
    mlpArchitecture,
    linearArchitecture,
    convnetArchitecture,
    convnetRegularisedArchitecture,
    resnet18Architecture,
    normedMlpArchitecture,
    transformerArchitecture,
    encoderArchitecture,
    vitArchitecture,
  ],
  { unknown: (text) => `there is no network '${text}'`, example: 'mlp:100,100' },
);

/**
 * The layers of a network by its name, `mlp:100,100`, for inputs of a shape. Throws UsageError for another name, or inputs it does not take:
 * images, token ids of a vocabulary, or other numbers; and for outputs at each token where it has none.
 */
export function architecture(name: string, inputShape: readonly number[], options: ArchitectureOptions): Layer {
  const { entry, value: layersFor } = architectures.read(name);
  if (entry.inputs === 'images' && inputShape.length !== 3) {
    throw new UsageError(
      `${entry.name} takes images of shape [channels, height, width], received [${inputShape.join(', ')}]`,
    );
  }
  const { vocabulary, perToken = false } = options;
  if (entry.inputs === 'tokens' && (vocabulary === undefined || inputShape.length !== 1)) {
    throw new UsageError(
      `${entry.name} takes token ids of shape [T] and a vocabulary, received numbers of shape [${inputShape.join(', ')}]`,
    );
  }
  if (entry.inputs !== 'tokens' && (vocabulary !== undefined || perToken)) {
    const fitting = architectures.entries.filter(({ inputs }) => inputs === 'tokens').map(({ name: other }) => other);
    throw new UsageError(
      `${entry.name} takes no token ids, and has no outputs at each of them; choose ${wordList(fitting, 'or')}`,
    );
  }
  return layersFor(inputShape, options);
}

import { UsageError } from '../../errors.js';
import { registry } from '../../registry.js';
import type { Architecture, ArchitectureOptions, LayersFor } from './architectures/architecture.js';
import { convnetArchitecture, convnetRegularisedArchitecture } from './architectures/convnet.js';
import { linearArchitecture, mlpArchitecture, softmaxArchitecture } from './architectures/multilayer.js';
import { resnet18Architecture } from './architectures/resnet.js';
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
  ],
  { unknown: (text) => `there is no network '${text}'`, example: 'mlp:100,100' },
);

/** The layers of a network by its name, `mlp:100,100`, for inputs of a shape. Throws UsageError for another name, or a shape it does not take. */
export function architecture(name: string, inputShape: readonly number[], options: ArchitectureOptions): Layer {
  const { entry, value: layersFor } = architectures.read(name);
  if (entry.inputs === 'images' && inputShape.length !== 3) {
    throw new UsageError(
      `${entry.name} takes images of shape [channels, height, width], received [${inputShape.join(', ')}]`,
    );
  }
  return layersFor(inputShape, options);
}

import { architecture, architectures } from '../loss/network/architectures.js';
import type { Model } from './model.js';
import { models } from './model-text.js';
import { moduleModel } from './module-model.js';
import { onnxModel } from './onnx-file.js';

/**
 * The network that a text means. A file is read, a module is run: because its user named it, and never otherwise. `parameters`: the patterns that were chosen,
 * which make parameters of single numbers of a file too. Throws UsageError for a text that is none, DataError for a file that is missing, damaged or holds no network.
 */
export async function readModel(text: string, parameters: readonly string[] = []): Promise<Model> {
  const { kind } = models.read(text);
  if (kind === 'module') return moduleModel(text);
  if (kind === 'onnx') return onnxModel(text, parameters);
  return namedModel(text);
}

/** That of an architecture by its name. Throws UsageError for any other text. */
export function namedModel(text: string): Model {
  return {
    networkFor: (inputShape, options) => ({ layers: architecture(text, inputShape, options), notes: [] }),
    denseInput: architectures.read(text).entry.denseInput,
    file: null,
  };
}

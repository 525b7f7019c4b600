import { UsageError } from '../errors.js';
import { architectures } from '../loss/network/architectures.js';
import type { Architecture } from '../loss/network/architectures/architecture.js';

/** What the text of `--model` means: an architecture, or a file by its ending. */
export type ModelText =
  { readonly kind: 'architecture'; readonly entry: Architecture } | { readonly kind: 'module' | 'onnx' };

const files = 'FILE.onnx or FILE.mjs';

/** Whether a text names an ONNX file, by its ending. */
export const isOnnxFile = (text: string): boolean => text.endsWith('.onnx');

/** Models as they are written. `read` looks at the text alone; throws UsageError, saying what is legal, for anything else. */
export const models = {
  patterns: `${architectures.patterns}; a file: ${files}`,
  read(text: string): ModelText {
    if (isOnnxFile(text)) return { kind: 'onnx' };
    if (text.endsWith('.mjs')) return { kind: 'module' };
    try {
      return { kind: 'architecture', entry: architectures.read(text).entry };
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      throw new UsageError(`${cause.message}; or a file: ${files}`, { cause });
    }
  },
};

/** Whether `activation` of the configuration has a part in a model. */
export function hasActivation(text: string): boolean {
  const found = models.read(text);
  return found.kind === 'architecture' ? found.entry.hasActivation : found.kind === 'module';
}

/** Whether it is softmax regression, which the plain backend computes too. */
export function isSoftmaxRegression(text: string): boolean {
  const found = models.read(text);
  return found.kind === 'architecture' && found.entry.isSoftmaxRegression === true;
}

import { modelType } from '../engine/onnx-schema.js';

/** Whether these bytes are an ONNX file that this package wrote, as it says of itself. */
export function isOwnOnnx(bytes: Uint8Array): boolean {
  try {
    const { producerName } = modelType.decode(bytes) as unknown as { readonly producerName?: string };
    return producerName === 'tiny-subspace';
  } catch {
    return false;
  }
}

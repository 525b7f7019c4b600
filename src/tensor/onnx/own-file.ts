import { readMessage } from './wire.js';

/** Whether these bytes are an ONNX file that this package wrote, as it says of itself. */
export function isOwnOnnx(bytes: Uint8Array): boolean {
  try {
    return readMessage(bytes, 'ModelProto').producerName === 'tiny-subspace';
  } catch {
    return false;
  }
}

import { onnxRuntime, type Runtime } from '../tensor/engine/index.js';

/** What networks run on; says on stderr where that is not the native ONNX Runtime, and how to get it. */
export function networkRuntime(): Promise<Runtime> {
  return onnxRuntime(({ message }) => {
    process.stderr.write(`networks run on WebAssembly, three to five times slower: ${message}\n`);
  });
}

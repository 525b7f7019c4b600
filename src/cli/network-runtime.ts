import { onnxRuntime, type Runtime } from '../tensor/engine/index.js';
import type { TrainConfig } from '../train/train-config.js';
import { printNotice } from './messages.js';

/** What networks run on; says on stderr where that is not the native ONNX Runtime, and how to get it. */
export function networkRuntime(): Promise<Runtime> {
  return onnxRuntime(({ message }) => {
    printNotice(`networks run on WebAssembly, three to five times slower: ${message}`);
  });
}

/** What a run of this backend needs: the plain one needs none. */
export async function runtimeOf({ backend }: Pick<TrainConfig, 'backend'>): Promise<Runtime | undefined> {
  return backend === 'onnx' ? networkRuntime() : undefined;
}

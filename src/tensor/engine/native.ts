import { UsageError } from '../../errors.js';
import type { Runtime } from './runtime.js';

/**
 * The flag skips the package's install script, which does nothing but fetch CUDA libraries from elsewhere: the processor's are in the package,
 * and without the flag npm takes the whole package out again where that download fails.
 */
const installation = 'npm install onnxruntime-node@1.30.0 --onnxruntime-node-install=skip';

/** The native ONNX Runtime. Throws UsageError where the optional package onnxruntime-node is not installed or does not load. */
export async function nativeRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new UsageError(
      `onnxruntime-node, the native runtime of networks, is not installed or does not load here; install it with: ${installation}`,
      { cause },
    );
  }
}

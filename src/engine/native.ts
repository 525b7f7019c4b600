import { UsageError } from '../errors.js';
import type { Runtime } from './program.js';

/** The native ONNX Runtime. Throws UsageError where the optional package onnxruntime-node is not installed or does not load. */
export async function nativeRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new UsageError(
      'networks run on the optional package onnxruntime-node, which is not installed or does not load here; install it with: npm install onnxruntime-node@1.30.0',
      { cause },
    );
  }
}

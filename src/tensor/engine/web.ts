import { UsageError } from '../../errors.js';
import type { Runtime, SessionOptions } from './runtime.js';

/**
 * ONNX Runtime's WebAssembly build, on one thread: nothing in it needs an install script or a compiler, and it has the kernels of the native
 * build, three to five times slower. Throws UsageError where the optional package onnxruntime-web is not installed, or when a program asks
 * for more than one thread. `folder`: the address, with a slash at the end, that its .wasm is loaded from; beside its script if left out.
 */
export async function webRuntime(folder?: string): Promise<Runtime> {
  const { InferenceSession, Tensor, env } = await import('onnxruntime-web').catch((cause: unknown) => {
    throw new UsageError(
      'the optional package onnxruntime-web is not installed here; install it with: npm install onnxruntime-web@1.30.0',
      { cause },
    );
  });
  env.wasm.numThreads = 1;
  if (folder !== undefined) env.wasm.wasmPaths = { wasm: `${folder}ort-wasm-simd-threaded.wasm` };
  return {
    env,
    Tensor,
    InferenceSession: {
      create: async (model: Uint8Array, options: SessionOptions) => {
        if (options.intraOpNumThreads > 1) {
          throw new UsageError(
            `the WebAssembly build of ONNX Runtime runs on one thread, received ${options.intraOpNumThreads}; leave threads at 1`,
          );
        }
        return InferenceSession.create(model, options);
      },
    },
  };
}

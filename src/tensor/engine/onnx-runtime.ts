import type { UsageError } from '../../errors.js';
import { nativeRuntime } from './native.js';
import type { Runtime } from './runtime.js';
import { webRuntime } from './web.js';

/**
 * ONNX Runtime: the native one, or where that does not load its WebAssembly build, and then `onFallback` is told why. Throws UsageError,
 * naming the package to install, where neither loads.
 */
export async function onnxRuntime(onFallback: (reason: UsageError) => void = () => undefined): Promise<Runtime> {
  try {
    return await nativeRuntime();
  } catch (reason) {
    const web = await webRuntime().catch(() => {
      throw reason;
    });
    onFallback(reason as UsageError);
    return web;
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const folder = fileURLToPath(new URL('../node_modules/onnxruntime-web/dist/', import.meta.url));
const wasm = 'ort-wasm-simd-threaded.wasm';
const missing = '\0no-runtime';

/**
 * The WebAssembly build of ONNX Runtime for workers of the page: its script is bundled, its .wasm stands in runtime/ and is loaded when a network is asked for. Where the
 * optional package is not installed, the page is built without, and says so.
 */
export const runtimePlugin = (): Plugin => ({
  name: 'onnxruntime-web',
  enforce: 'pre',
  resolveId(id) {
    if (id === 'onnxruntime-node') return missing; // nothing of it runs in a browser
    if (id !== 'onnxruntime-web') return undefined;
    return existsSync(folder + wasm) ? `${folder}ort.wasm.bundle.min.mjs` : missing;
  },
  load: (id) =>
    id === missing ? 'throw new Error("the page was built without this runtime"); export const env = {}, InferenceSession = {}, Tensor = {};' : undefined, // prettier-ignore
  /** The file is found by its folder alone, so that it is not put among the assets a second time. */
  transform: (code, id) =>
    id.endsWith('ort.wasm.bundle.min.mjs')
      ? code.replaceAll(`new URL("${wasm}",import.meta.url)`, `new URL("./runtime/${wasm}",self.location.href)`)
      : undefined,
});

/** Puts the .wasm beside the page. */
export const runtimeAsset = (): Plugin => ({
  name: 'onnxruntime-web file',
  generateBundle() {
    if (existsSync(folder + wasm))
      this.emitFile({ type: 'asset', fileName: `runtime/${wasm}`, source: readFileSync(folder + wasm) });
  },
});

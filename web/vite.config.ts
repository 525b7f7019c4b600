import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { runtimeFile, runtimePlugin } from './runtime-plugin.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page: static files with relative addresses, so that they work in any folder of any server. */
export default defineConfig({
  root: here('.'),
  base: './',
  build: { outDir: here('../dist-web'), emptyOutDir: true, target: 'es2023', modulePreload: { polyfill: false } },
  plugins: [runtimeFile()],
  worker: { format: 'es', plugins: () => [runtimePlugin()] },
  clearScreen: false,
});

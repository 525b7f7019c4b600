import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { claimsPlugin } from './claims-plugin.js';
import { katexFontsPlugin } from './katex-fonts-plugin.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page: static files with relative addresses, so that they work in any folder of any server. */
export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [claimsPlugin(), katexFontsPlugin()],
  build: { outDir: here('../dist-web'), emptyOutDir: true, target: 'es2023', modulePreload: { polyfill: false } },
  worker: { format: 'es' },
  clearScreen: false,
});

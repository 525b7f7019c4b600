import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { claimsPlugin } from './claims-plugin.js';
import { katexFontsPlugin } from './katex-fonts-plugin.js';
import { licencePlugins } from './licences-plugin.js';
import { referencePlugin } from './reference-plugin.js';
import { runtimeAsset, runtimePlugin } from './runtime-plugin.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const licences = licencePlugins();

/** The page: static files with relative addresses, so that they work in any folder of any server. */
export default defineConfig({
  root: here('.'),
  base: './',
  build: {
    outDir: here('../dist-web'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // those that know light-dark(): what it is lowered to does not follow the button
    modulePreload: { polyfill: false },
  },
  plugins: [claimsPlugin(), katexFontsPlugin(), runtimeAsset(), licences.page, referencePlugin(here('../docs/api'))],
  worker: { format: 'es', plugins: () => [runtimePlugin(), licences.worker()] },
  clearScreen: false,
});

import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/**
 * With `--mode site`: the documentation that `npm run docs` has written, put beside the page. Else the page has no link to it, so that what is built does not
 * depend on what else is there.
 */
export function referencePlugin(docs: string): Plugin {
  let outDir = '';
  let isSite = false;
  return {
    name: 'reference',
    apply: 'build',
    configResolved({ root, build, mode }) {
      outDir = resolve(root, build.outDir);
      isSite = mode === 'site';
    },
    transformIndexHtml: (html) => (isSite ? html : html.replace(/<li class="reference">.*?<\/li>\s*/s, '')),
    closeBundle() {
      if (isSite) cpSync(docs, join(outDir, 'reference'), { recursive: true });
    },
  };
}

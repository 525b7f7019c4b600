import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/** The documentation that `npm run docs` has written, put beside the page; where there is none, the page has no link to it. */
export function referencePlugin(docs: string): Plugin {
  let outDir = '';
  return {
    name: 'reference',
    apply: 'build',
    configResolved({ root, build }) {
      outDir = resolve(root, build.outDir);
    },
    transformIndexHtml: (html) => (existsSync(docs) ? html : html.replace(/<li class="reference">.*?<\/li>\s*/s, '')),
    closeBundle() {
      if (existsSync(docs)) cpSync(docs, join(outDir, 'reference'), { recursive: true });
    },
  };
}

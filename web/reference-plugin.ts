import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/**
 * With `--mode site`: the documentation that `npm run docs` has written, put beside the page. Else the page has no link to it, so that what is built does not
 * depend on what else is there. The script that its pages begin with becomes a file: the policy of `explore` runs none that stand in a page.
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
      if (!isSite) return;
      const reference = join(outDir, 'reference');
      cpSync(docs, reference, { recursive: true });
      for (const name of readdirSync(reference, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.html')) continue;
        const path = join(reference, name);
        const { html, script } = withoutInlineScript(readFileSync(path, 'utf8'));
        writeFileSync(path, html);
        writeFileSync(join(reference, beginning), script);
      }
    },
  };
}

const beginning = 'assets/beginning.js';

/** A page of typedoc with its one inline script as a file of its own, and that script. Throws Error for a page that has none or several. */
export function withoutInlineScript(page: string): { readonly html: string; readonly script: string } {
  const [, base] = /<html[^>]* data-base="([^"]*)"/.exec(page) ?? [];
  const [found, ...more] = page.matchAll(/<script>(.*?)<\/script>/gs);
  if (base === undefined || found === undefined || more.length > 0)
    throw new Error('a page of the reference is not as typedoc writes it: a base, and one inline script, are expected');
  return { html: page.replace(found[0], () => `<script src="${join(base, beginning)}"></script>`), script: found[1]! };
}

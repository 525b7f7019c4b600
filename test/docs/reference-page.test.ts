import { expect, it } from 'vitest';
import { withoutInlineScript } from '../../web/reference-plugin.js';

const page = (base: string, scripts: string): string =>
  `<!DOCTYPE html><html class="default" lang="en" data-base="${base}"><head><script defer src="${base}assets/main.js"></script></head><body>${scripts}$&</body></html>`;

it('the script of a page of the reference becomes a file beside those that it has', () => {
  for (const [base, src] of [
    ['./', 'assets/beginning.js'],
    ['../', '../assets/beginning.js'],
  ] as const) {
    const { html, script } = withoutInlineScript(page(base, '<script>begin("$&");</script>'));
    expect(script).toBe('begin("$&");');
    expect(html).toBe(page(base, `<script src="${src}"></script>`));
  }
  for (const scripts of ['', '<script>1;</script><script>2;</script>'])
    expect(() => withoutInlineScript(page('./', scripts))).toThrow('one inline script');
});

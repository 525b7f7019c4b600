import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { theorems } from '../../theory/index.js';

const render = (formula: string): string =>
  katex.renderToString(formula, { displayMode: true, strict: 'error', throwOnError: true, maxExpand: 100 });

describe('the formula of a theorem', () => {
  it.each(theorems.map(({ id, formula }) => [id, formula]))(
    '%s is LaTeX, in ASCII, without a macro of its own',
    (_, formula) => {
      expect(formula).toMatch(/^[\x20-\x7e]+$/);
      expect(formula).not.toMatch(/\$|\\(?:def|newcommand|tag|color|href|html)|\\$|^\s|\s$/);
      expect(render(formula)).toContain('<math');
    },
  );

  it('is refused with a macro that nobody knows, a brace that is missing, or text where mathematics stands', () => {
    for (const wrong of ['\\lamda_1', '\\frac{1}{2', 'é_1']) expect(() => render(wrong)).toThrow();
  });

  it('is one for each claim', () => {
    expect(new Set(theorems.map(({ formula }) => formula)).size).toBe(theorems.length);
  });
});

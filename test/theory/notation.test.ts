import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { theorems } from '../../theory/index.js';
import { notation } from '../../theory/notation.js';

/** Rows of the first table under a heading. */
const rowsUnder = (file: string, heading: string): string[][] =>
  readFileSync(file, 'utf8')
    .split(`\n${heading}\n`)[1]!
    .trim()
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\', '')),
    );

describe('the notation of the formulas', () => {
  it('is the table of theory/README.md, and of the appendix in Markdown', () => {
    expect(rowsUnder('theory/README.md', '## Notation')).toEqual(
      notation.map(({ symbol, meaning, name }) => [symbol, meaning, name]),
    );
    expect(rowsUnder('docs/theorems.md', '## Notation')).toEqual(
      notation.map(({ symbol, meaning }) => [symbol, meaning]),
    );
  });

  it('says each symbol once', () => {
    const symbols = notation.map(({ symbol }) => symbol);
    expect(new Set(symbols).size).toBe(symbols.length);
  });

  it('has every Greek letter that a formula uses and does not define itself', () => {
    const greek: Readonly<Record<string, string>> = {
      alpha: 'α', varepsilon: 'ε', eta: 'η', lambda: 'λ', mu: 'μ', omega: 'ω', sigma: 'σ', xi: 'ξ', rho: 'ρ', Omega: 'Ω',
      Psi: 'Ψ', delta: 'δ', zeta: 'ζ', Sigma: 'Σ', varphi: 'φ',
    }; // prettier-ignore
    const own: Readonly<Record<string, readonly string[]>> = {
      Delta: ['decay-of-deviations', 'eigenspace-shares', 'false-f-top-implies-training-on-top'],
      Pi: ['noiseless-covariance'],
      chi: ['eigenspace-shares', 'collapse-statistics'],
      gamma: ['update-covariance'],
      ell: ['small-noise-levels', 'covariance-is-hessian-at-the-optimum'],
      epsilon: ['false-overlap-implies-f-top'],
      kappa: ['small-noise-levels'],
      nabla: ['covariance-is-hessian-at-the-optimum'],
      pi: ['population-of-a-mixture', 'update-covariance'],
      tau: ['finite-noise-scalars'],
      theta: ['equation-6', 'equation-7-corrected', 'equation-7-as-printed', 'false-f-top-implies-training-on-top'],
      varsigma: ['spectral-dimensions'],
    };
    const letters =
      /\\(alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|varsigma|tau|varphi|phi|chi|psi|omega|Delta|Pi|Sigma|Psi|Omega|ell|nabla)(?![A-Za-z])/g;
    const symbols = notation.map(({ symbol }) => symbol).join(' ');
    for (const { id, formula } of theorems)
      for (const [, letter] of formula.matchAll(letters)) {
        const known = own[letter!]?.includes(id) ?? symbols.includes(greek[letter!]!);
        expect(known, `${letter!} in ${id}`).toBe(true);
      }
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { latexText } from '../../src/cli/latex-text.js';
import { runCli } from '../../src/cli/run-cli.js';
import type { TheoremsDocument } from '../../src/cli/theorems-document.js';
import { markdownOf } from '../../src/cli/theorems-markdown.js';
import { wrongLaws } from '../../theory/broken/index.js';
import { laws, theorems, verify } from '../../theory/index.js';
import { notation } from '../../theory/notation.js';
import { captured } from './captured.js';

const run = (...args: string[]) => captured(() => runCli(['theorems', ...args]));
const set = (formula: string, displayMode = false): string =>
  katex.renderToString(formula, { displayMode, strict: 'error', throwOnError: true });

/** What no LaTeX takes outside of formulas: non-ASCII, its own characters, a brace too many. */
function expectText(latex: string): void {
  expect(latex).toMatch(/^[\n -~]*$/);
  const parts = latex.split(/(?<!\\)\$/);
  expect(parts.length % 2, latex).toBe(1);
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 1) set(part);
    else {
      const plain = part.replaceAll(
        /\\(?:[#$%&_{}"]|S(?![a-z])|textasciitilde\{\}|textasciicircum\{\}|textbackslash\{\})/g,
        '',
      );
      expect(plain, latex).not.toMatch(/[#$%&_{}~^\\<>|]/);
    }
  }
}

describe('theorems', () => {
  it('prints one JSON document: every claim in the order of the argument, with the laws that it must notice', async () => {
    const { code, stdout } = await run('--json');
    const document = JSON.parse(stdout) as TheoremsDocument;
    expect(code).toBe(0);
    expect(document.theorems.map(({ id, formula, statement }) => [id, formula, statement])).toEqual(
      theorems.map(({ id, formula, statement }) => [id, formula, statement]),
    );
    expect(document.theorems.flatMap(({ wrong }) => wrong).sort()).toEqual(wrongLaws.map(([what]) => what).sort());
    expect(new Set(document.theorems.map(({ family }) => family)).size).toBe(12);
  });

  it('checks those asked for, in that order, with --evidence', async () => {
    const ids = ['margin-equation', 'rank', 'false-rank-is-k'];
    const { code, stdout } = await run('--only', ids.toReversed().join(), '--evidence', '--json');
    const found = (JSON.parse(stdout) as TheoremsDocument).theorems;
    const own = verify(
      laws,
      theorems.filter(({ id }) => ids.includes(id)),
    ).theorems;
    expect(code).toBe(0);
    expect(found.map(({ id, found: one }) => ({ id, ...one }))).toEqual(
      own.map(({ id, verdict, ok, evidence }) => ({ id, verdict, ok, evidence })),
    );
    const page = markdownOf({ notation, theorems: found }).replaceAll('\\', '');
    for (const { evidence } of own) expect(page).toContain(`- **Evidence:** ${evidence}\n`);
  });

  it('refuses a claim that is not there, and a format of the one JSON document', async () => {
    const missing = await run('--only', 'rank,__proto__');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain("there is no claim '__proto__'; legal are logits-solve-the-flow,");
    expect(await run('--json', '--format', 'latex')).toMatchObject({ code: 2, stdout: '' });
    expect(await run('--format', 'html')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('theorems --format latex', () => {
  it('is ASCII that amsmath and amssymb can set: text without their characters, formulas that KaTeX takes, and nothing else', async () => {
    const { code, stdout } = await run('--format', 'latex');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\n -~]*$/);
    const body = stdout.replaceAll(/^%.*\n/gm, '');
    const formulas = [...body.matchAll(/^\\\[ (.*) \\\]$/gm)].map((match) => match[1]!);
    expect(formulas).toEqual(theorems.map(({ formula }) => formula));
    for (const formula of formulas) set(formula, true);
    const text = body
      .replaceAll(/^\\\[ .* \\\]$/gm, '')
      .replaceAll(/^\\(?:subsection\*|paragraph)\{(.*)\}$/gm, '$1')
      .replaceAll(/^\\(?:begin|end)\{description\}$|^\{\\sloppy$|^\\par\}$/gm, '')
      .replaceAll(/^\\item\[\{\\normalfont (.*?)\}\] /gm, '$1 ')
      .replaceAll(/^\\emph\{([A-Za-z, ]+:)\}/gm, '$1');
    expectText(text);
    for (const { id } of theorems) expect(body).toContain(`\\paragraph{${id}}\n`);
  });

  it('knows every character that theory/ uses, so that evidence can be printed too', () => {
    const files = ['theory', 'theory/broken', 'theory/exact'].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    );
    const characters = new Set(files.flatMap((file) => Array.from(readFileSync(file, 'utf8'))));
    expect(characters.size).toBeGreaterThan(150);
    for (const character of characters) expectText(latexText(`x${character} and x${character}y`));
    expect(() => latexText('☃')).toThrow("there is no LaTeX for '☃' (U+2603) in text");
  });

  it('sets sentences as they are read', () => {
    expect(latexText('λ₁ = ε(1−ε)/(k−1) k-fold, and 5 % of f_top(m) ≥ ‖G‖²')).toBe(
      '$\\lambda _{1} = \\varepsilon (1-\\varepsilon )/(k-1)$ $k$-fold, and 5 \\% of $f_{\\mathrm{top}}(m) \\ge  \\|G\\|^{2}$',
    );
    expect(latexText('rank e^{−Σ w log w}, α̇ and θ̃₁: "a reading" of Böhning’s §4 & v∞')).toBe(
      "rank $e^{-\\Sigma  w \\log  w}$, $\\dot{\\alpha }$ and $\\tilde{\\theta }_{1}$: ``a reading'' of B\\\"ohning's \\S4 \\& $v_{\\infty }$",
    );
    expect(
      latexText('Σ_{c<c′} p_c p_c′ of δ_s′: overlap(g, Hg), N(0, δ²) and λ₂ = ε k(k−2)-fold; top-k, E p_0, E[x]'),
    ).toBe(
      "$\\Sigma _{c<c^{\\prime }}$ $p_{c}$ $p_{c'}$ of $\\delta _{s}^{\\prime }$: $\\operatorname{overlap}(g, Hg)$, $N(0, \\delta ^{2})$ and $\\lambda _{2} = \\varepsilon  k(k-2)\\text{-}\\mathrm{fold}$; top-$k$, $\\mathbb E  p_{0}$, $\\mathbb E [x]$",
    );
    expect(latexText('r = 1 − ηλ, diag(p) − ppᵀ and 5 % of 3')).toBe(
      '$r = 1 - \\eta \\lambda $, $\\operatorname{diag}(p) - pp^{\\mathsf T}$ and 5 \\% of 3',
    );
    expect(latexText('p_0p_1, g_i², x ← y, k(k−2)-fold')).toBe(
      '$p_{0}p_{1}$, $g_{i}^{2}$, $x \\leftarrow  y$, $k(k-2)\\text{-}\\mathrm{fold}$',
    );
  });

  it.skipIf(spawnSync('pdflatex', ['--version']).status !== 0)('compiles', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latex-'));
    const { stdout } = await run('--format', 'latex');
    const head = '\\documentclass{article}\\usepackage{amsmath, amssymb}\\begin{document}\n';
    writeFileSync(join(folder, 'a.tex'), `${head}${stdout}\\end{document}\n`);
    const { status, stdout: log } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'a.tex'], { cwd: folder, encoding: 'utf8' }); // prettier-ignore
    rmSync(folder, { recursive: true });
    expect(status, log).toBe(0);
  });
});

import { latexText } from './latex-text.js';
import { byFamily, remarksOn, type PrintedClaim, type TheoremsDocument } from './theorems-document.js';

/** An appendix in LaTeX, ASCII, to be included: it needs amsmath and amssymb, and defines nothing. */
export function latexOf(document: TheoremsDocument): string {
  const head = [
    '% Made by tiny-subspace theorems --format latex. To be included in a document with amsmath and amssymb:',
    '%   \\documentclass{article}',
    '%   \\usepackage{amsmath, amssymb}',
    '%   \\begin{document} \\input{theorems} \\end{document}',
  ].join('\n');
  const families = byFamily(document).map(([family, claims]) =>
    [`\\subsection*{${latexText(family)}}`, ...claims.map(claimInLatex)].join('\n\n'),
  );
  const notation = [
    '\\subsection*{Notation}\n\\begin{description}',
    ...document.notation.map(
      ({ symbol, meaning }) => `\\item[{\\normalfont ${latexText(symbol)}}] ${latexText(meaning)}`,
    ),
    '\\end{description}',
  ].join('\n');
  return `${[head, '{\\sloppy', notation, ...families, '\\par}'].join('\n\n')}\n`;
}

const claimInLatex = (claim: PrintedClaim): string =>
  [
    `\\paragraph{${claim.id}}`,
    latexText(claim.statement),
    `\\[ ${claim.formula} \\]`,
    ...remarksOn(claim).map(([word, text]) => `\\emph{${latexText(word)}:} ${latexText(text)}.`),
  ].join('\n');

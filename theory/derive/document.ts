import { oneTo, type Content, type Definition, type Named, type Part } from './content.js';
import type { DerivationPart, DerivedExpression, DerivedSymbol } from './derivation.js';
import { printFormula, type DerivationFormat } from './print.js';
import { formulaOf } from './formula.js';

const greek: Readonly<Record<string, string>> = {
  alpha: '\\alpha',
  chi: '\\chi',
  epsilon: '\\varepsilon',
  eta: '\\eta',
  lambda: '\\lambda',
  omega: '\\omega',
};

/** `epsilon_1` → `\varepsilon_{1}`. */
function latexName({ name, latex }: Named): string {
  if (latex !== undefined) return latex;
  const [head, ...below] = name.split('_') as [string, ...string[]];
  return (greek[head] ?? head) + (below.length === 0 ? '' : `_{${below.join(',')}}`);
}

/** Every name of a quantity, once, with k where it is a symbol. */
export function symbolsOf(content: Content, classes: number | 'k'): DerivedSymbol[] {
  const symbols = new Map<string, DerivedSymbol>();
  const add = (named: Named, given: boolean): void => {
    const { name, meaning } = named;
    const known = symbols.get(name);
    symbols.set(
      name,
      known === undefined
        ? { name, latex: latexName(named), meaning, given }
        : { ...known, given: known.given || given },
    );
  };
  if (classes === 'k') add(classesSymbol, true);
  for (const { given, definitions } of content.parts) {
    for (const one of given) add(one, true);
    for (const one of definitions) add(one, false);
  }
  return [...symbols.values()];
}

const classesSymbol: Named = { name: 'k', meaning: 'number of classes' };

/** A part with its expressions in every form. */
export function printPart(
  { name, meaning, given, definitions }: Part,
  classes: number | 'k',
  symbols: readonly DerivedSymbol[],
): DerivationPart {
  const latexOf = (one: string): string => symbols.find((symbol) => symbol.name === one)!.latex;
  const value = (definition: Definition, format: DerivationFormat): string => {
    const print = (text: string): string => printFormula(formulaOf(text, classes), format, latexOf);
    if (typeof definition.value === 'string') return print(definition.value);
    const rows = definition.value.map((row) => row.map(print));
    return format === 'latex' ? latexMatrix(rows) : `[${rows.map((row) => `[${row.join(', ')}]`).join(', ')}]`;
  };
  const isLogit = (one: string): boolean => one.startsWith('w_');
  const names = given.map((one) => one.name);
  return {
    name,
    meaning,
    arguments: [
      ...(classes === 'k' ? ['k'] : []),
      ...(names.some(isLogit) ? ['w'] : []),
      ...names.filter((one) => !isLogit(one)),
    ],
    expressions: definitions.map((one): DerivedExpression => ({
      name: one.name,
      meaning: one.meaning,
      latex: `${latexOf(one.name)} = ${value(one, 'latex')}`,
      mathjs: `${one.name} = ${value(one, 'mathjs')}`,
      python: `${one.name} = ${value(one, 'python')}`,
    })),
  };
}

interface Texts {
  readonly title: string;
  readonly assumptions: readonly string[];
  readonly parts: readonly DerivationPart[];
  readonly classes: number | 'k';
}

const given = (part: DerivationPart): string => `${part.meaning}; given ${part.arguments.join(', ')}`;

/** What fits on a line of a page, in characters of its LaTeX. */
const lineLength = 130;

/** In small letters where its rows are wide. */
function latexMatrix(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => row.join(' & '));
  const body = lines.join(' \\\\ ');
  return lines.some((line) => line.length > lineLength)
    ? `\\left(\\begin{smallmatrix} ${body} \\end{smallmatrix}\\right)`
    : `\\begin{pmatrix} ${body} \\end{pmatrix}`;
}

/** A sum in lines, each begun by the sign of its first term; anything else as it is. */
function inLines(sum: string): string {
  let [depth, length, made] = [0, 0, ''];
  for (const word of sum.split(' ')) {
    const sign = depth === 0 && /^[+-]$/.test(word);
    if (sign && length > lineLength) {
      made += ` \\\\\n  &\\quad ${word}`;
      length = 0;
    } else made += `${made === '' ? '' : ' '}${word}`;
    length += word.length + 1;
    depth += (word.match(/\{/g) ?? []).length - (word.match(/\}/g) ?? []).length;
  }
  return made;
}

/** An align* environment for each part, of amsmath, which may be broken between pages. */
export function latexDocument({ title, assumptions, parts }: Texts): string {
  const comment = [title, ...assumptions].map((line) => `% ${line}\n`).join('');
  const environments = parts.map((part) => {
    const lines = part.expressions.map(({ latex, meaning }) => {
      const [left, right] = splitAt(latex, ' = ');
      return { line: `  ${left} &= ${inLines(right)}`, meaning };
    });
    const body = lines.map(({ line, meaning }, i) => `${line}${i < lines.length - 1 ? ' \\\\' : ''} % ${meaning}\n`);
    return `% ${given(part)}\n{\\allowdisplaybreaks\n\\begin{align*}\n${body.join('')}\\end{align*}}\n`;
  });
  return `${comment}\n${environments.join('\n')}`;
}

/** Assignments for mathjs.evaluate, with what is given in its scope. */
export function mathjsDocument({ title, assumptions, parts }: Texts): string {
  const comment = [title, ...assumptions].map((line) => `# ${line}\n`).join('');
  const sections = parts.map(
    (part) => `# ${given(part)}\n${part.expressions.map(({ mathjs, meaning }) => `${mathjs} # ${meaning}\n`).join('')}`,
  );
  return `${comment}\n${sections.join('\n')}`;
}

/** A Python module of one function for each part, of the standard library alone. */
export function pythonDocument({ title, assumptions, parts, classes }: Texts): string {
  const functions = parts.map((part) => {
    const isGiven = part.arguments.includes('w') && classes !== 'k';
    const rows = isGiven
      ? oneTo(classes).map(
          (c) =>
            `(${oneTo(classes)
              .map((a) => `w_${c}${a}`)
              .join(', ')})`,
        )
      : [];
    const unpack = isGiven ? `    ${rows.join(', ')} = w\n` : '';
    const body = part.expressions.map(({ python, meaning }) => `    ${python}  # ${meaning}\n`).join('');
    const names = part.expressions.map(({ name }) => `"${name}": ${name}`).join(', ');
    const arguments_ = isGiven ? '; w[c][a] is the logit of class c on the mean of class a' : '';
    return `def ${part.name}(${part.arguments.join(', ')}):\n    """${part.meaning}${arguments_}"""\n${unpack}${body}    return {${names}}\n`;
  });
  const text = functions.join('\n\n');
  const used = ['exp', 'expm1', 'log', 'log1p', 'sqrt'].filter((name) => new RegExp(`\\b${name}\\(`).test(text));
  const imports = used.length === 0 ? '' : `from math import ${used.join(', ')}\n\n\n`;
  return `"""${[title, ...assumptions].join('\n')}"""\n\n${imports}${text}`;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

import type { Formula } from './formula.js';

/** The forms in which expressions are printed. */
export const derivationFormats = ['latex', 'mathjs', 'python'] as const;
/** One of them. */
export type DerivationFormat = (typeof derivationFormats)[number];

/** How tightly a printed formula holds together; what is looser than its place is put in parentheses. */
type Bond = 'sum' | 'product' | 'tall' | 'power' | 'atom';
const tightness: readonly Bond[] = ['sum', 'product', 'tall', 'power', 'atom'];

interface Printed {
  readonly text: string;
  readonly bond: Bond;
}

/** A formula as LaTeX, as mathjs reads it, or as Python does. `latexOf`: how a symbol is written in LaTeX. */
export function printFormula(term: Formula, format: DerivationFormat, latexOf: (name: string) => string): string {
  const isLatex = format === 'latex';
  const held = (inner: Formula, least: Bond): string => {
    const { text, bond } = print(inner);
    if (tightness.indexOf(bond) >= tightness.indexOf(least)) return text;
    return isLatex ? `\\left(${text}\\right)` : `(${text})`;
  };

  function print(one: Formula): Printed {
    switch (one.kind) {
      case 'number':
        return { text: String(one.value), bond: one.value < 0 ? 'sum' : 'atom' };
      case 'symbol':
        return { text: isLatex ? latexOf(one.name) : one.name, bond: 'atom' };
      case 'negative':
        return { text: `-${held(one.of, 'product')}`, bond: 'sum' };
      case 'choice':
        return choice(one);
      case 'call':
        return call(one);
      case 'operator':
        return operation(one);
    }
  }

  function operation({ op, left, right }: Formula & { kind: 'operator' }): Printed {
    switch (op) {
      case '+':
        return { text: `${held(left, 'sum')} + ${held(right, 'sum')}`, bond: 'sum' };
      case '-':
        return { text: `${held(left, 'sum')} - ${held(right, 'product')}`, bond: 'sum' };
      case '*': {
        const isChain = right.kind === 'operator' && right.op === '*';
        return {
          text: `${held(left, 'product')}${isLatex ? ' \\, ' : ' * '}${held(right, isLatex || isChain ? 'product' : 'tall')}`,
          bond: 'product',
        };
      }
      case '/':
        return isLatex
          ? { text: `\\frac{${print(left).text}}{${print(right).text}}`, bond: 'tall' }
          : { text: `${held(left, 'product')} / ${held(right, 'tall')}`, bond: 'product' };
      case '^':
        return {
          text: isLatex
            ? `${held(left, 'atom')}^{${print(right).text}}`
            : `${held(left, 'atom')}${format === 'python' ? '**' : '^'}${held(right, 'atom')}`,
          bond: 'power',
        };
    }
  }

  function call({ name, argument }: Formula & { kind: 'call' }): Printed {
    const inside = print(argument).text;
    if (!isLatex) return { text: `${name}(${inside})`, bond: 'atom' };
    switch (name) {
      case 'exp':
        return { text: `e^{${inside}}`, bond: 'power' };
      case 'expm1':
        return { text: `e^{${inside}} - 1`, bond: 'sum' };
      case 'log1p':
        return { text: `\\ln\\left(1 + ${inside}\\right)`, bond: 'tall' };
      case 'sqrt':
        return { text: `\\sqrt{${inside}}`, bond: 'atom' };
      default:
        return { text: `\\ln\\left(${inside}\\right)`, bond: 'tall' };
    }
  }

  function choice({ larger, than, then, otherwise }: Formula & { kind: 'choice' }): Printed {
    const [x, y, yes, no] = [larger, than, then, otherwise].map((part) => print(part).text);
    switch (format) {
      case 'latex':
        return {
          text: `\\begin{cases} ${yes!} & \\text{if } ${x!} > ${y!} \\\\ ${no!} & \\text{otherwise} \\end{cases}`,
          bond: 'tall',
        };
      case 'mathjs':
        return { text: `${x!} > ${y!} ? ${yes!} : ${no!}`, bond: 'sum' };
      case 'python':
        return { text: `${yes!} if ${x!} > ${y!} else ${no!}`, bond: 'sum' };
    }
  }

  return print(term).text;
}

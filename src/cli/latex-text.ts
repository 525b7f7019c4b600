/** What stands in a sentence as itself, and what LaTeX wants there. */
const inText: Readonly<Record<string, string>> = {
  '#': '\\#',
  $: '\\$',
  '%': '\\%',
  '&': '\\&',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '\\': '\\textbackslash{}',
  '’': "'",
  '–': '--',
  '—': '---',
  '§': '\\S',
  ö: '\\"o',
};

/** What makes a word mathematics, and how it is set there. */
const inMath: Readonly<Record<string, string>> = {
  '<': '<',
  '>': '>',
  '|': '|',
  '=': '=',
  '~': '\\sim ',
  '±': '\\pm ',
  '∓': '\\mp ',
  '·': '\\cdot ',
  '×': '\\times ',
  '⊗': '\\otimes ',
  '½': '\\tfrac12 ',
  '−': '-',
  '…': '\\dots ',
  '‖': '\\|',
  '⟨': '\\langle ',
  '⟩': '\\rangle ',
  '√': '\\surd ',
  '∝': '\\propto ',
  '∞': '\\infty ',
  '∫': '\\int ',
  '∂': '\\partial ',
  '∇': '\\nabla ',
  '≈': '\\approx ',
  '≠': '\\ne ',
  '≤': '\\le ',
  '≥': '\\ge ',
  '≪': '\\ll ',
  '⪰': '\\succeq ',
  '←': '\\leftarrow ',
  '→': '\\to ',
  ℓ: '\\ell ',
  ĝ: '\\hat g',
  Σ: '\\Sigma ',
  Π: '\\Pi ',
  Δ: '\\Delta ',
  Ψ: '\\Psi ',
  Ω: '\\Omega ',
  α: '\\alpha ',
  β: '\\beta ',
  γ: '\\gamma ',
  δ: '\\delta ',
  ε: '\\varepsilon ',
  ζ: '\\zeta ',
  η: '\\eta ',
  θ: '\\theta ',
  κ: '\\kappa ',
  λ: '\\lambda ',
  μ: '\\mu ',
  π: '\\pi ',
  ρ: '\\rho ',
  σ: '\\sigma ',
  τ: '\\tau ',
  φ: '\\varphi ',
  χ: '\\chi ',
  ξ: '\\xi ',
  ω: '\\omega ',
};

/** Characters that are above or below the line, by what stands there. */
const raised: Readonly<Record<string, string>> = {
  '′': '\\prime ',
  '″': '\\prime\\prime ',
  '‴': '\\prime\\prime\\prime ',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  ⁿ: 'n',
  ᵀ: '\\mathsf T',
  '*': '*',
};
const lowered: Readonly<Record<string, string>> = { '₀': '0', '₁': '1', '₂': '2' };
const accents: Readonly<Record<string, string>> = {
  '\u0302': '\\hat',
  '\u0303': '\\tilde',
  '\u0304': '\\bar',
  '\u0307': '\\dot',
};

/** Text for people, as statements and evidence are written, in LaTeX: ASCII, with mathematics between dollars. Throws Error at a character it does not know. */
export function latexText(text: string): string {
  return wordsOf(text)
    .map((word) => (/^\s+$/.test(word) ? word : latexWord(word)))
    .join('')
    .replaceAll(/(?<=^|[\s(])(\d+) \$(?=[-+=<>](?:\$| ))/g, '$$$1 ') // a number belongs to the sign that follows it
    .replaceAll(/(?<![\w})])\$ \$|\$ \$(?![\w(])/g, ' ') // two things side by side are no product
    .replaceAll(/(^|[\s(])"/g, '$1``')
    .replaceAll(/(?<!\\)"/g, "''");
}

/** Words and the spaces between them; a group after ^ or _, and the arguments of a function, are a part of their word, with the spaces in it. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let [word, depth] = ['', 0];
  for (const char of text) {
    if ((char === '{' || char === '(') && (depth > 0 || /[_^]$/.test(word) || /\b(?:overlap|N)$/.test(word))) depth++;
    else if ((char === '}' || char === ')') && depth > 0) depth--;
    if (/\s/.test(char) && depth === 0) {
      words.push(word, char);
      word = '';
    } else word += char;
  }
  return [...words, word];
}

/** A word that is mathematics is set as such, without the punctuation around it. */
function latexWord(word: string): string {
  if (!isMathematics(word))
    return word
      .split(/((?<![A-Za-z])[km](?=-[a-z])|(?<=[a-z]-)[km](?![A-Za-z]))/) // k-fold, top-m
      .map((part, i) => (i % 2 === 1 ? `$${part}$` : Array.from(part).map(textCharacter).join('')))
      .join('');
  const [, before, core, after] = /^(["“]*)(.*?)([,.;:"’]*)$/su.exec(word)!;
  return `${before}$${mathematics(core!)}$${Array.from(after!).map(textCharacter).join('')}`;
}

const makesMathematics = (char: string): boolean =>
  char === '_' || char === '^' || [inMath, raised, lowered, accents].some((table) => Object.hasOwn(table, char));

/** A sign that only mathematics has, a letter without neighbours (but the article), a quotient of such, or a plus. */
const isMathematics = (word: string): boolean =>
  Array.from(word).some(makesMathematics) ||
  word === '+' ||
  /^(?:overlap|softmax|diag)\(/.test(word) ||
  (/[b-zB-HJ-Z]/.test(word) && !/[A-Za-z]{2}|’/.test(word)) ||
  /^[a-zA-Z]{1,2}\/[a-zA-Z]{1,2}\b/.test(word);

function textCharacter(char: string): string {
  if (Object.hasOwn(inText, char)) return inText[char]!;
  if (/^[ -~\n]$/.test(char)) return char;
  throw new Error(`there is no LaTeX for '${char}' (U+${char.codePointAt(0)!.toString(16)}) in text`);
}

/** Functions, and how LaTeX writes them. */
const functions: Readonly<Record<string, string>> = {
  log: '\\log ',
  exp: '\\exp ',
  dim: '\\dim ',
  tr: '\\operatorname{tr}',
  Tr: '\\operatorname{Tr}',
  overlap: '\\operatorname{overlap}',
  softmax: '\\operatorname{softmax}',
  diag: '\\operatorname{diag}',
};

function mathematics(text: string): string {
  let made = '';
  let rest = text;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match !== null) rest = rest.slice(match[0].length);
    return match;
  };
  let match: RegExpExecArray | null;
  while (rest !== '') {
    if ((match = take(/^(.)([\u0302\u0303\u0304\u0307])/su)))
      made += `${accents[match[2]!]!}{${mathematics(match[1]!)}}`;
    else if (/^[_^]\{/.test(rest)) {
      const end = endOfGroup(rest);
      made += `${rest[0]!}{${mathematics(rest.slice(2, end))}}`;
      rest = rest.slice(end + 1);
    } else if (take(/^_c′/u))
      made += "_{c'}"; // a class; a prime elsewhere is a derivative
    else if (take(/^E(?=$|[[‖(]|p_)/u)) made += '\\mathbb E ';
    else if ((match = take(/^([_^])(\d+|[A-Za-z]+|[\p{L}∞]\p{Nd}*|[−-]\d+)/u)))
      made += `${match[1]!}{${mathematics(match[2]!)}}`;
    else if ((match = take(/^[₀₁₂]+/u)))
      made += `_{${Array.from(match[0])
        .map((char) => lowered[char]!)
        .join('')}}`;
    else if ((match = take(/^[′″‴¹²³⁴⁵⁶ⁿᵀ*]+/u)))
      made += `${made.endsWith('}') && /\^\{[^{}]*\}$/.test(made) ? '{}' : ''}^{${Array.from(match[0])
        .map((char) => raised[char]!)
        .join('')}}`;
    else if (rest.startsWith('∞') && /[a-z]$/.test(made)) made += `_{${mathematics(take(/^./su)![0])}}`;
    else if (take(/^-(?=[A-Za-z]{3})/)) made += '\\text{-}';
    else if ((match = take(/^[A-Za-z]{2,}/))) made += nameOf(match[0]);
    else made += mathCharacter(take(/^./su)![0]);
  }
  return made;
}

/** The place of the brace that closes the group which begins at the second character. */
function endOfGroup(text: string): number {
  let depth = 0;
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  throw new Error(`a group is not closed: '${text}'`);
}

/** Letters in a row: a function, a product of two, or a word. */
function nameOf(letters: string): string {
  return functions[letters] ?? (letters.length === 2 ? letters : `\\mathrm{${letters}}`);
}

function mathCharacter(char: string): string {
  if (Object.hasOwn(inMath, char)) return inMath[char]!;
  if (char === "'" || char === '"' || (char > '~' && Object.hasOwn(inText, char)))
    return `\\text{${inText[char] ?? char}}`;
  if (/^[$%&#{}_]$/.test(char)) return `\\${char}`;
  if (char === '^') return '\\wedge ';
  if (char === '\\') return '\\backslash ';
  if (/^[\n -~]$/.test(char)) return char;
  throw new Error(`there is no LaTeX for '${char}' (U+${char.codePointAt(0)!.toString(16)}) in mathematics`);
}

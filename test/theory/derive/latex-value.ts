/** Value of a formula: a number, or a matrix by its rows. */
export type Value = number | readonly (readonly number[])[];

/**
 * What the align* environments of a text assign, evaluated one after the other: a reader of the LaTeX that stands there, which shares nothing with what wrote it. `given` and the
 * results are by the LaTeX of the names.
 */
export function latexValues(environment: string, given: ReadonlyMap<string, Value>): Map<string, Value> {
  const scope = new Map(given);
  const body = /\\begin\{align\*\}\n([\s\S]*)\\end\{align\*\}/.exec(environment)![1]!;
  for (const line of body
    .replaceAll(/ \\\\\n {2}&\\quad /g, ' ')
    .replaceAll(/ %.*/g, '')
    .trim()
    .split('\n')) {
    const [left, right] = line
      .trim()
      .replace(/ \\\\$/, '')
      .split(' &= ') as [string, string];
    scope.set(left, latexValue(right, scope));
  }
  return scope;
}

/** Sums of products of powers, by recursive descent. Throws where it does not know what stands there. */
function latexValue(text: string, scope: ReadonlyMap<string, Value>): Value {
  let at = 0;
  const names = [...scope.keys()].sort((a, b) => b.length - a.length);
  const skip = (): void => {
    while (text[at] === ' ') at++;
  };
  const takes = (word: string): boolean => {
    skip();
    if (!text.startsWith(word, at)) return false;
    at += word.length;
    return true;
  };
  const expect = (word: string): void => {
    if (!takes(word)) throw new Error(`expected ${word} at ${text.slice(at)}`);
  };
  const group = (): number => {
    expect('{');
    const value = sum();
    expect('}');
    return value;
  };

  function sum(): number {
    let total = takes('-') ? -product() : product();
    for (;;) {
      if (takes('+')) total += product();
      else if (takes('-')) total -= product();
      else return total;
    }
  }
  function product(): number {
    let value = power();
    while (takes('\\,')) value *= power();
    return value;
  }
  function power(): number {
    const base = atom();
    return takes('^') ? base ** group() : base;
  }
  function atom(): number {
    skip();
    const name = names.find((one) => text.startsWith(one, at));
    if (name !== undefined) {
      at += name.length;
      return scope.get(name) as number;
    }
    const digits = /^\d+/.exec(text.slice(at))?.[0];
    if (digits !== undefined) {
      at += digits.length;
      return Number(digits);
    }
    if (takes('\\frac')) {
      const above = group();
      return above / group();
    }
    if (takes('\\sqrt')) return Math.sqrt(group());
    if (takes('\\ln\\left(1 +')) {
      const small = sum();
      expect('\\right)');
      return Math.log1p(small);
    }
    if (takes('\\ln')) return Math.log(atom());
    if (takes('e^')) return Math.exp(group());
    expect('\\left(');
    const inside = sum();
    expect('\\right)');
    return inside;
  }
  function rows(end: string): number[][] {
    const matrix: number[][] = [];
    do {
      const row: number[] = [];
      do row.push(sum());
      while (takes('&'));
      matrix.push(row);
    } while (takes('\\\\'));
    expect(end);
    return matrix;
  }
  function cases(): number {
    const first = sum();
    expect('& \\text{if }');
    const larger = sum();
    expect('>');
    const than = sum();
    expect('\\\\');
    const other = sum();
    expect('& \\text{otherwise} \\end{cases}');
    return larger > than ? first : other;
  }

  const value = takes('\\begin{pmatrix}')
    ? rows('\\end{pmatrix}')
    : takes('\\left(\\begin{smallmatrix}')
      ? rows('\\end{smallmatrix}\\right)')
      : takes('\\begin{cases}')
        ? cases()
        : sum();
  skip();
  if (at < text.length) throw new Error(`what is ${text.slice(at)}?`);
  return value;
}

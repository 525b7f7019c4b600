import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainedLine, chainStart, openLine } from '../../src/files/line-chain.js';
import { parseSafetensors } from '../../src/files/safetensors.js';
import { openSealed, sealedJson } from '../../src/files/sealed-json.js';
import { formatSealed, sealProblem } from '../../src/files/sealed-tensors.js';
import { DataError } from '../../src/errors.js';

const fail = (problem: string): never => {
  throw new Error(problem);
};

describe('sealedJson', () => {
  it('gives back what it was given, whatever the layout of the text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (document, indent) => {
        const rest = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
        delete rest.sha256;
        expect(openSealed(sealedJson(document, indent), fail)).toEqual(rest);
      }),
    );
  });

  it('notices every change of a value, a name or an order', () => {
    const text = sealedJson({ a: [1, 2.5, { b: null }], name: 'x' });
    for (const [from, to] of [
      ['2.5', '2.6'],
      ['null', 'true'],
      ['"name"', '"nome"'],
      ['[1,2.5', '[2.5,1'],
      ['"a"', '"a":0,"a"'],
      ['"sha256":"', '"sha256":"0'],
      [/,"sha256".*/, '}'],
      ['{', '[{'],
      [/^.*$/s, '5'],
    ] as const) {
      expect(() => openSealed(text.replace(from, to), fail), String(from)).toThrow(/^it|sha256/);
    }
    expect(() => openSealed('['.repeat(1e5), fail)).toThrow('nested deeper');
  });
});

describe('formatSealed', () => {
  const tensors = new Map([
    ['w', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ['v', { shape: [2], data: Float64Array.of(0.1, -0) }],
  ]);
  const sealed = formatSealed(tensors, new Map([['step', '3']]));

  it('is a safetensors file with its own SHA-256, the same whatever the order', () => {
    const found = parseSafetensors(sealed, 'x');
    expect(found.tensors).toEqual(new Map([...tensors].reverse()));
    expect(found.metadata.get('step')).toBe('3');
    expect(sealProblem(sealed, found.metadata)).toBeUndefined();
    expect(formatSealed(new Map([...tensors].reverse()), new Map([['step', '3']]))).toEqual(sealed);
  });

  it('notices every single bit', () => {
    let noticed = 0;
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const altered = sealed.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      try {
        if (sealProblem(altered, parseSafetensors(altered, 'x').metadata) !== undefined) noticed++;
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
        noticed++;
      }
    }
    expect(noticed).toBe(8 * sealed.length);
  });
});

describe('chainedLine', () => {
  const start = chainStart({ run: 1 });
  const texts = ['{"step":0,"x":"a\\",\\"seal\\":{\\"file\\":"}', '{"step":1,"x":"\u2028"}', '{"step":2}'];

  const chained = (): string[] => {
    let before = start;
    return texts.map((text, i) => {
      const { line, chain } = chainedLine({ text, file: i === 1 ? 'f'.repeat(64) : null }, before);
      before = chain;
      return line.slice(0, -1);
    });
  };
  const opened = (lines: readonly string[], from = start): (string | undefined)[] => {
    let before = from;
    return lines.map((line) => {
      const found = openLine(line, before);
      before = found?.chain ?? before;
      return found?.text;
    });
  };

  it('gives back the objects, and is one', () => {
    expect(opened(chained())).toEqual(texts);
    expect(chained().map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([0, 1, 2]);
    expect(openLine(chained()[1]!, openLine(chained()[0]!, start)!.chain)!.file).toBe('f'.repeat(64));
  });

  it('notices lines that are altered, left out, doubled, moved, or of another file', () => {
    const [a, b, c] = chained() as [string, string, string];
    expect(opened([a, c])).toEqual([texts[0], undefined]);
    expect(opened([a, a])).toEqual([texts[0], undefined]);
    expect(opened([b, a])[0]).toBeUndefined();
    expect(opened([a, b, c], chainStart({ run: 2 }))).toEqual([undefined, undefined, undefined]);
    for (let i = 0; i < a.length; i++) {
      const altered = a.slice(0, i) + String.fromCharCode(a.charCodeAt(i) ^ 1) + a.slice(i + 1);
      expect(opened([altered]), altered).toEqual([undefined]);
    }
  });
});

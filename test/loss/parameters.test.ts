import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { parameterLayout, parametersOf } from '../../src/loss/parameters.js';

const names = [
  'embed.weight',
  'block1.attn.weight',
  'block1.attn.bias',
  'block1.norm.gain',
  'block10.attn.weight',
  'x',
];
const layout = parameterLayout(names.map((name) => ({ name, shape: [1], role: 'weight' })));
const chosen = (...patterns: string[]): string[] => parametersOf(layout, patterns).map((place) => names[place]!);

describe('parametersOf', () => {
  it('takes parameters, layers at any depth and patterns, in the order of the layout', () => {
    expect(parametersOf(layout)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(chosen('x', 'embed.weight')).toEqual(['embed.weight', 'x']);
    expect(chosen('block1')).toEqual(['block1.attn.weight', 'block1.attn.bias', 'block1.norm.gain']);
    expect(chosen('block1.attn')).toEqual(['block1.attn.weight', 'block1.attn.bias']);
    expect(chosen('*.weight')).toEqual(['embed.weight', 'block1.attn.weight', 'block10.attn.weight']);
    expect(chosen('block*.attn')).toEqual(['block1.attn.weight', 'block1.attn.bias', 'block10.attn.weight']);
    expect(chosen('*')).toEqual(names);
  });

  it('takes away what follows an exclamation mark, from all where nothing else is named', () => {
    expect(chosen('block*', '!*.bias')).toEqual(['block1.attn.weight', 'block1.norm.gain', 'block10.attn.weight']);
    expect(chosen('!*.bias', 'block*')).toEqual(chosen('block*', '!*.bias'));
    expect(chosen('!block*')).toEqual(['embed.weight', 'x']);
  });

  it('reads nothing but stars as more than themselves', () => {
    const odd = ['a+b.c', 'aab.c', 'a.b.c', '(d', 'a\nb'];
    const own = parameterLayout(odd.map((name) => ({ name, shape: [1], role: 'bias' })));
    odd.forEach((name, i) => {
      expect(parametersOf(own, [name])).toEqual([i]);
    });
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((s) => !s.includes('*') && !s.startsWith('!')),
        (name) => {
          const one = parameterLayout([{ name, shape: [1], role: 'bias' }]);
          expect(parametersOf(one, [name])).toEqual([0]);
          expect(parametersOf(one, [`${name.slice(0, 1)}*`])).toEqual([0]);
        },
      ),
    );
  });

  it.each([
    [['block'], /no parameter belongs to block; the layers are embed, block1.attn/],
    [['block1', '!y'], /no parameter belongs to !y/],
    [[], /no parameter belongs to no layer/],
    [['x', '!x'], /x, !x leaves none/],
  ])('refuses %j in words', (patterns, words) => {
    expect(() => parametersOf(layout, patterns)).toThrow(UsageError);
    expect(() => parametersOf(layout, patterns)).toThrow(words);
  });
});

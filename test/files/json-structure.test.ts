import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { structuralProblem } from '../../src/files/json-structure.js';

const options = { seed: 1, numRuns: 300 };

describe('structuralProblem', () => {
  it('finds nothing in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), fc.constantFrom(0, 2), (value, indent) => {
        expect(structuralProblem(JSON.stringify(value, null, indent), 100)).toBeUndefined();
      }),
      options,
    );
  });

  it('finds keys that occur twice in one object, however written, and only there', () => {
    expect(structuralProblem('{"a":1,"b":2,"a":3}', 3)).toBe('it holds the key "a" twice');
    expect(structuralProblem('{"x":{"a":1 , "\\u0061" \n:2}}', 3)).toBe('it holds the key "a" twice');
    expect(structuralProblem('{"__proto__":1,"__proto__":1}', 3)).toMatch(/twice/);
    expect(structuralProblem('{"a":{"a":["a","a"]},"b":{"a":"a"}}', 3)).toBeUndefined();
    expect(structuralProblem('{"a\\"":1,"a":"\\"a\\":"}', 3)).toBeUndefined();
  });

  it('counts the levels of nesting', () => {
    expect(structuralProblem('{"a":[[1],[2]]}', 3)).toBeUndefined();
    expect(structuralProblem('{"a":[[1],[{}]]}', 3)).toBe('it is nested deeper than 3 levels');
    expect(structuralProblem('"[[[[[["', 3)).toBeUndefined();
    expect(structuralProblem('['.repeat(1e6), 3)).toMatch(/deeper/);
  });

  it('comes to an end on any text', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', ' ') });
    fc.assert(
      fc.property(text, (any) => {
        expect(typeof structuralProblem(any, 3)).toMatch(/string|undefined/);
      }),
      options,
    );
  });
});

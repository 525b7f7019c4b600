import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneLine, plainJson, plainText } from '../../src/cli/plain-text.js';
import { hostileText as hostile, unshown } from './hostile.js';

it('shows a terminal nothing that it would obey, and everything else as it is', () => {
  expect(plainText('a\nerror: b\t\u001b[31m\u202e\ud800')).toBe('a\\nerror: b\\t\\u001b[31m\\u202e\\ud800');
  expect(plainText('σ² ‖g‖ – “é” 😀 \\n')).toBe('σ² ‖g‖ – “é” 😀 \\n');
  fc.assert(
    fc.property(hostile, (text) => {
      expect(plainText(text)).not.toMatch(unshown);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('says in words how much of a long message is left out', () => {
  const long = `${'a'.repeat(100_000)}${'b'.repeat(100_000)}`;
  const line = oneLine(long);
  expect(line).toMatch(/^a{900,1000} … 198,0\d\d characters left out … b{900,1000}$/);
  const left = Number(/([\d,]+) characters/.exec(line)![1]!.replaceAll(',', ''));
  expect(line.replace(/ … .* … /, '').length + left).toBe(200_000);
  expect(oneLine('c'.repeat(2000))).toBe('c'.repeat(2000));
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 200 }), (text, times) => {
      const cut = oneLine(text.repeat(times));
      expect(cut).not.toMatch(unshown);
      expect(cut.length).toBeLessThanOrEqual(2010);
    }),
    { seed: 2, numRuns: 300 },
  );
});

it('escapes in a JSON document what a terminal would obey, and loses nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), (value) => {
      const text = plainJson(JSON.stringify(value, null, 2));
      expect(text.replaceAll('\n', '')).not.toMatch(unshown);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 3, numRuns: 300 },
  );
});

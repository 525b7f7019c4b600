import { expect, it } from 'vitest';
import { extentOf, parseDataSource } from '../../src/data/data-source.js';
import type { Dataset } from '../../src/data/dataset.js';
import { loadDataset } from '../../src/data/load-dataset.js';
import { UsageError } from '../../src/errors.js';

const load = (text: string, seed = 1) => loadDataset(parseDataSource(text), { pixels: 'unit', precision: 'f32', seed });

/** Each sample as 'tokens labels'. */
function samplesOf({ inputs, targets, inputShape: [length] }: Dataset): string[] {
  if (targets.kind !== 'labels') throw new Error('no labels of tokens');
  const row = (of: ArrayLike<number>, i: number): string =>
    Array.from(of)
      .slice(i * length!, (i + 1) * length!)
      .join('');
  return Array.from({ length: inputs.length / length! }, (_, i) => `${row(inputs, i)} ${row(targets.labels, i)}`);
}

/** All balanced words up to a depth, among all words of two tokens: the depth is the number of ( less that of ), counted for each prefix. */
function balanced(length: number, depth: number): string[] {
  return Array.from({ length: 2 ** length }, (_, i) => i.toString(2).padStart(length, '0')).flatMap((word) => {
    const depths = Array.from({ length }, (_, t) => {
      const prefix = word.slice(0, t + 1);
      return prefix.split('0').length - prefix.split('1').length;
    });
    const isBalanced = depths.every((d) => d >= 0 && d <= depth) && depths.at(-1) === 0;
    return isBalanced ? [`${word} ${depths.join('')}`] : [];
  });
}

it.each([
  [8, 4, 14],
  [8, 2, 8],
  [10, 3, 34],
])('words of %i brackets up to depth %i: all %i of them, each once, in one of the splits', (length, depth, count) => {
  const { train, test } = load(`dyck:${length},${depth},5`);
  expect(train).toMatchObject({ samples: 5, inputShape: [length], vocabulary: 2 });
  expect(train.targets).toMatchObject({ kind: 'labels', classes: depth + 1, shape: [length] });
  expect(test!()).toMatchObject({ samples: count - 5, vocabulary: 2, targets: { classes: depth + 1 } });
  expect([...samplesOf(train), ...samplesOf(test!())].sort()).toEqual(balanced(length, depth).sort());
  expect(extentOf(parseDataSource(`dyck:${length},${depth},5`), 'train')).toEqual({
    samples: 5,
    inputShape: [length],
    vocabulary: 2,
    outputs: depth + 1,
    targets: { kind: 'labels', shape: [length] },
  });
});

it('words are drawn by the seed, more of them begin with the same, and no test word is trained on', () => {
  const { train, test } = load('dyck:24,12,50,200');
  const [trained, tested] = [samplesOf(train), samplesOf(test!())];
  expect(test!().samples).toBe(200);
  expect(new Set([...trained, ...tested]).size).toBe(250);
  expect(samplesOf(load('dyck:24,12,50,200').train)).toEqual(trained);
  expect(samplesOf(load('dyck:24,12,50,200').test!())).toEqual(tested);
  expect(samplesOf(load('dyck:24,12,50,200', 2).test!())).not.toEqual(tested);
  expect(samplesOf(load('dyck:24,12,50', 2).train)).not.toEqual(trained);
  expect(samplesOf(load('dyck:24,12,70').train).slice(0, 50)).toEqual(trained);
  expect(load('dyck:24,12,50').test!().samples).toBe(5000);
  expect(load('dyck:24,12,50,0').test).toBeNull();
  expect(load('dyck:6,3,5').test).toBeNull();
  expect(JSON.parse(JSON.stringify(test!().record))).toEqual(test!().record);
});

it('every word is as likely as another: the first of 14, over 700 seeds', () => {
  const found = new Map<string, number>();
  for (let seed = 0; seed < 700; seed++) {
    const [word] = samplesOf(load('dyck:8,4,1,0', seed).train);
    found.set(word!, (found.get(word!) ?? 0) + 1);
  }
  const chiSquared = [...found.values()].reduce((sum, n) => sum + (n - 50) ** 2 / 50, 0);
  expect(found.size).toBe(14);
  expect(chiSquared).toBeLessThan(34.5); // χ² of 13 degrees of freedom is above it once in 1000 times
});

it.each(['dyck:7,2,3', 'dyck:8,5,3', 'dyck:8,0,3', 'dyck:8,4,0', 'dyck:8,4,15', 'dyck:1002,4,3', 'dyck:8,4', 'dyck'])(
  'refuses %s',
  (text) => {
    expect(() => load(text)).toThrow(UsageError);
  },
);

it('refuses more words than the heap holds, before any is drawn', () => {
  for (const text of ['dyck:40,20,2000000', 'dyck:40,20,5,2000000']) {
    expect(() => extentOf(parseDataSource(text), 'train')).toThrow(/at most 1000000 words/);
  }
});

import { expect, it } from 'vitest';
import { extentOf, parseDataSource } from '../../src/data/data-source.js';
import { classTargets, type Dataset } from '../../src/data/dataset.js';
import { loadDataset } from '../../src/data/load-dataset.js';
import { modularOperations } from '../../src/data/modular-operations.js';
import { UsageError } from '../../src/errors.js';

const load = (text: string, seed = 1) => loadDataset(parseDataSource(text), { pixels: 'unit', precision: 'f32', seed });
const sums = (data: Dataset): string[] => {
  const { labels } = classTargets(data);
  return Array.from(labels, (c, i) => `${[...data.inputs.subarray(3 * i, 3 * i + 3)].join()} ${c}`);
};

it('modular addition: every sum is right and is in one of the splits, drawn by the seed', () => {
  const { train, test } = load('modular:7,0.3');
  expect(train).toMatchObject({ samples: 15, inputShape: [3], vocabulary: 8, targets: { classes: 7 } });
  expect(extentOf(parseDataSource('modular:7,0.3'), 'train')).toEqual({
    samples: 15,
    inputShape: [3],
    outputs: 7,
    vocabulary: 8,
  });
  expect(test!()).toMatchObject({ samples: 34, vocabulary: 8 });
  const all = [...sums(train), ...sums(test!())];
  const expected = Array.from({ length: 49 }, (_, i) => [Math.floor(i / 7), i % 7] as const);
  expect(all.sort()).toEqual(expected.map(([a, b]) => `${a},${b},7 ${(a + b) % 7}`).sort());
  expect(sums(load('modular:7,0.3').train)).toEqual(sums(train));
  expect(sums(load('modular:7,0.3', 2).train)).not.toEqual(sums(train));
  expect(sums(load('modular:7,0.5').train).slice(0, 15)).toEqual(sums(train));
  expect(JSON.parse(JSON.stringify(test!().record))).toEqual(test!().record);
});

it('modular addition of 97: 30 % are 2823 of 9409 sums; all of them leave no test split', () => {
  expect(load('modular:97,.3').train.samples).toBe(2823);
  expect(load('modular:5,1').test).toBeNull();
  expect(load('modular:5,0.001').train.samples).toBe(1);
});

it('add is what is meant without an operation, to the byte', () => {
  expect(parseDataSource('modular:add,7,0.3')).toEqual({ kind: 'modular', modulus: 7, fraction: 0.3 });
  expect(load('modular:add,7,0.3').train).toEqual(load('modular:7,0.3').train);
  expect(load('modular:97,0.3').train.record.origin).toEqual({
    kind: 'modular',
    source: 'addition modulo p, sums drawn at random',
    modulus: 97,
    fraction: 0.3,
    samples: 2823,
    seed: 1,
  });
});

/** Whether c is the result, by what it must satisfy: no formula of the operations. */
const holds: Record<string, (a: number, b: number, c: number) => boolean> = {
  subtract: (a, b, c) => (b + c) % 7 === a,
  multiply: (a, b, c) => Array.from({ length: b }, () => a).reduce((sum, x) => (sum + x) % 7, 0) === c,
  divide: (a, b, c) => b !== 0 && (b * c) % 7 === a,
  squares: (a, b, c) => (a ** 2 + b ** 2 - c) % 7 === 0,
  quadratic: (a, b, c) => ((a + b) ** 2 - a * b - c) % 7 === 0,
  cubic: (a, b, c) => (a * (a ** 2 + b) - c) % 7 === 0,
};

it.each(Object.keys(holds))('%s modulo 7: every pair there is, once, in one of the splits, with its result', (name) => {
  const { train, test } = load(`modular:${name},7,0.4`);
  const rows = [...sums(train), ...sums(test!())].map((text) => text.split(/[, ]/).map(Number));
  const pairs = name === 'divide' ? 42 : 49;
  expect(train.samples).toBe(Math.round(0.4 * pairs));
  expect(extentOf(parseDataSource(`modular:${name},7,0.4`), 'train')!.samples).toBe(train.samples);
  expect(new Set(rows.map(([a, b]) => `${a},${b}`)).size).toBe(pairs);
  for (const [a, b, equals, c] of rows) {
    expect([equals, c! < 7, holds[name]!(a!, b!, c!)], `${a} ${name} ${b} = ${c}`).toEqual([7, true, true]);
  }
  expect(sums(load(`modular:${name},7,0.4`).train)).toEqual(sums(train));
  expect(sums(load(`modular:${name},7,0.4`, 2).train)).not.toEqual(sums(train));
  expect(train.record.origin).toMatchObject({ operation: name, modulus: 7, samples: train.samples });
  expect(JSON.parse(JSON.stringify(test!().record))).toEqual(test!().record);
});

/** The same in integers of any length. */
const exactly: Record<string, (a: bigint, b: bigint) => bigint> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  squares: (a, b) => a ** 2n + b ** 2n,
  quadratic: (a, b) => a ** 2n + a * b + b ** 2n,
  cubic: (a, b) => a ** 3n + a * b,
};

it('operations of all pairs are trained on the same ones, and no sum is rounded at the largest modulus', () => {
  const pairsOf = (name: string): string[] => sums(load(`modular:${name},7,0.4`).train).map((text) => text.slice(0, 3));
  expect(pairsOf('cubic')).toEqual(pairsOf('add'));
  const p = 10_000;
  for (const { name, needsPrime, example } of modularOperations) {
    const [a, b, c] = example(9_999, 9_998, p);
    if (needsPrime) expect((b * c) % p, name).toBe(a);
    else expect([a, b, c], name).toEqual([9_999, 9_998, Number(exactly[name]!(9_999n, 9_998n) % 10_000n)]);
  }
});

it('refuses operations that are not known, naming them, and division modulo no prime', () => {
  expect(() => load('modular:power,7,0.3')).toThrow(/'power'; legal are add, subtract, multiply, divide, squares/);
  expect(() => load('modular:divide,9,0.3')).toThrow(/to divide the modulus must be a prime number, received 9/);
  expect(load('modular:multiply,9,0.3').train.samples).toBe(24);
});

it.each(['modular:1,0.3', 'modular:7,0', 'modular:7,1.5', 'modular:7', 'modular:7,-1', 'modular:20000,0.1'])(
  'refuses %s',
  (text) => {
    expect(() => load(text)).toThrow(UsageError);
  },
);

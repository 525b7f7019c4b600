import { expect, it } from 'vitest';
import { extentOf, parseDataSource } from '../../src/data/data-source.js';
import { classTargets, type Dataset } from '../../src/data/dataset.js';
import { loadDataset } from '../../src/data/load-dataset.js';
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

it.each(['modular:1,0.3', 'modular:7,0', 'modular:7,1.5', 'modular:7', 'modular:7,-1', 'modular:20000,0.1'])(
  'refuses %s',
  (text) => {
    expect(() => load(text)).toThrow(UsageError);
  },
);

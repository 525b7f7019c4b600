import { expect, it } from 'vitest';
import { extentOf, parseDataSource } from '../../src/data/data-source.js';
import type { Dataset } from '../../src/data/dataset.js';
import { loadDataset } from '../../src/data/load-dataset.js';
import { UsageError } from '../../src/errors.js';

const load = (text: string, seed = 1) => loadDataset(parseDataSource(text), { pixels: 'unit', precision: 'f64', seed });

/** Each sample as [x₁, x₂, target]. */
function rowsOf({ inputs, targets, samples }: Dataset): number[][] {
  const of = targets.kind === 'classes' ? targets.labels : targets.kind === 'values' ? targets.values : [];
  return Array.from({ length: samples }, (_, i) => [inputs[2 * i]!, inputs[2 * i + 1]!, of[i]!]);
}

it('is the four corners, with a number or a class', () => {
  const corners = [
    [-1, -1, -1],
    [-1, 1, 1],
    [1, -1, 1],
    [1, 1, -1],
  ];
  const { train, test } = load('xor');
  expect(rowsOf(train)).toEqual(corners);
  expect(test).toBeNull();
  expect(train.targets).toMatchObject({ kind: 'values', width: 1 });
  expect(load('xor:4,0,classes').train.targets).toEqual({
    kind: 'classes',
    classes: 2,
    labels: Uint16Array.of(0, 1, 1, 0),
  });
  expect(extentOf(parseDataSource('xor:8,0.1'), 'train')).toEqual({
    samples: 8,
    inputShape: [2],
    outputs: 1,
    targets: { kind: 'values', shape: [1] },
  });
  expect(extentOf(parseDataSource('xor:8,0.1,classes'), 'train')).toEqual({
    samples: 8,
    inputShape: [2],
    outputs: 2,
  });
});

it('with noise has targets of the nearest corner, a test split of others, and is drawn by the seed', () => {
  const { train, test } = load('xor:400,0.15');
  const [trained, tested] = [rowsOf(train), rowsOf(test!())];
  for (const [x, y, target] of [...trained, ...tested]) expect(target).toBe(x! * y! < 0 ? 1 : -1);
  expect(new Set([...trained, ...tested].map(String)).size).toBe(1400);
  const noise = trained.flatMap(([x, y]) => [x! - Math.sign(x!), y! - Math.sign(y!)]);
  const variance = noise.reduce((sum, z) => sum + z ** 2, 0) / noise.length;
  expect(Math.abs(variance / 0.15 ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / 800));
  expect(rowsOf(load('xor:400,0.15').train)).toEqual(trained);
  expect(rowsOf(load('xor:400,0.15').test!())).toEqual(tested);
  expect(rowsOf(load('xor:500,0.15').train).slice(0, 400)).toEqual(trained);
  expect(rowsOf(load('xor:400,0.15', 2).train)).not.toEqual(trained);
  expect(rowsOf(load('xor:400,0.15', 2).test!())).not.toEqual(tested);
  const labels = rowsOf(load('xor:400,0.15,classes').train);
  expect(labels).toEqual(trained.map(([x, y, target]) => [x, y, target === 1 ? 1 : 0]));
  expect(JSON.parse(JSON.stringify(test!().record))).toEqual(test!().record);
});

it.each(['xor:0', 'xor:4,-1', 'xor:4,classes', 'xor:4,0.1,values', 'xor:1.5', 'xor:4,1e999'])('refuses %s', (text) => {
  expect(() => load(text)).toThrow(UsageError);
});

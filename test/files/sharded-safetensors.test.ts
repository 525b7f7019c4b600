import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { formatSafetensors, parseSafetensors } from '../../src/files/safetensors.js';
import { checkpointSha256, readSafetensors, tensorsOf } from '../../src/files/sharded-safetensors.js';
import { parameterLayout } from '../../src/loss/parameters.js';
import { readWeights } from '../../src/train/weights-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shards-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const shard = (name: string, tensors: Record<string, number[]>): void => {
  const entries = Object.entries(tensors).map(
    ([tensor, values]) => [tensor, { shape: [values.length], data: Float32Array.from(values) }] as const,
  );
  writeFileSync(join(folder, name), formatSafetensors(new Map(entries)));
};
const index = (document: unknown): string => {
  const path = join(folder, 'model.safetensors.index.json');
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
};
const first = 'model-00001-of-00002.safetensors';
const second = 'model-00002-of-00002.safetensors';
const weight_map = { 'a.bias': first, 'a.offset': second, 'b.bias': first };

describe('a checkpoint in several files', () => {
  it('is read as one', () => {
    shard(first, { 'a.bias': [1, 2], 'b.bias': [5] });
    shard(second, { 'a.offset': [3, 4] });
    const path = index({ metadata: { total_size: 20 }, weight_map });
    const tensors = tensorsOf(readSafetensors(path));
    expect([...tensors.keys()].sort()).toEqual(['a.bias', 'a.offset', 'b.bias']);
    const layout = parameterLayout([
      { name: 'b.bias', shape: [1], role: 'bias' },
      { name: 'a.bias', shape: [2], role: 'bias' },
      { name: 'a.offset', shape: [2], role: 'offset' },
    ]);
    expect([...readWeights(path, { layout, statistics: [] }, 'f32').parameters]).toEqual([5, 1, 2, 3, 4]);
    const before = checkpointSha256(path);
    expect(checkpointSha256(index({ weight_map }))).toBe(before); // of the weights, not of words about them
    shard(second, { 'a.offset': [3, 5] });
    expect(checkpointSha256(path)).not.toBe(before);
  });

  it('says what does not fit', () => {
    shard(first, { 'a.bias': [1, 2], 'b.bias': [5] });
    shard(second, { 'a.offset': [3, 4] });
    const refuse = (document: unknown, message: RegExp): void => {
      expect(() => readSafetensors(index(document))).toThrow(DataError);
      expect(() => readSafetensors(index(document))).toThrow(message);
    };
    refuse({ weight_map: { ...weight_map, c: second } }, /model-00002-of-00002\.safetensors has no tensor 'c'/);
    refuse(
      { weight_map: { 'a.bias': first } },
      /model-00001-of-00002\.safetensors holds 'b\.bias', of which it says nothing/,
    );
    refuse({ weight_map: { a: 'none.safetensors' } }, /none\.safetensors could not be read/);
    for (const name of [
      '../x.safetensors',
      '/etc/x.safetensors',
      'a/b.safetensors',
      'a\\b.safetensors',
      'x.bin',
      '',
      7,
    ]) {
      refuse({ weight_map: { a: name } }, /gives 'a' the file .*, which is no name of a safetensors file beside it/);
    }
    refuse({ weight_map: {} }, /its weight_map is empty/);
    refuse({}, /has no weight_map from tensors to files/);
    refuse('{', /is no index of safetensors files/);
    refuse('['.repeat(50), /nested deeper/);
  });

  it('answers any index with a DataError or tensors', () => {
    const text = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.json({ maxDepth: 1 }).map((json) => `{"weight_map":${json}}`),
    );
    fc.assert(
      fc.property(text, (json) => {
        try {
          readSafetensors(index(json));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('parseSafetensors', () => {
  const parsed = (dtype: string, bytes: Uint8Array, length: number) => {
    const header = Buffer.from(`{"t":{"dtype":"${dtype}","shape":[${length}],"data_offsets":[0,${bytes.length}]}}`);
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(header.length));
    return parseSafetensors(new Uint8Array(Buffer.concat([start, header, bytes])), 'f').tensors.get('t')!.data;
  };

  it('converts half precision and booleans exactly', () => {
    const bits = (...patterns: number[]) => new Uint8Array(Uint16Array.from(patterns).buffer);
    expect(parsed('F16', bits(0x3c00, 0xc100, 1), 3)).toEqual(Float32Array.of(1, -2.5, 2 ** -24));
    expect(parsed('BF16', bits(0x3f80, 0xc020), 2)).toEqual(Float32Array.of(1, -2.5));
    expect(parsed('BOOL', Uint8Array.of(1, 0, 1), 3)).toEqual(Uint8Array.of(1, 0, 1));
    expect(() => parsed('BF16', bits(1, 2), 3)).toThrow(/needs 6 bytes and has 4/);
  });
});

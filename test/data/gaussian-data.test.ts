import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lowerFactor } from '../../src/data/covariance-factor.js';
import { parseDataSource } from '../../src/data/data-source.js';
import { classTargets } from '../../src/data/dataset.js';
import { loadDataset } from '../../src/data/load-dataset.js';
import { sha256Of } from '../../src/files/sha256.js';
import { npyOf } from '../files/npy-bytes.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gaussian-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const put = (name: string, values: number[], shape: number[]): string => {
  writeFileSync(join(folder, name), npyOf(Float64Array.from(values), shape));
  return join(folder, name);
};
const sha256 = (path: string): string => sha256Of(readFileSync(path));
const load = (text: string, seed = 1) =>
  loadDataset(parseDataSource(text), { pixels: 'unit', precision: 'f64', seed }).train;

describe('gaussian', () => {
  it('has the means and the covariances of the files, within five standard errors', () => {
    const means = [2, -1, 0, 5];
    const covariances = [2, 0.8, 0.8, 0.5, 1, -0.3, -0.3, 0.25];
    const [m, c] = [put('m.npy', means, [2, 2]), put('c.npy', covariances, [2, 2, 2])];
    const n = 20000;
    const data = load(`gaussian:${m},${c},${n}`);
    const { labels } = classTargets(data);
    for (const own of [0, 1]) {
      const rows = [...labels.keys()]
        .filter((i) => labels[i] === own)
        .map((i) => data.inputs.subarray(2 * i, 2 * i + 2));
      expect(Math.abs(rows.length - n / 2)).toBeLessThan(5 * Math.sqrt(n / 4));
      const mean = (of: (x: ArrayLike<number>) => number): number =>
        rows.reduce((sum, x) => sum + of(x), 0) / rows.length;
      for (const [f, g] of [
        [0, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        const [sff, sgg, sfg] = [
          [f, f],
          [g, g],
          [f, g],
        ].map(([a, b]) => covariances[4 * own + 2 * a! + b!]!) as [number, number, number];
        const [mf, mg] = [means[2 * own + f]!, means[2 * own + g]!];
        const error = Math.sqrt((sff * sgg + sfg * sfg) / rows.length);
        expect(Math.abs(mean((x) => (x[f]! - mf) * (x[g]! - mg)) - sfg)).toBeLessThan(5 * error);
        expect(Math.abs(mean((x) => x[f]!) - mf)).toBeLessThan(5 * Math.sqrt(sff / rows.length));
      }
    }
    expect(data.record.origin).toMatchObject({
      kind: 'gaussian',
      samples: n,
      seed: 1,
      means: sha256(m),
      covariances: sha256(c),
    });
  });

  it('gives sample i the same numbers whatever their number is, one covariance or a variance for all', () => {
    const m = put('m.npy', [1, 0, 0, 1], [2, 2]);
    const one = put('c.npy', [0.25, 0, 0, 0.25], [2, 2]);
    expect(load(`gaussian:${m},${one},5`).inputs).toEqual(load(`gaussian:${m},${one},50`).inputs.slice(0, 10));
    expect(load(`gaussian:${m},0.25,50`).inputs).toEqual(load(`gaussian:${m},${one},50`).inputs);
    expect(new Set(load(`gaussian:${m},0,50`).inputs)).toEqual(new Set([0, 1]));
  });

  it('says what is wrong', () => {
    const m = put('m.npy', [1, 0, 0, 1], [2, 2]);
    expect(() => load(`gaussian:${put('x.npy', [1, 2], [2])},1,5`)).toThrow(/means are of shape \[k, d\]/);
    const refuse = (values: number[], shape: number[], message: RegExp): void => {
      expect(() => load(`gaussian:${m},${put('c.npy', values, shape)},5`)).toThrow(message);
    };
    refuse([1, 2, 3], [3], /covariances are of shape \[2, 2, 2\] or, one for all, \[2, 2\]/);
    refuse([1, 2, 0, 1], [2, 2], /the covariance is not symmetric: \[1, 0\] is 0, \[0, 1\] 2/);
    refuse(
      [1, 0, 0, 1, 1, 2, 2, 1],
      [2, 2, 2],
      /covariance 1 is not positive semidefinite: what is left of \[1, 1\] is -3/,
    );
    expect(() => load(`gaussian:${m},1,0`)).toThrow(/samples must be a positive integer/);
  });
});

describe('lowerFactor', () => {
  it('gives L with L Lᵀ = C, where C is singular too', () => {
    const product = (factor: Float64Array, d: number): number[] =>
      Array.from({ length: d * d }, (_, at) => {
        const [i, j] = [Math.floor(at / d), at % d];
        return Array.from({ length: d }, (_, g) => factor[i * d + g]! * factor[j * d + g]!).reduce(
          (sum, x) => sum + x,
          0,
        );
      });
    for (const rank of [1, 2, 3, 4]) {
      const root = Array.from({ length: 4 * rank }, (_, i) => Math.sin(3 * i + rank));
      const c = Float64Array.from({ length: 16 }, (_, at) => {
        const [i, j] = [Math.floor(at / 4), at % 4];
        return Array.from({ length: rank }, (_, g) => root[i * rank + g]! * root[j * rank + g]!).reduce(
          (sum, x) => sum + x,
          0,
        );
      });
      const factor = lowerFactor(c, 4, 'f64');
      if (typeof factor === 'string') throw new Error(factor);
      product(factor, 4).forEach((x, at) => {
        expect(Math.abs(x - c[at]!)).toBeLessThan(1e-6);
      });
    }
    expect(lowerFactor(Float64Array.of(0, 1, 1, 5), 2, 'f64')).toMatch(/beside a variance of zero/);
    expect(lowerFactor(new Float64Array(4), 2, 'f64')).toEqual(new Float64Array(4));
  });
});

import { describe, expect, it } from 'vitest';
import { edgeDirections, spectralEdge, updateSpectrum } from '../../src/observe/index.js';
import { randomStream } from '../../src/numeric/random.js';
import { dot, randomBasis } from './dense-snapshot.js';

/** Updates Σ_k σ_k v_ki u_k of planted singular values, with the directions u that they lie along. */
function planted(sigmas: readonly number[], n: number, seed: number) {
  const [u, v] = [randomBasis(n, seed), randomBasis(sigmas.length, seed + 1)];
  const updates = sigmas.map((_, i) =>
    Float64Array.from({ length: n }, (__, f) => sigmas.reduce((sum, s, k) => sum + s * u[k]![f]! * v[k]![i]!, 0)),
  );
  return { updates, u };
}

const gram = (updates: readonly Float64Array[]): Float64Array =>
  Float64Array.from(updates.flatMap((a) => updates.map((b) => dot(a, b))));

const noise = (w: number, dimensions: number, seed: number): Float64Array[] => {
  const stream = randomStream(seed, 'noise');
  return Array.from({ length: w }, () => Float64Array.from({ length: dimensions }, () => stream.normal()));
};

describe('spectralEdge', () => {
  it('has σ, gaps, k*, R, share of the first and drift of planted updates, from G alone and from the updates', () => {
    const sigmas = [9, 8, 3, 2, 1.9];
    const { updates } = planted(sigmas, 30, 3);
    const mean = updates[0]!.map((_, f) => updates.reduce((sum, update) => sum + update[f]!, 0) / 5);
    for (const found of [spectralEdge(gram(updates), 5), updateSpectrum(updates)]) {
      found.singularValues.forEach((sigma, j) => {
        expect(sigma).toBeCloseTo(sigmas[j]!, 12);
      });
      [17, 55, 5, 4 - 1.9 ** 2].forEach((gap, j) => {
        expect(found.gaps[j]).toBeCloseTo(gap, 11);
      });
      expect(found).toMatchObject({ edge: 2 });
      expect(found.ratio).toBeCloseTo(8 / 3, 12);
      expect(found.firstShare).toBeCloseTo(81 / (81 + 64 + 9 + 4 + 3.61), 13);
      expect(found.drift).toBeCloseTo(Math.sqrt(dot(mean, mean)), 12);
    }
  });

  it('weighs k* by σ_j: the same where the whole window counts, an earlier one where the tail falls off most', () => {
    const { updates } = planted([10, 9.9, 5, 0.5, 0.04], 20, 5);
    expect(updateSpectrum(updates)).toMatchObject({ edge: 4, weightedEdge: 3 });
    expect(updateSpectrum(planted([10, 5, 4], 20, 5).updates)).toMatchObject({ edge: 1, weightedEdge: 1 });
  });

  it('takes the first of equal ratios, bears a zero update, and refuses what is no Gram matrix', () => {
    const diagonal = (...squares: number[]) =>
      Float64Array.from(squares.flatMap((_, i) => squares.map((x, j) => (i === j ? x : 0))));
    expect(spectralEdge(diagonal(16, 4, 1), 3)).toMatchObject({ edge: 1, ratio: 2, weightedEdge: 1, gaps: [12, 3] });
    expect(spectralEdge(diagonal(1, 1, 1, 1), 4)).toMatchObject({ edge: 1, ratio: 1, firstShare: 0.25, drift: 0.5 });
    expect(spectralEdge(diagonal(16, 4, 0), 3)).toMatchObject({ singularValues: [4, 2, 0], edge: 1, ratio: 2 });
    expect(spectralEdge(diagonal(9, 0, 0), 3)).toMatchObject({ edge: 1, ratio: Infinity, firstShare: 1 });
    expect(() => spectralEdge(diagonal(0, 0), 2)).toThrow(/all updates are zero/);
    expect(() => spectralEdge(diagonal(1, -1), 2)).toThrow(/no negative eigenvalue, received -1/);
    expect(() => spectralEdge(diagonal(1, 1), 3)).toThrow(/3 updates has 9 entries, received 4/);
    expect(() => spectralEdge(diagonal(1), 1)).toThrow(/at least 2 updates, received 1/);
  });

  it('of i.i.d. noise in D dimensions: σ from √D − √w to √D + √w, on average over draws', () => {
    const [w, dimensions, draws] = [10, 400, 40];
    const found = Array.from({ length: draws }, (_, seed) => updateSpectrum(noise(w, dimensions, seed)));
    const mean = (of: (one: (typeof found)[number]) => number): number =>
      found.reduce((sum, one) => sum + of(one) / draws, 0);
    // the ends fluctuate by (D^{1/2} + w^{1/2}) (D^{-1/2} + w^{-1/2})^{1/3}/2 · D^{-1/2}·O(1) < 1 about the edge (Johnstone 2001), its mean within −1.21 of that
    expect(Math.abs(mean((one) => one.singularValues[0]!) - (Math.sqrt(dimensions) + Math.sqrt(w)))).toBeLessThan(1);
    expect(Math.abs(mean((one) => one.singularValues[9]!) - (Math.sqrt(dimensions) - Math.sqrt(w)))).toBeLessThan(1);
    expect(mean((one) => one.ratio)).toBeLessThan(1.12);
    expect(mean((one) => one.drift)).toBeCloseTo(Math.sqrt(dimensions / w), 0);
  });
});

describe('edgeDirections', () => {
  it('are the planted directions above the edge, orthonormal, with the sign of their sum', () => {
    const { updates, u } = planted([9, 7, 2, 1], 25, 7);
    const { spectrum, directions } = edgeDirections(updates);
    expect(spectrum.edge).toBe(2);
    expect(directions.length).toBe(2 * 25);
    const sum = updates[0]!.map((_, f) => updates.reduce((total, update) => total + update[f]!, 0));
    for (const j of [0, 1]) {
      const v = directions.subarray(25 * j, 25 * (j + 1));
      expect(Math.abs(dot(v, u[j]!))).toBeCloseTo(1, 12);
      expect(dot(v, v)).toBeCloseTo(1, 12);
      expect(dot(v, sum)).toBeGreaterThan(0);
    }
    expect(edgeDirections(updates, 4).directions.length).toBe(100);
    expect(() => edgeDirections(planted([9, 7, 0], 25, 7).updates, 3)).toThrow(
      /rank 2 has 1 to 2 directions, received 3/,
    );
  });
});

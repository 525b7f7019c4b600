import { describe, expect, it } from 'vitest';
import { edgeOfNoise, edgeSummary, windowEdge } from '../../src/studies/noise/edge-of-noise.js';
import { noiseOfUpdates } from '../../src/studies/noise/noise-of-updates.js';
import { expectedGram } from '../../src/sgd-noise/drawn-gram.js';
import { updateCovarianceFrom } from '../../src/sgd-noise/update-covariance.js';

const diagonal = (...entries: number[]): Float64Array =>
  Float64Array.from(entries.flatMap((_, i) => entries.map((x, j) => (i === j ? x : 0))));

describe('windowEdge', () => {
  it('has the share of each direction that lies in the top space, and 0 where there is no direction', () => {
    expect(windowEdge(diagonal(16, 4, 1), diagonal(12, 1, 1), 3)).toMatchObject({
      edge: 1,
      ratio: 2,
      singularValues: [4, 2, 1],
      topShares: [0.75, 0.25, 1],
    });
    expect(windowEdge(diagonal(4, 0), diagonal(4, 0), 2).topShares).toEqual([1, 0]);
  });

  it('is summed over windows: shares of k*, means and their errors', () => {
    const [first, second] = [
      windowEdge(diagonal(16, 4, 1), diagonal(0, 0, 0), 3),
      windowEdge(diagonal(9, 4, 1), diagonal(0, 0, 0), 3),
    ];
    const summary = edgeSummary([first, second]);
    expect(summary.edges).toEqual([0.5, 0.5]);
    expect(summary.logRatio.mean).toBeCloseTo(Math.log(2), 14);
    expect(summary.logRatio.error).toBeCloseTo(0, 14);
    expect(summary.firstShare.mean).toBeCloseTo((16 / 21 + 9 / 14) / 2, 14);
  });
});

describe('edgeOfNoise', () => {
  const white = (variance: number) => diagonal(...new Array<number>(6).fill(variance));

  it('of one white level in D ≫ W dimensions has R near 1 and v_j by the share of the energy; flow puts k* at 1', () => {
    const [w, draws] = [6, 60];
    const noise = {
      top: [{ multiplicity: 500, covariance: white(1) }],
      rest: [{ multiplicity: 1500, covariance: white(1) }],
    };
    const still = edgeOfNoise([noise], w, { draws, seed: 1 });
    expect(Math.exp(still.logRatio.mean)).toBeLessThan(1.06);
    expect(still.topShares[2]!.mean).toBeCloseTo(0.25, 1);
    const moving = edgeOfNoise([{ ...noise, flow: 2000 }], w, { draws, seed: 1 });
    expect(moving.edges[0]).toBe(1);
    // σ₁² = 2000 (1 + W), and noise beside it up to (√2000 + √(W−1))²
    expect(Math.exp(moving.logRatio.mean)).toBeGreaterThan(Math.sqrt(14_000) / (Math.sqrt(2000) + Math.sqrt(5)) - 0.05);
    expect(Math.exp(moving.logRatio.mean)).toBeLessThan(Math.sqrt(7));
    expect(edgeOfNoise([noise], w, { draws, seed: 1 })).toEqual(still);
  });

  it('of fewer dimensions than updates has its edge among them', () => {
    const noise = {
      top: [{ multiplicity: 2, covariance: white(1) }],
      rest: [{ multiplicity: 600, covariance: white(1e-6) }],
    };
    const { edges, topShares } = edgeOfNoise([noise], 6, { draws: 50, seed: 2 });
    expect(edges[1]).toBe(1);
    expect(topShares[0]!.mean).toBeGreaterThan(0.99);
    expect(topShares[5]!.mean).toBeLessThan(0.01);
  });
});

it('noiseOfUpdates: known modes by λ_i and c_i, of the rest the trace that the probes have', () => {
  const steps = { learningRate: 0.1, batch: 10, samples: 100 };
  const window = { updates: 4, every: 3 };
  const probe = {
    nodes: Float64Array.of(0.5, -2),
    weights: Float64Array.of(40, 10),
    covariances: Float64Array.of(8, 6),
  };
  const noise = {
    samples: 100,
    top: { eigenvalues: Float64Array.of(9, 5, 3), covariances: Float64Array.of(2, 1, 4) },
    rest: { dimension: 50, probes: [probe] },
    products: 2,
    slopes: 5,
  };
  const { top, rest } = noiseOfUpdates(noise, 2, steps, window, 7);
  const unit = (eigenvalue: number) =>
    updateCovarianceFrom(eigenvalue, 1, { learningRate: 0.1, batch: 10 }, window, { before: 1507, samples: 100 });
  expect([top.length, rest.length]).toEqual([2, 3]);
  expect(top[0]!.covariance[1]).toBeCloseTo(2 * unit(9)[1]!, 14);
  expect(rest[0]!.covariance[5]).toBeCloseTo(4 * unit(3)[5]!, 14);
  const trace = (gram: Float64Array) => gram[0]! + gram[5]! + gram[10]! + gram[15]!;
  const found = trace(expectedGram(rest.slice(1), 4));
  expect(found / (8 * trace(unit(0.5)) + 6 * trace(unit(2)))).toBeCloseTo(1, 12);
});

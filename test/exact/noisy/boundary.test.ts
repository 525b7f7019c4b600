import { describe, expect, it } from 'vitest';
import { boundary, firstCrossing } from '../../../src/exact/noisy/index.js';

describe('boundary', () => {
  it.each([
    [10, 0.1, 34.4542254],
    [10, 0.2, 9.7515286],
    [10, 0.3, 4.9538734],
    [4, 0.5, 1.3187176],
    [5, 0.3, 3.8433379],
  ])('k = %i, σ = %f: the antisymmetric level crosses at α = %f', (k, noise, margin) => {
    const found = boundary(k, noise);
    expect(found.sector).toBe('antisymmetric');
    expect(Math.abs(found.margin - margin)).toBeLessThan(1e-7);
    expect(found.errorBar).toBeLessThan(1e-9);
    expect(found.later.map(({ sector }) => sector).sort()).toEqual(['bulk', 'standard-', 'symmetric']);
  });

  it.each([
    [4, 0.25],
    [6, 0.2958758564],
    [10, 0.3418868],
  ])('k = %i: α_c σ² = %f at σ = 0.05, near the law for vanishing noise', (k, relative) => {
    const { relativeMargin, smallNoiseLaw } = boundary(k, 0.05);
    expect(Math.abs(relativeMargin - relative)).toBeLessThan(6e-8);
    expect(Math.abs(relativeMargin - smallNoiseLaw)).toBeLessThan(1e-6);
  });

  it('is crossed by the bulk for two classes, whose law is 1/2', () => {
    const found = boundary(2, 0.1);
    expect(found).toMatchObject({ sector: 'bulk', smallNoiseLaw: 0.5, later: [] });
    expect(firstCrossing(2, 0.1).margin).toBe(found.margin);
  });

  it('reaches the corners of the domain', () => {
    expect(boundary(10, 0.01).relativeMargin).toBeCloseTo((1 - 1 / Math.sqrt(10)) / 2, 9);
    expect(boundary(3, 10).margin).toBeGreaterThan(0);
    expect(boundary(1000, 0.2).relativeMargin).toBeGreaterThan(0.6);
  });
});

import { describe, expect, it } from 'vitest';
import { blockLanczos, type BlockLanczosOptions } from '../../src/numeric/lanczos/block-lanczos.js';
import { denseEigen } from '../../src/numeric/kernels/dense-eigen.js';
import { hutchPlusPlus } from '../../src/numeric/traces/hutch-plus-plus.js';
import { randomStream } from '../../src/numeric/random.js';
import { stochasticLanczosQuadrature } from '../../src/numeric/traces/stochastic-lanczos-quadrature.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { unitFactor, unitScaled } from '../../src/numeric/kernels/unit-scale.js';
import { timeless } from './timeless.js';

const n = 40;
const stream = randomStream(1, 'scale-free');
const factors = Array.from({ length: n * n }, () => stream.normal());
const gradient = Float64Array.from({ length: n }, () => stream.normal());
/** s (1/n) F Fᵀ: products are those of s = 1 times s, bit by bit, as long as they are normal numbers. */
const operator = (s: number): SymmetricOperator => ({
  dimension: n,
  apply(block, columns) {
    const result = new Float64Array(block.length);
    for (let j = 0; j < columns; j++) {
      const inner = Array.from({ length: n }, (_, a) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += factors[i * n + a]! * block[j * n + i]!;
        return sum;
      });
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let a = 0; a < n; a++) sum += factors[i * n + a]! * inner[a]!;
        result[j * n + i] = (s * sum) / n;
      }
    }
    return result;
  },
});
const scales = [2 ** -960, 2 ** -500, 2 ** 500, 2 ** 960];
const times = (x: Float64Array, s: number): Float64Array => x.map((entry) => s * entry);

describe.each(scales)('on an operator %d times as large', (s) => {
  it.each([
    ['largest', {}],
    ['smallest', { which: 'smallest' }],
    ['f_top', { until: { topFraction: { gradient, m: 2, accuracy: 1e-6 } } }],
    [
      'f_top of a gradient as small',
      { until: { topFraction: { gradient: times(gradient, s), m: 2, accuracy: 1e-6 } } },
    ],
  ] as const)('blockLanczos finds the same bytes times the scale: %s', (_, given) => {
    const options: BlockLanczosOptions = { count: 4, ...given };
    const goal = 'until' in given ? { until: { topFraction: { gradient, m: 2, accuracy: 1e-6 } } } : {};
    const reference = timeless(blockLanczos(operator(1), { ...options, ...goal }));
    const { values, residuals, errors, outer, rounding, norm, unseen, topFraction, alongGradient, ...others } =
      reference;
    const scaled = {
      ...others,
      values: times(values, s),
      residuals: times(residuals, s),
      errors: times(errors, s),
      outer: times(outer, s),
      rounding: s * rounding,
      norm: s * norm,
      unseen: s * unseen,
      ...(topFraction === undefined ? {} : { topFraction: { ...topFraction, gap: s * topFraction.gap } }),
      ...(alongGradient === undefined ? {} : { alongGradient: times(alongGradient, s) }),
    };
    expect(timeless(blockLanczos(operator(s), options))).toEqual(scaled);
  });

  it('the quadrature, the trace and the dense solver do too', () => {
    const quadrature = stochasticLanczosQuadrature(operator(1), { probes: 2, steps: 8 });
    expect(stochasticLanczosQuadrature(operator(s), { probes: 2, steps: 8 })).toEqual({
      ...quadrature,
      probes: quadrature.probes.map(({ nodes, weights }) => ({ nodes: times(nodes, s), weights })),
    });
    const trace = hutchPlusPlus(operator(1));
    expect(hutchPlusPlus(operator(s))).toEqual({
      trace: s * trace.trace,
      standardError: s * trace.standardError,
      lower: s * trace.lower,
      upper: s * trace.upper,
      lowRank: s * trace.lowRank,
      products: trace.products,
    });
    const pairs = denseEigen(operator(1));
    expect(denseEigen(operator(s))).toEqual({
      ...pairs,
      values: times(pairs.values, s),
      residuals: times(pairs.residuals, s),
      errors: times(pairs.errors, s),
    });
  });
});

describe('blockLanczos', () => {
  it('finds the scale at the first product that is not zero', () => {
    const tiny: SymmetricOperator = {
      dimension: 6,
      apply: (block) => block.map((x, at) => (at % 6 === 5 ? 2 ** -900 * x : 0)),
    };
    const start = Float64Array.of(1, 0, 0, 0, 0, 0);
    const { values } = blockLanczos(tiny, { count: 2, start, blockSize: 1 });
    expect(values[0]! / 2 ** -900).toBeCloseTo(1, 14);
    expect(Math.abs(values[1]!)).toBeLessThan(1e-14 * 2 ** -900);
    const zero: SymmetricOperator = { dimension: 6, apply: (block) => new Float64Array(block.length) };
    expect([...blockLanczos(zero, { count: 2 }).values]).toEqual([0, 0]);
  });
});

describe('unitFactor', () => {
  it('brings the largest entry between 1 and 2 by a power of two', () => {
    for (const x of [1, 1.9, 2, 1e-300, 3e300, 0.7, Number.MIN_VALUE]) {
      const factor = unitFactor(Float64Array.of(0.1 * x, -x));
      expect(Number.isInteger(Math.log2(factor))).toBe(true);
      if (x > 1e-307) expect(x * factor).toBeGreaterThanOrEqual(1);
      expect(x * factor).toBeLessThan(2);
    }
    expect(unitFactor(Float64Array.of(0, 0))).toBe(1);
    expect(unitFactor(Float64Array.of(1, NaN))).toBe(1);
    expect([...unitScaled(Float64Array.of(2 ** -600, -(2 ** -601)))]).toEqual([1, -0.5]);
  });
});

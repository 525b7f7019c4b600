import { describe, expect, it } from 'vitest';
import { integrateSoftmaxFlow, softmaxField } from '../../../src/exact/flow/index.js';
import { biasSnapshot, exactFlow, randomWeights, symmetricPoint } from '../../../src/exact/noiseless/index.js';
import { randomStream } from '../../../src/numeric/random.js';

describe('softmaxField', () => {
  it('keeps 1 − p_a to relative accuracy', () => {
    const [k, margin] = [3, 60];
    const weights = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? margin : 0));
    const velocity = new Float64Array(k * k);
    softmaxField(k)(0, weights, velocity);
    const wrong = Math.exp(-margin) / k; // over 1 + 2 e^{−60}
    velocity.forEach((v, i) => {
      expect(Math.abs(v / (i % (k + 1) === 0 ? 2 * wrong : -wrong) - 1)).toBeLessThan(4 * Number.EPSILON);
    });
  });
});

describe('the closed form and the numerical integration of gradient flow', () => {
  it('agree to 1e-10 for 200 random (k, W(0), t): max |ΔW| over max(1, |W|)', () => {
    const stream = randomStream(1, 'agreement');
    for (let i = 0; i < 200; i++) {
      const k = 2 + stream.integer(9);
      const scale = 10 ** (-2 + 2.7 * stream.uniform());
      const time = 10 ** (-2 + 8 * stream.uniform());
      const initial = randomWeights(k, scale, i);
      const exact = exactFlow(k, initial).at(time).weights;
      const tolerance = { relativeTolerance: 1e-12, absoluteTolerance: 3e-13 };
      const [, integrated] = integrateSoftmaxFlow({ classes: k, initial, times: [0, time] }, tolerance).states;
      const largest = exact.reduce((m, w) => Math.max(m, Math.abs(w)), 1);
      const difference = exact.reduce((m, w, j) => Math.max(m, Math.abs(w - integrated![j]!)), 0);
      expect(difference / largest, `k = ${k}, scale = ${scale}, t = ${time}`).toBeLessThan(1e-10);
    }
  });

  it('agree that with biases the flow from W(0) = 0 keeps the biases at 0', () => {
    const k = 4;
    const [, w] = integrateSoftmaxFlow({
      classes: k,
      initial: new Float64Array(k * (k + 1)),
      times: [0, 50],
      bias: true,
    }).states;
    const { margin } = symmetricPoint(k, 50);
    for (let c = 0; c < k; c++) {
      expect(Math.abs(w![c * (k + 1) + k]!)).toBeLessThan(1e-13);
      for (let a = 0; a < k; a++) expect(w![c * (k + 1) + a]).toBeCloseTo(margin * ((c === a ? 1 : 0) - 1 / k), 9);
    }
    expect(biasSnapshot(k, k, 50).time).toBe(50);
  });

  it('refuse initial weights of the wrong length', () => {
    expect(() => integrateSoftmaxFlow({ classes: 3, initial: new Float64Array(9), times: [0, 1], bias: true })).toThrow(
      /must hold 12 numbers, received 9/,
    );
  });
});

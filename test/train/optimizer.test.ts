import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import {
  adamDefaults,
  initialState,
  optimizerStep,
  standardOptimizer,
  type Optimizer,
} from '../../src/train/optimizer.js';
import type { FloatArray } from '../../src/numeric/kernels/float-array.js';

/** θ_0, θ_1, … under a gradient that may depend on θ and the step. */
function path(
  optimizer: Optimizer,
  start: FloatArray,
  gradient: (theta: FloatArray, step: number) => FloatArray,
  eta: number,
  steps: number,
): FloatArray[] {
  let at = { parameters: start, state: initialState(optimizer, start) };
  const result = [start];
  for (let t = 0; t < steps; t++) {
    at = optimizerStep(optimizer, at, gradient(at.parameters, t), eta);
    result.push(at.parameters);
  }
  return result;
}

/** On the quadratic λθ²/2 every rule here but Adam is a linear recurrence, whose solution is compared: T roundings of numbers ≤ 2. */
function checkQuadratic(optimizer: Optimizer, etaLambda: number, solution: (t: number) => number): void {
  const lambda = 4;
  const eta = etaLambda / lambda;
  path(optimizer, Float64Array.of(1), (theta) => theta.map((x) => lambda * x), eta, 40).forEach((theta, t) => {
    expect(Math.abs(theta[0]! - solution(t)), `step ${t}`).toBeLessThan(8 * (t + 1) * Number.EPSILON);
  });
}

describe('optimizerStep', () => {
  const [g1, g2] = [Float64Array.of(1, -4), Float64Array.of(2, 0)];
  const two = (optimizer: Optimizer): number[][] =>
    path(optimizer, Float64Array.of(1, 0), (_, t) => (t === 0 ? g1 : g2), 0.125, 2).map((theta) => [...theta]);

  it('follows sequences computed by hand', () => {
    expect(two({ kind: 'sgd' })).toEqual([
      [1, 0],
      [0.875, 0.5],
      [0.625, 0.5],
    ]);
    // v: (1, −4), then (2.5, −2)
    expect(two({ kind: 'momentum', momentum: 0.5 })).toEqual([
      [1, 0],
      [0.875, 0.5],
      [0.5625, 0.75],
    ]);
    // g + v/2: (1.5, −6), then (3.25, −1)
    expect(two({ kind: 'nesterov', momentum: 0.5 })).toEqual([
      [1, 0],
      [0.8125, 0.75],
      [0.40625, 0.875],
    ]);
  });

  it('follows two steps of Adam computed by hand', () => {
    // β₁ = 1/2, β₂ = 3/4, ε = 1, g = 3 then 1: m = 3/2, v = 9/4; m = 5/4, v = 31/16; corrected by 1/2, 1/4; 3/4, 7/16.
    const optimizer: Optimizer = { kind: 'adam', beta1: 0.5, beta2: 0.75, epsilon: 1 };
    const [, first, second] = path(optimizer, Float64Array.of(0), (_, t) => Float64Array.of(t === 0 ? 3 : 1), 1, 2);
    expect(first![0]).toBe(-3 / 4);
    expect(second![0]).toBeCloseTo(-3 / 4 - 5 / 3 / (Math.sqrt(31 / 7) + 1), 15);
  });

  it('follows two steps of AdamW computed by hand: the decay is of θ, before the step, and not of the moments', () => {
    // As above, with η = 1/2 and λ = 1/2: θ is 2, then 3/4 · 2 − 3/8, then 3/4 of that less half of the step of Adam.
    const optimizer: Optimizer = { kind: 'adamw', beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 0.5 };
    const [, first, second] = path(optimizer, Float64Array.of(2), (_, t) => Float64Array.of(t === 0 ? 3 : 1), 0.5, 2);
    expect(first![0]).toBe(3 / 2 - 3 / 8);
    expect(second![0]).toBeCloseTo((3 / 4) * (9 / 8) - 5 / 6 / (Math.sqrt(31 / 7) + 1), 15);
    // PyTorch's form, one operation after the other, over many steps.
    const standard = standardOptimizer('adamw');
    const { beta1, beta2, epsilon, weightDecay } = standard;
    const [rate, g] = [0.02, (t: number) => Math.sin(t + 1)];
    let [theta, m, v] = [1.5, 0, 0];
    path(standard, Float64Array.of(theta), (_, t) => Float64Array.of(g(t)), rate, 50).forEach((at, t) => {
      expect(Math.abs(at[0]! - theta), `step ${t}`).toBeLessThan(1e-14);
      theta *= 1 - rate * weightDecay;
      m = m * beta1 + g(t) * (1 - beta1);
      v = v * beta2 + g(t) * g(t) * (1 - beta2);
      const denominator = Math.sqrt(v) / Math.sqrt(1 - beta2 ** (t + 1)) + epsilon;
      theta -= (rate / (1 - beta1 ** (t + 1))) * (m / denominator);
    });
  });

  it('is Adam without decay', () => {
    const adam = standardOptimizer('adam');
    expect(two({ ...adam, kind: 'adamw', weightDecay: 0 })).toEqual(two(adam));
    expect(() => initialState({ ...adam, kind: 'adamw', weightDecay: -1 }, Float64Array.of(1))).toThrow(
      /weightDecay of the optimizer 'adamw' must be a number from 0 on, received -1/,
    );
  });

  it('solves the quadratic as its recurrence does', () => {
    checkQuadratic({ kind: 'sgd' }, 0.25, (t) => 0.75 ** t);
    // θ'' = (1 + μ − ηλ) θ' − μ θ, roots 0.9 and 0.5
    checkQuadratic({ kind: 'momentum', momentum: 0.45 }, 0.05, (t) => 1.125 * 0.9 ** t - 0.125 * 0.5 ** t);
    // θ'' = (1 + μ)(1 − ηλ) θ' − μ(1 − ηλ) θ, roots 0.75 and 0.6
    checkQuadratic({ kind: 'nesterov', momentum: 0.5 }, 0.1, (t) => (5 * 0.75 ** t - 2 * 0.6 ** t) / 3);
  });

  it('is plain SGD at momentum 0', () => {
    for (const kind of ['momentum', 'nesterov'] as const) {
      expect(two({ kind, momentum: 0 })).toEqual(two({ kind: 'sgd' }));
    }
  });

  it('moves Adam under a constant gradient by η g/(|g| + ε) from the first step on', () => {
    const gradient = Float64Array.of(1e-3, -7, 0);
    path(adamDefaults, new Float64Array(3), () => gradient, 0.01, 200).forEach((theta, t) => {
      theta.forEach((x, i) => {
        const expected = (-0.01 * t * gradient[i]!) / (Math.abs(gradient[i]!) + 1e-8);
        // 1 − β₂ᵗ and the moments have relative errors of a few ε/(1 − β₂)
        expect(Math.abs(x - expected)).toBeLessThanOrEqual(Math.abs(expected) * 4000 * Number.EPSILON);
      });
    });
  });

  it('changes nothing it is given', () => {
    for (const optimizer of [adamDefaults, { kind: 'nesterov', momentum: 0.9 }] as const) {
      const parameters = Float64Array.of(1, 2);
      const once = optimizerStep(optimizer, { parameters, state: initialState(optimizer, parameters) }, g1, 0.1);
      const before = structuredClone({ once, parameters, g1 });
      optimizerStep(optimizer, once, g1, 0.1);
      expect({ once, parameters, g1 }).toEqual(before);
      expect(once.state.step).toBe(1);
    }
  });

  it('keeps single precision, rounded once', () => {
    const [theta, g] = [Float32Array.of(0.1, 1 / 3), Float32Array.of(0.7, 1e-3)];
    const [, next] = path({ kind: 'sgd' }, theta, () => g, 0.3, 1);
    expect(next).toEqual(theta.map((x, i) => Math.fround(x - 0.3 * g[i]!)));
    const { state } = optimizerStep(
      adamDefaults,
      { parameters: theta, state: initialState(adamDefaults, theta) },
      g,
      1,
    );
    for (const vector of state.vectors.values()) expect(vector).toBeInstanceOf(Float32Array);
  });

  it('refuses gradients and states of other parameters, and constants outside their range', () => {
    const parameters = new Float64Array(2);
    const adam = { parameters, state: initialState(adamDefaults, parameters) };
    expect(() => optimizerStep(adamDefaults, adam, new Float64Array(3), 1)).toThrow(
      /gradient must hold 2 numbers, as the parameters do; received 3/,
    );
    expect(() => optimizerStep({ kind: 'momentum', momentum: 0.9 }, adam, parameters, 1)).toThrow(
      /velocity must hold 2 numbers.*received 0/,
    );
    expect(() => initialState({ kind: 'momentum', momentum: 1 }, parameters)).toThrow(UsageError);
    expect(() => initialState({ ...adamDefaults, beta2: NaN } as Optimizer, parameters)).toThrow(
      /beta2 of the optimizer 'adam' must be a number from 0 to below 1, received NaN/,
    );
    expect(() => initialState({ ...adamDefaults, epsilon: 0 } as Optimizer, parameters)).toThrow(/epsilon.*above 0/);
  });
});

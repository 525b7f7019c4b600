import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { solveFlow } from '../../../src/exact/flow/index.js';
import { exactFlow, exactSnapshot, randomWeights } from '../../../src/exact/noiseless/index.js';
import {
  collapse,
  collapses,
  joinSectors,
  linearResponse,
  marginClock,
  noisyMarginRate,
  splitSectors,
  type ResponseState,
} from '../../../src/exact/noisy/index.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { measuredSpectrum, topFraction } from '../../../src/observe/index.js';
import { mixtureFromGram, populationPoint, tensorHermite } from '../../../src/exact/population/index.js';

const k = 3;
const noise = 0.5;
const gram = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 : 0));
const model = mixtureFromGram({ gram, dim: 3, noises: [noise, noise, noise] });
const rule = tensorHermite(40);
const direction = randomWeights(k, 1, 7);

/** The full nonlinear flow of the population from W(0) = δ · direction. */
function nonlinear(delta: number, time: number): Float64Array {
  const field = (_: number, W: Float64Array, dW: Float64Array): void => {
    const { gradient } = populationPoint(model, W, rule);
    gradient.forEach((g, i) => (dW[i] = -g));
  };
  const initial = direction.map((x) => delta * x);
  return solveFlow(field, initial, [0, time], { relativeTolerance: 1e-11, absoluteTolerance: 1e-13 }).states[1]!;
}

/** α(t) B + the propagated deviations; the trivial one moves along the flow, the gauge part stays. */
function linear(delta: number, time: number): Float64Array {
  const W0 = direction.map((x) => delta * x);
  const { trivial, means, differences, symmetric, antisymmetric } = splitSectors(k, W0);
  const [state] = linearResponse({ classes: k, dim: 3, noise }, [time]);
  const { decay, propagator: P, margin } = state!;
  const alongFlow = noisyMarginRate({ classes: k, noise, margin }) / noisyMarginRate({ classes: k, noise, margin: 0 });
  const moved = joinSectors(k, {
    trivial: margin * Math.sqrt(k - 1) + trivial * alongFlow,
    means: means.map((m, c) => P[0] * m + P[1] * differences[c]!),
    differences: means.map((m, c) => P[2] * m + P[3] * differences[c]!),
    symmetric: symmetric.map((x) => decay.symmetric * x),
    antisymmetric: antisymmetric.map((x) => decay.antisymmetric * x),
  });
  return moved.map((x, i) => x + (W0[i % k]! + W0[k + (i % k)]! + W0[2 * k + (i % k)]!) / k);
}

describe('linearResponse', () => {
  it('misses the full nonlinear flow by second order in δ: slope 2 ± 0.1 over three decades', () => {
    const deltas = [1, 0.1, 0.01, 1e-3].map((x) => 0.3 * x);
    const errors = deltas.map((delta) => {
      const [full, first] = [nonlinear(delta, 4), linear(delta, 4)];
      return Math.hypot(...full.map((x, i) => x - first[i]!));
    });
    const slopes = errors.slice(1).map((error, i) => Math.log10(errors[i]! / error));
    for (const slope of slopes) expect(Math.abs(slope - 2)).toBeLessThan(0.1);
  }, 120_000);

  it('gives 1 − f_top(k) of the full flow, with an error of first order in δ', () => {
    const time = 1.5; // before the gradient’s level is crossed
    const ratio = (delta: number): number => {
      const W = nonlinear(delta, time);
      const { gradient, hessian, loss } = populationPoint(model, W, rule);
      const spectrum = measuredSpectrum(denseEigen(hessian));
      const snapshot = { time, loss, parameters: 9, gradient, hessian, spectrum, origin: 'exact' as const };
      const { means, differences, antisymmetric } = splitSectors(
        k,
        direction.map((x) => delta * x),
      );
      const [state] = linearResponse({ classes: k, dim: 3, noise }, [time]);
      const lost = state!.modes.map(({ sector, turned: [x, y] }) => {
        const part =
          sector === 'standard-'
            ? means.map((m, c) => x! * m + y! * differences[c]!)
            : antisymmetric.map((a) => x! * a);
        return sector === 'standard+' ? 0 : part.reduce((sum, value) => sum + value ** 2, 0);
      });
      return (1 - topFraction(snapshot, k).lower) / (lost.reduce((sum, x) => sum + x, 0) / state!.gradientNorm ** 2);
    };
    expect(Math.abs(ratio(1e-2) - 1)).toBeLessThan(0.1);
    expect(Math.abs(ratio(1e-3) - 1)).toBeLessThan(0.01);
  });

  it('relaxes at α* in closed form, however late', () => {
    const states = linearResponse({ classes: 4, dim: 6, noise: 0.6 }, [1e3, 1e12]);
    expect(states[1]!.margin).toBeCloseTo(1 / 0.36, 9);
    expect(states[1]!.decay.bulk).toBe(0);
  });

  it('has the gradient of the flow where α* − α is less than the rounding of α, and what all is over where it would underflow', () => {
    const own = { classes: 4, dim: 6, noise: 0.6 };
    const [early, late, last] = linearResponse(own, [900, 4000, 1e12]);
    const exponent = ({ gradientNorm, logUnit }: ResponseState): number => Math.log(gradientNorm) + logUnit;
    expect(late!.margin).toBeCloseTo(1 / 0.36, 14);
    expect((exponent(early!) - exponent(late!)) / (3100 * late!.trivialLevel)).toBeCloseTo(1, 6);
    expect(late!.logUnit).toBe(0);
    const all = [last!.gradientNorm, ...last!.modes.flatMap(({ plain }) => plain)].map(Math.abs);
    expect(Math.max(...all)).toBeGreaterThan(1e-12);
    expect(all.every(Number.isFinite)).toBe(true);
    expect(last!.logUnit / 1e12).toBeCloseTo(
      -Math.min(last!.trivialLevel, ...last!.modes.map(({ level }) => level)),
      6,
    );
  });

  it('takes times that differ by a rounding error only', () => {
    const next = 100 * (1 + Number.EPSILON);
    expect(Math.log1p(next)).toBe(Math.log1p(100)); // the flow's own variable does not tell them apart
    const [first, second] = linearResponse({ classes: 4, dim: 6, noise: 0.3 }, [100, next]);
    expect([first!.time, second!.time]).toEqual([100, next]);
    expect(second!.decay).toEqual(first!.decay);
  });

  it('refuses noise at which curvatures underflow', () => {
    expect(() => linearResponse({ classes: 4, dim: 6, noise: 0.015 }, [1])).toThrow(UsageError);
  });
});

describe('collapse', () => {
  it.each([
    { classes: 2, dim: 2, noise: 0.9 },
    { classes: 2, dim: 5, noise: 0.9 },
    { classes: 3, dim: 3, noise: 0.9 },
    { classes: 10, dim: 50, noise: 0.3, correlation: 0.2 },
  ])('is a number at all times: %o', (own) => {
    const { states } = collapse(own, { delta: 0.01, times: [1, 1e3, 1e5, 3e5, 1e6, 1e12], draws: 20 });
    const late = states.slice(2);
    const rest = own.dim === 2 ? 1 : 0; // with d = k = 2 there is nothing outside the top space; else the gradient of the flow decays last
    for (const { lower, upper, standardError, quantiles } of late)
      for (const share of [lower, upper, ...quantiles, rest + standardError])
        expect(Math.abs(share - rest)).toBeLessThan(1e-12);
  });

  it('keeps shares that are small because δ is', () => {
    const at = (delta: number): number =>
      collapse({ classes: 10, dim: 13, noise: 0.9 }, { delta, times: [40], draws: 50 }).states[0]!.lower;
    expect(at(1e-6)).toBeGreaterThan(0);
    expect(at(1e-6) / at(1e-5)).toBeCloseTo(0.01, 6);
  });

  it('opens at some 40 δ, when the exact flow from random weights does, and closes when the gradient’s level is crossed', () => {
    const wide = collapse({ classes: 10, dim: 50, noise: 0.3 }, { delta: 1e-3, times: [1, 1000], draws: 400 });
    const narrow = collapse({ classes: 10, dim: 50, noise: 0.3 }, { delta: 0.1, times: [1, 1000], draws: 400 });
    const medianAt = (time: number): number => {
      const flows = Array.from({ length: 41 }, (_, seed) => exactFlow(10, randomWeights(10, 1e-3, seed)).at(time));
      return flows.map((state) => topFraction(exactSnapshot(state, 50), 10).lower).sort((x, y) => x - y)[20]!;
    };
    // The noiseless flow opens at 44 δ, linear response at σ = 0.3 at 34 δ.
    expect(medianAt(0.5 * wide.window.opens!)).toBeLessThan(0.99);
    expect(medianAt(2 * wide.window.opens!)).toBeGreaterThan(0.99);
    expect(narrow.window.opens! / wide.window.opens!).toBeGreaterThan(50);
    const { logTimeAt } = marginClock({ classes: 10, noise: 0.3 });
    expect(wide.window.closes! / Math.exp(logTimeAt(4.953873441))).toBeCloseTo(1, 1);
    expect(wide.states[0]!.lower).toBeGreaterThan(0.999);
    expect(wide.states[1]!.upper).toBeLessThan(0.001);
    expect(collapse({ classes: 10, dim: 50, noise: 0.3 }, { delta: 1e-3, times: [1, 1000], draws: 400 })).toEqual(wide);
    const both = collapses({ classes: 10, dim: 50, noise: 0.3 }, { deltas: [1e-3, 0.1], times: [1, 1000], draws: 400 });
    expect(both[0]).toEqual(wide);
    expect(both[1]!.states[0]!.lower).toBeCloseTo(narrow.states[0]!.lower, 12);
  });
});

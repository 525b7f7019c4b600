import { describe, expect, test } from 'vitest';
import {
  gradientCovariance,
  marginClock,
  noiseAlongFlow,
  noiseOfSteps,
  noisePath,
  noiseTakeover,
  noiselessSgdNoise,
  noisyLevels,
  stationaryNoise,
  symmetricPoint,
  symmetricPointAtMargin,
} from '../../../src/exact.js';

const model = { classes: 3, dim: 6, noise: 0.4 };
const optimal = 1 / model.noise ** 2;

describe('the noise at rest', () => {
  test.each([
    // [lower, upper] of dense matrices with C = H, and of C and H apart
    [4, 10, 0.5, 1, 0.4293, 0.5899],
    [5, 20, 0.25, 1, 0.6246, 0.7766],
    [10, 50, 0.3, 1, 0.304, 0.4445],
    [10, 50, 0.3, 0.4, 0.3446, 0.3446],
    [3, 8, 0.4, 0.8, 0.7442, 0.7442],
  ])('k = %i, d = %i, σ = %f, %f α*: f_noise', (classes, dim, noise, relative, lower, upper) => {
    const point = { classes, dim, noise, margin: relative / noise ** 2 };
    const { stationary } = stationaryNoise(point, { learningRateOverBatch: 1e-4 }).topFraction;
    expect(stationary.lower).toBeCloseTo(lower, 4);
    expect(stationary.upper).toBeCloseTo(upper, 4);
  });

  test('at α* is Σλ² of the top over Tr H², and ηλ weighs the top more', () => {
    const point = { ...model, margin: optimal };
    const { levels } = noisyLevels(point);
    const weigh = (eta: number): number => {
      const energies = levels.map(({ value, multiplicity }) => (multiplicity * value ** 2) / (2 - eta * value));
      return (energies[0]! + energies[1]!) / energies.reduce((sum, energy) => sum + energy, 0);
    };
    const slow = stationaryNoise(point, { learningRateOverBatch: 1e-4 });
    const fast = stationaryNoise(point, { learningRate: 10, batch: 100 });
    expect(slow.topFraction.lower).toBeCloseTo(weigh(0), 12);
    expect(fast.topFraction.lower).toBeCloseTo(weigh(10), 12);
    expect(fast.topFraction.lower).toBeGreaterThan(slow.topFraction.lower + 0.01);
  });

  test('energies are proportional to η/b, the flow is not, and the second order is as small as η/b', () => {
    const point = { ...model, margin: 0.7 * optimal };
    const [one, two] = [1e-3, 2e-3].map((ratio) => stationaryNoise(point, { learningRateOverBatch: ratio })) as [
      ReturnType<typeof stationaryNoise>,
      ReturnType<typeof stationaryNoise>,
    ];
    expect(two.gradientEnergy.noise / one.gradientEnergy.noise).toBeCloseTo(2, 12);
    expect(two.gradientEnergy.flow).toBe(one.gradientEnergy.flow);
    expect(two.secondOrder / one.secondOrder).toBeCloseTo(2, 10);
    expect(one.secondOrder).toBeLessThan(1e-2);
    expect(one.levels.reduce((sum, { gradientEnergy }) => sum + gradientEnergy, 0)).toBeCloseTo(
      one.gradientEnergy.flow + one.gradientEnergy.noise,
      15,
    );
  });

  test('says which rule or top space is none', () => {
    const point = { ...model, margin: 1 };
    expect(() => stationaryNoise(point, { learningRate: 100, batch: 1 })).toThrow('diverges');
    expect(() => stationaryNoise(point, { learningRateOverBatch: 1e-3 }, 19)).toThrow('from 1 to 18 dimensions');
    expect(() => stationaryNoise({ ...point, noise: 0.001 }, { learningRateOverBatch: 1e-3 })).toThrow(
      'noise must lie',
    );
  });

  test('keeps its shares where energies underflow', () => {
    const { topFraction, overlap } = stationaryNoise(
      { classes: 10, dim: 50, noise: 0.02, margin: 1750 },
      { learningRateOverBatch: 1e-3 },
    );
    expect(topFraction.lower).toBeGreaterThan(0.8);
    expect(overlap).toBeGreaterThan(0.9);
    const end = stationaryNoise({ classes: 2, dim: 2, noise: 0.01, margin: 2e4 }, { learningRate: 0.1, batch: 16 });
    expect(end.gradientEnergy.noise).toBe(0);
    expect(Number.isFinite(end.secondOrder)).toBe(true);
  });
});

describe('the noise along the flow', () => {
  test('grows as (η/b) c t at first, and rests in the end', () => {
    const [early, late] = noiseAlongFlow(model, { learningRateOverBatch: 1e-2 }, [1e-3, 1e9]);
    const { levels } = gradientCovariance({ ...model, margin: early!.margin });
    early!.levels.forEach(({ variance }, i) => {
      expect(variance).toBeCloseTo(1e-2 * 1e-3 * levels[i]!.covariance, 7);
    });
    const rest = stationaryNoise({ ...model, margin: late!.margin }, { learningRateOverBatch: 1e-2 });
    expect(late!.topFraction.lower).toBeCloseTo(rest.topFraction.stationary.lower, 10);
    expect(late!.gradientEnergy.noise / rest.gradientEnergy.noise).toBeCloseTo(1, 10);
  });

  test('solves V′ = −HV − VH + C in every sector', () => {
    const { at, curves, clock } = noisePath(model, 1000);
    for (const time of [1, 20, 300]) {
      const h = 1e-3 * time;
      const V = (s: number) => at(clock.marginAt(time + s * h)).sectors;
      const [before, now, after] = [V(-1), V(0), V(1)];
      const matrices = curves(clock.marginAt(time));
      for (const sector of ['trivial', 'antisymmetric', 'bulk', 'standard'] as const) {
        const { size, hessian: H, covariance: C } = matrices[sector];
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            let expected = C[i * size + j]!;
            for (let l = 0; l < size; l++) {
              expected -= H[i * size + l]! * now[sector].entries[l * size + j]!;
              expected -= now[sector].entries[i * size + l]! * H[l * size + j]!;
            }
            const slope = (after[sector].entries[i * size + j]! - before[sector].entries[i * size + j]!) / (2 * h);
            expect(Math.abs(slope - expected)).toBeLessThan(1e-4 * Math.abs(C[i * size + j]!));
          }
        }
      }
    }
  });

  test('its steps tend to it as η falls, with first order, and momentum counts as η/(1−μ)', () => {
    const time = 40;
    const [flow] = noiseAlongFlow(model, { learningRate: 1, batch: 16 }, [time]);
    const off = (eta: number): number => {
      const [step] = noiseOfSteps(model, { learningRate: eta, batch: 16 * eta }, [time / eta]);
      return step!.gradientEnergy.noise / flow!.gradientEnergy.noise - 1;
    };
    const [coarse, fine] = [off(0.5), off(0.25)];
    expect(Math.abs(fine)).toBeLessThan(0.01);
    expect(coarse / fine).toBeGreaterThan(1.7);
    expect(coarse / fine).toBeLessThan(2.3);
    const [heavy] = noiseOfSteps(model, { learningRate: 0.0125, momentum: 0.8, batch: 1 }, [time / 0.0625]);
    expect(heavy!.gradientEnergy.noise / flow!.gradientEnergy.noise).toBeCloseTo(1, 1.5);
    expect(heavy!.margin).toBeCloseTo(flow!.margin, 1);
  });

  test('steps end in the stationary variances of their rule', () => {
    const rule = { learningRate: 1.5, batch: 8, momentum: 0.5 };
    const [end] = noiseOfSteps(model, rule, [4000]);
    const rest = stationaryNoise({ ...model, margin: end!.margin }, rule);
    end!.levels.forEach(({ variance }, i) => {
      expect(variance).toBeCloseTo(rest.levels[i]!.variance, 6);
    });
  });

  test('refuses times and steps that do not ascend, σ without a path, and a rate that overshoots', () => {
    const rule = { learningRate: 0.1, batch: 1 };
    expect(() => noiseAlongFlow(model, rule, [2, 1])).toThrow('ascend');
    expect(() => noiseAlongFlow({ ...model, noise: 0.03 }, rule, [1])).toThrow('at least 0.05');
    expect(() => noiseOfSteps(model, rule, [1.5])).toThrow('ascending integers');
    expect(() => noiseOfSteps(model, { learningRateOverBatch: 1 }, [1])).toThrow('learning rate and a batch');
    expect(() => noiseOfSteps(model, { learningRate: 20, batch: 1 }, [1])).toThrow('overshoots');
  });
});

describe('the takeover', () => {
  test('is where noise and flow have the same energy; later for a weaker noise, sooner in more dimensions', () => {
    const path = noisePath(model);
    const margins = [1e-3, 1e-2, 1e-1].map((ratio) => {
      const { margin, logTime } = noiseTakeover(model, { learningRateOverBatch: ratio }, path);
      expect(logTime).toBeCloseTo(marginClock(model).logTimeAt(margin), 9);
      const [at] = noiseAlongFlow(model, { learningRateOverBatch: ratio }, [Math.exp(logTime)]);
      expect(at!.gradientEnergy.noise / at!.gradientEnergy.flow).toBeCloseTo(1, 5);
      return margin;
    });
    expect(margins).toEqual([...margins].sort((x, y) => y - x));
    const wide = noiseTakeover({ ...model, dim: 60 }, { learningRateOverBatch: 1e-2 });
    expect(wide.margin).toBeLessThan(margins[1]!);
    expect(() => noiseTakeover({ ...model, bias: true }, { learningRateOverBatch: 1e-2 }, path)).toThrow('biases');
  });

  test('is found where the noise is strong from the start', () => {
    const strong = { learningRateOverBatch: 1 };
    const wide = { classes: 3, dim: 6, noise: 1 };
    const { margin, logTime, boundary } = noiseTakeover(wide, strong);
    expect(margin).toBeGreaterThan(0);
    expect(margin).toBeLessThan(boundary.margin);
    const [at] = noiseAlongFlow(wide, strong, [Math.exp(logTime)]);
    expect(at!.gradientEnergy.noise / at!.gradientEnergy.flow).toBeCloseTo(1, 5);
  });

  test('refuses what is not on the path', () => {
    const path = noisePath(model, 5);
    expect(path.at(path.margins.at(-1)!).error).toBeLessThan(1e-6);
    expect(noisePath(model, Infinity, 1e-5).at(optimal).error).toBeLessThan(1e-6);
    for (const margin of [-1, Number.NaN, 5, 7]) expect(() => path.at(margin)).toThrow('the path goes from');
    expect(() => noisePath(model, 0)).toThrow('time above 0');
    expect(() => noisePath(model, 5, 0)).toThrow('tolerance');
    expect(() => noisePath({ ...model, dim: 2 }, 5)).toThrow('dim must be');
    expect(() => noiseTakeover(model, { learningRateOverBatch: 1e-2 }, path)).toThrow('the path');
    expect(() => noiseAlongFlow(model, { learningRate: 100, batch: 16 }, [5])).toThrow('diverges');
  });

  test('at the η/b without a dip it comes at the boundary', () => {
    const path = noisePath(model);
    const { withoutDip, boundary } = noiseTakeover(model, { learningRateOverBatch: 1e-2 }, path);
    expect(noiseTakeover(model, { learningRateOverBatch: withoutDip }, path).margin).toBeCloseTo(boundary.margin, 6);
  });
});

describe('without noise in the data', () => {
  test('v = (η/b) ε² t/(k−1) solves dv/dt = −2λ₁v + (η/b)c, and is the limit of small σ', () => {
    const rule = { learningRateOverBatch: 0.01 };
    const [k, t, h] = [4, 30, 1e-3];
    const at = (time: number) => noiselessSgdNoise(symmetricPoint(k, time), rule, 'flow');
    const slope = (at(t + h).variance - at(t - h).variance) / (2 * h);
    const { error } = symmetricPoint(k, t);
    const level = (error * (1 - error)) / (k - 1);
    expect(slope / (-2 * level * at(t).variance + 0.01 * at(t).covariance)).toBeCloseTo(1, 6);

    const [noisy] = noiseAlongFlow({ classes: k, dim: 6, noise: 0.05 }, rule, [t]);
    expect(noisy!.gradientEnergy.noise / at(t).gradientEnergy.noise).toBeCloseTo(1, 1);
    expect(noisy!.gradientEnergy.flow / at(t).gradientEnergy.flow).toBeCloseTo(1, 1);
    expect(noisy!.secondOrder / at(t).secondOrder).toBeCloseTo(1, 1);
  });

  test('at rest it is the variance of λ₁ and c', () => {
    const rule = { learningRate: 0.5, batch: 4 };
    const point = symmetricPointAtMargin(4, 2);
    const level = (point.error * (1 - point.error)) / 3;
    const { covariance, variance } = noiselessSgdNoise(point, rule, 'rest');
    expect(variance).toBeCloseTo((0.125 * covariance) / (level * (2 - 0.5 * level)), 14);
  });
});

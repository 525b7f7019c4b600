import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import {
  boundary,
  flowLogTime,
  linePoint,
  marginClock,
  marginPoint,
  noisyLevels,
  noisyMarginRate,
  phaseDiagram,
  softmaxMoment,
  type NoisyPoint,
} from '../../../src/exact/noisy/index.js';
import { gaussLegendre } from '../../../src/numeric/quadrature/gauss-legendre.js';
import { topFraction } from '../../../src/observe/index.js';
import { plainAverages } from './plain-sums.js';

const level = (point: Omit<NoisyPoint, 'dim'>, sector: string) =>
  noisyLevels({ ...point, dim: point.classes + 1 }).levels.find((one) => one.sector === sector)!;

/** ∫_α^{α*} λ_trivial dα′ by 20 points a panel. */
function rateByCurvature(classes: number, noise: number, margin: number, panels: number): number {
  const { nodes, weights } = gaussLegendre(20);
  const width = (1 / noise ** 2 - margin) / panels;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    nodes.forEach((x, i) => {
      sum += weights[i]! * width * level({ classes, noise, margin: margin + (panel + x) * width }, 'trivial').value;
    });
  }
  return sum;
}

describe('the corners of the domain', () => {
  it.each([
    [3, 1, 0.5],
    [10, 0.3, 5],
    [1000, 0.1, 30],
    [10_000, 0.3, 5],
    [10_000, 10, 1e-4],
    [2, 10, 0.02],
  ])(
    'k = %d, σ = %d, α = %d: within the estimates of plain sums, which are good to k eps',
    (classes, noise, margin) => {
      const plain = plainAverages(classes, noise, margin);
      const rounding = 4 * (64 + classes) * Number.EPSILON;
      const { loss, error, relativeError } = marginPoint({ classes, noise, margin });
      const { logUnit } = noisyLevels({ classes, dim: classes + 1, noise, margin });
      expect(relativeError).toBeLessThan(1e-8);
      expect(Math.abs(Math.log(error / (classes - 1)) - plain.logWrong)).toBeLessThan(relativeError + rounding);
      expect(Math.abs(Math.log(loss) - plain.logLoss)).toBeLessThan(relativeError + rounding);
      expect(Math.abs(logUnit - plain.logUnit)).toBeLessThan(relativeError + rounding);
      for (const sector of ['trivial', 'symmetric', 'antisymmetric'] as const) {
        if (classes < 4 && sector === 'symmetric') continue;
        if (classes < 3 && sector === 'antisymmetric') continue;
        const { ratio, ratioError } = level({ classes, noise, margin }, sector);
        expect(Math.abs(ratio / plain[sector] - 1)).toBeLessThan(ratioError + rounding);
      }
    },
  );

  it('is continuous in the margin down to nothing, for thousands of classes', () => {
    for (const margin of [0, 1e-300, 1e-20, 1e-16, 1e-15, 1e-13]) {
      const point = { classes: 10_000, noise: 0.3, margin };
      const { loss, error, marginRate, relativeError } = marginPoint(point);
      expect(Math.abs(loss / Math.log(10_000) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(error / (1 - 1e-4) - 1)).toBeLessThan(relativeError + 1e-12);
      expect(Math.abs(marginRate * 10_000 - 1)).toBeLessThan(relativeError + 1e-12);
      for (const sector of ['trivial', 'antisymmetric', 'symmetric'])
        expect(Math.abs(level(point, sector).ratio / (0.09 + 1e-4) - 1)).toBeLessThan(1e-12);
    }
  });

  it('finds the boundary of a thousand classes at σ = 10, where the levels differ by 1e-12 of themselves', () => {
    // In 40-digit arithmetic the levels differ by 2.7e-19 at this margin, and by 2.3e-13 at 4.995e-5.
    const { margin, errorBar, sector, logTime } = boundary(1000, 10);
    expect(sector).toBe('antisymmetric');
    expect(Math.abs(margin - 4.9950231032220808e-5)).toBeLessThan(errorBar + 1e-16);
    expect(errorBar).toBeLessThan(1e-11);
    // dα/dt falls from 1/k in proportion to α* − α, so nearly t = kα.
    expect(Math.exp(logTime) / (1000 * margin)).toBeCloseTo(1, 2);
    for (const [factor, fraction] of [
      [0.999, 1],
      [1.001, 0],
    ] as const) {
      const { snapshot } = linePoint({ classes: 1000, dim: 1001, noise: 10, margin: factor * margin });
      expect(topFraction(snapshot, 1000)).toMatchObject({ lower: fraction, upper: fraction });
    }
  });

  it('gives f_top where levels and gradient underflow', () => {
    for (const [margin, fraction] of [
      [500, 1],
      [2000, 0],
    ] as const) {
      const { snapshot, scalars } = linePoint({ classes: 10, dim: 50, noise: 0.02, margin });
      expect(scalars.gradientNorm).toBeLessThan(1e-170);
      expect(topFraction(snapshot, 10)).toMatchObject({ lower: fraction, upper: fraction });
    }
    const { snapshot } = linePoint({ classes: 4, dim: 5, noise: 0.01, margin: 20_000 });
    expect(topFraction(snapshot, 4).upper).toBe(0);
  });

  it('names a margin that is missing', () => {
    const point = { classes: 10, dim: 50, noise: 0.3 } as unknown as NoisyPoint;
    for (const call of [linePoint, noisyLevels, marginPoint, noisyMarginRate])
      expect(() => call(point)).toThrow(/margin must lie between 0 and 100 .* received undefined; .* marginClock/);
    expect(() => softmaxMoment(point, [{ power: 1 }])).toThrow(UsageError);
  });
});

describe('near the Bayes-optimal margin', () => {
  it.each([
    [10, 0.3],
    [4, 0.1],
    [10, 3],
  ])('k = %d, σ = %d: the rate is the integral of its curvature, within its estimate', (classes, noise) => {
    for (const [c, panels] of [
      [0.85, 2],
      [0.95, 1],
      [1 - 1e-6, 1],
      [1.04, 1],
      [1.2, 2],
    ] as const) {
      const margin = c / noise ** 2;
      const { marginRate, gradientNorm, relativeError } = marginPoint({ classes, noise, margin });
      const exact = rateByCurvature(classes, noise, margin, panels);
      expect(Math.abs(marginRate / exact - 1)).toBeLessThan(relativeError);
      expect(relativeError).toBeLessThan(1e-9);
      expect(gradientNorm).toBe(Math.abs(marginRate) * Math.sqrt(classes - 1));
    }
    expect(marginPoint({ classes, noise, margin: 1 / noise ** 2 }).marginRate).toBe(0);
  });

  it('the clock keeps what it says: rate and time at (1 − 1e-6) α*', () => {
    const [classes, noise] = [10, 0.3];
    const clock = marginClock({ classes, noise });
    const at = (rest: number): number => clock.optimalMargin * (1 - rest);
    // 1/rate dα = (rest/rate) α* dv, v = −log rest.
    const { nodes, weights } = gaussLegendre(8);
    const [from, to] = [1e-4, 1e-6];
    const span = Math.log(from / to);
    const slowness = (rest: number): number =>
      (rest * clock.optimalMargin) / rateByCurvature(classes, noise, at(rest), 1);
    const time = nodes.reduce((sum, x, i) => sum + weights[i]! * span * slowness(from * Math.exp(-x * span)), 0);
    const allowed = clock.relativeError + Number.EPSILON / to;
    const passed = Math.exp(clock.logTimeAt(at(to))) - Math.exp(clock.logTimeAt(at(from)));
    const share = passed / Math.exp(clock.logTimeAt(at(to)));
    expect(Math.abs(passed / time - 1)).toBeLessThan(allowed / share);
    expect(Math.abs(clock.rateAt(at(to)) / rateByCurvature(classes, noise, at(to), 1) - 1)).toBeLessThan(allowed);
    expect(allowed).toBeLessThan(1e-9);
  });
});

describe('flowLogTime', () => {
  it.each([
    [10, 0.3, 0.445, 0],
    [2, 10, 0.7, 0],
    [4, 0.2, 0.9, -1 / 3],
    [1000, 1, 0.3, 0.2],
  ])('k = %d, σ = %d at %d α*, ρ = %d: the time of the clock', (classes, noise, c, correlation) => {
    const model = { classes, noise, correlation };
    const clock = marginClock(model);
    const margin = c * clock.optimalMargin;
    const difference = Math.abs(flowLogTime(model, margin) - clock.logTimeAt(margin));
    expect(difference).toBeLessThan(clock.relativeError + 1e-12);
    expect(() => flowLogTime(model, 0.95 * clock.optimalMargin)).toThrow(UsageError);
  });

  it('is in the result of boundary, also where t is beyond doubles', () => {
    expect(Math.exp(boundary(10, 0.3).logTime)).toBeCloseTo(187.40647, 4);
    expect(boundary(10, 0.01).logTime).toBeGreaterThan(Math.log(1e300));
  });
});

describe('phaseDiagram at large noise', () => {
  it('puts crossings within their error bars', () => {
    for (const noise of [1, 10]) {
      const [row] = [...phaseDiagram({ classes: 10, noises: [noise], relativeMargins: [0.5] })];
      const first = boundary(10, noise);
      for (const { sector, relativeMargin, errorBar } of [first, ...first.later]) {
        const found = row!.crossings.find((one) => one.sector === sector)!;
        const certified = errorBar * noise ** 2;
        expect(Math.abs(found.relativeMargin - relativeMargin)).toBeLessThan(found.errorBar + certified);
        expect(found.errorBar).toBeLessThan(1e-4);
      }
    }
  });
});

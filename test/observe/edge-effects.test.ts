import { expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { displacement, secondDifference, withoutDirections } from '../../src/observe/along-direction.js';
import { withRandomSigns } from '../../src/observe/random-signs.js';
import { decayPart, partShares } from '../../src/observe/update-parts.js';
import { updateSpectrum } from '../../src/observe/update-spectrum.js';
import { randomStream } from '../../src/numeric/random.js';

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x, (value, i) => value * y[i]!).reduce((sum, value) => sum + value, 0);

it('displacement: of a linear network h = Wx it is ε² times the mean of ‖Vx‖², by hand', () => {
  // x = (1, 2), (3, −1); V = [[1, 0], [0, 2]] gives (1, 4), (3, −2): squares 17 and 13.
  const before = Float64Array.of(5, 6, 7, 8);
  const after = before.map((h, i) => h + 0.1 * [1, 4, 3, -2][i]!);
  expect(displacement(before, after, 2)).toBeCloseTo(0.01 * 15, 14);
  expect(() => displacement(before, after.subarray(1), 2)).toThrow(UsageError);
});

it('secondDifference: vᵀHv of a quadratic loss at any step and any θ', () => {
  const loss = ([x, y]: readonly [number, number]): number => 3 * x ** 2 + 2 * x * y - 0.5 * y ** 2 + 7 * x + 1;
  const at = (t: number): number => loss([0.4 + 0.6 * t, -1.5 + 0.8 * t]);
  // H = [[6, 2], [2, −1]], v = (0.6, 0.8)
  for (const step of [0.01, 1, 10])
    expect(secondDifference([at(-step), at(0), at(step)], step)).toBeCloseTo(6 * 0.36 + 4 * 0.48 - 0.64, 8);
});

it('withoutDirections: θ less its projection, which keeps what is orthogonal', () => {
  const [u, v] = [Float64Array.of(0.6, 0.8, 0, 0), Float64Array.of(0, 0, 1, 0)];
  const theta = Float64Array.of(1, 2, 3, 4);
  const left = withoutDirections(theta, Float64Array.of(...u, ...v));
  expect(dot(left, u)).toBeCloseTo(0, 14);
  expect(left[2]).toBe(0);
  expect(left[3]).toBe(4);
  expect(dot(left, left)).toBeCloseTo(30 - 2.2 ** 2 - 9, 13);
  expect(() => withoutDirections(theta, Float64Array.of(1, 0, 0))).toThrow(UsageError);
});

it('decayPart: without a gradient it is the whole update, to second order; partShares of that are 0', () => {
  const [rate, steps] = [1e-3, 50];
  const before = Float64Array.of(2, -3, 0.5);
  const after = before.map((x) => x * (1 - rate) ** steps);
  const ofDecay = decayPart(before, after, rate * steps);
  // (1 − r)^N − 1 + rN(1 + (1 − r)^N)/2, by the binomial series, is rN·r/2 to leading order
  after.forEach((x, i) => {
    expect(Math.abs((x - before[i]! - ofDecay[i]!) / before[i]!)).toBeLessThan(1.1 * ((rate * steps * rate) / 2));
  });
  expect(partShares([{ gradient: 0, decay: -1 }])).toEqual({ gradientShare: 0, alignment: 0 });
  expect(decayPart(before, after, 0)).toEqual(before.map((x) => -0 * x));
  expect(() => decayPart(before, after.subarray(1), 1)).toThrow(UsageError);
});

it('partShares: squares are averaged over the window before they are compared, signs by the mean product', () => {
  const window = [
    { gradient: 3, decay: -1 },
    { gradient: -1, decay: -2 },
  ];
  expect(partShares(window)).toEqual({ gradientShare: 10 / 15, alignment: -1 });
  expect(partShares([{ gradient: 1, decay: 2 }]).alignment).toBe(1);
  expect(partShares([{ gradient: 1, decay: 0 }]).gradientShare).toBe(1);
  expect(() => partShares([])).toThrow(UsageError);
});

it('withRandomSigns: steps all alike are rank one, and with random signs have R near 1', () => {
  const [n, w] = [4000, 5];
  const stream = randomStream(1, 'step');
  const step = Float64Array.from({ length: n }, () => stream.normal());
  const updates = Array.from({ length: w }, () => step);
  expect(updateSpectrum(updates).singularValues[0]).toBeCloseTo(Math.sqrt(w * dot(step, step)), 8);
  const signed = withRandomSigns(updates, randomStream(1, 'signs'));
  signed.forEach((update) => {
    expect(update.map(Math.abs)).toEqual(step.map(Math.abs));
  });
  // Off the diagonal G has mean 0 and deviation √3 n^{1/2} beside n: eigenvalues within 2 √3 √w/√n of each other
  const { singularValues } = updateSpectrum(signed);
  expect(singularValues[0]! / singularValues[w - 1]!).toBeLessThan(1 + 2 * Math.sqrt((3 * w) / n));
});

import { describe, expect, it } from 'vitest';
import {
  gelu,
  gradient,
  input,
  log1p,
  logSoftmax,
  sigmoid,
  softplus,
  tangent,
  tanh,
  total,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, nativeRuntime, type Precision } from '../../../src/tensor/engine/index.js';

const runtime = await nativeRuntime();
const x = input('x', ['n']);
const inTheTails = [-1e4, -1e3, -700, -100, -37, -20, -10, -1, -1e-9, 0, 1e-9, 1, 10, 20, 37, 100, 1e3, 1e4];

async function values(f: Tensor, precision: Precision, at: readonly number[]): Promise<ArrayLike<number>> {
  const program = await compile(runtime, { f }, { precision });
  const { f: result } = await program.run(
    { x: precision === 'f32' ? Float32Array.from(at) : Float64Array.from(at) },
    at.length,
  );
  await program.release();
  return result!;
}

describe.each([
  ['sigmoid', sigmoid(x)],
  ['softplus', softplus(x)],
  ['the derivative of softplus', gradient(total(softplus(x)), [x])[0]!],
] as const)('%s', (_, f) => {
  // Each is a chain of 3 to 8 operations that are right to 1 or 2 ulp, in the tail as elsewhere.
  it('is right to 16 ulp from −10⁴ to 10⁴ in f64', async () => {
    const [expected] = interpret([f], { x: inTheTails }, inTheTails.length);
    const received = await values(f, 'f64', inTheTails);
    expected!.data.forEach((y, i) => {
      expect(Math.abs(received[i]! - y), `at ${inTheTails[i]!}`).toBeLessThanOrEqual(16 * Number.EPSILON * y);
    });
  });

  it('is right to 16 ulp in f32 where its values are normal f32 numbers', async () => {
    const at = inTheTails.filter((value) => value > -80).map(Math.fround);
    const [expected] = interpret([f], { x: at }, at.length);
    const received = await values(f, 'f32', at);
    expected!.data.forEach((y, i) => {
      expect(Math.abs(received[i]! - y), `at ${at[i]!}`).toBeLessThanOrEqual(16 * 2 ** -23 * y);
    });
  });
});

describe.each([
  ['the derivative of tanh', gradient(total(tanh(x)), [x])[0]!],
  ['the derivative of sigmoid', gradient(total(sigmoid(x)), [x])[0]!],
] as const)('%s', (_, f) => {
  // From 1 − tanh² or σ(1 − σ) rounding would be all that is left from 20 on, or from 10 in f32.
  it.each([
    ['f64', 2 ** -1022, Number.EPSILON],
    ['f32', 2 ** -126, 2 ** -23],
  ] as const)('is right to 16 ulp in %s wherever it is a normal number', async (precision, smallest, epsilon) => {
    const tails = [1, 5, 10, 20, 40, 80, 170, 350, 700, 1e4].flatMap((at) => [at, -at]);
    const [expected] = interpret([f], { x: tails }, tails.length);
    const received = await values(f, precision, tails);
    let compared = 0;
    expected!.data.forEach((y, i) => {
      if (y < smallest) {
        expect(received[i]).toBeLessThanOrEqual(smallest);
        return;
      }
      compared++;
      expect(Math.abs(received[i]! - y), `at ${tails[i]!}`).toBeLessThanOrEqual(16 * epsilon * y);
    });
    expect(compared).toBeGreaterThanOrEqual(10);
  });

  it('is symmetric, and 4 e^{−2|x|} or e^{−|x|} in the tails', () => {
    const [right, left] = interpret([f], { x: [300, -300] }, 2)[0]!.data;
    expect(right).toBe(left);
    const expected = f.operation.kind === 'sechSquared' ? 4 * Math.exp(-600) : Math.exp(-300);
    expect(Math.abs(right! / expected - 1)).toBeLessThan(8 * Number.EPSILON);
  });
});

describe('log1p', () => {
  it('is right to 4 ulp from 10⁻³⁰⁰ to 10³⁰⁰ in f64, from 10⁻³⁰ to 10³⁰ in f32', async () => {
    for (const [precision, exponents, epsilon] of [
      ['f64', [-300, -30, -16, -8, -1, 0, 1, 8, 16, 300], Number.EPSILON],
      ['f32', [-30, -8, -7, -3, -1, 0, 1, 8, 30], 2 ** -23],
    ] as const) {
      const at = exponents.flatMap((exponent) => [0.3, 1, 4.7].map((x) => Math.fround(x) * 10 ** exponent));
      const given = precision === 'f32' ? at.map(Math.fround) : at;
      const received = await values(log1p(x), precision, given);
      given.forEach((value, i) => {
        const y = Math.log1p(value);
        expect(Math.abs(received[i]! - y), `at ${value}`).toBeLessThanOrEqual(4 * epsilon * y);
      });
    }
  });
});

describe('gelu', () => {
  it.each([
    ['f32', 1e30],
    ['f64', 1e300],
  ] as const)('is relu, with two derivatives, at huge arguments in %s', async (precision, huge) => {
    const slopes = gradient(total(gelu(x)), [x]);
    const [bend] = tangent(slopes, new Map([[x, x]]));
    const at = [huge, -huge, huge ** 0.5, -(huge ** 0.5), 100, -100];
    const entries = async (f: Tensor) => Array.from(await values(f, precision, at), (y) => y + 0);
    const rounded = (y: number): number => (precision === 'f32' ? Math.fround(y) : y);
    expect(await entries(gelu(x))).toEqual(at.map((y) => rounded(Math.max(y, 0))));
    expect(await entries(slopes[0]!)).toEqual(at.map((y) => Number(y > 0)));
    expect((await entries(bend!)).every((y) => y === 0)).toBe(true);
  });
});

describe('logSoftmax', () => {
  it('is exact at logits of ±10⁴ in both precisions, and so is its gradient', async () => {
    const logits = input('x', ['n', 3]);
    const rows = [1e4, -1e4, 0, -1e4, -1e4, -1e4, 1e4, 1e4, -1e4];
    const expected = [0, -2e4, -1e4, -Math.log(3), -Math.log(3), -Math.log(3), -Math.LN2, -Math.LN2, -2e4 - Math.LN2];
    const slope = gradient(total(logSoftmax(logits)), [logits])[0]!;
    const expectedSlope = [-2, 1, 1, 0, 0, 0, -0.5, -0.5, 1];
    for (const [precision, epsilon] of [
      ['f64', 2 ** -52],
      ['f32', 2 ** -23],
    ] as const) {
      const program = await compile(runtime, { f: logSoftmax(logits), slope }, { precision });
      const result = await program.run(
        { x: precision === 'f32' ? Float32Array.from(rows) : Float64Array.from(rows) },
        3,
      );
      await program.release();
      expected.forEach((y, i) => {
        expect(Math.abs(result.f![i]! - y)).toBeLessThanOrEqual(4 * epsilon * Math.abs(y));
      });
      expectedSlope.forEach((y, i) => {
        expect(Math.abs(result.slope![i]! - y)).toBeLessThanOrEqual(8 * epsilon);
      });
    }
  });
});

import { describe, expect, it } from 'vitest';
import { gradient, input, logSoftmax, sigmoid, softplus, total, type Tensor } from '../../src/autodiff/index.js';
import { interpret } from '../../src/autodiff/interpreter.js';
import { compile, nativeRuntime, type Precision } from '../../src/engine/index.js';

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

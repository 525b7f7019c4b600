import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { errorFunction } from '../../../src/tensor/autodiff/error-function.js';
import { cos, erf, input } from '../../../src/tensor/autodiff/index.js';
import { compile, nativeRuntime } from '../../../src/tensor/engine/index.js';

const math = create(all!, { number: 'BigNumber', precision: 60 });

/** (2/√π) e^{−x²} Σ_k 2^k x^{2k+1}/(2k + 1)!!, in 60 digits: all terms are of one sign. */
function exactErf(x: number): number {
  const at = math.bignumber(x);
  let [term, sum] = [at, at];
  for (let k = 1; k < 400; k++) {
    term = term
      .times(at)
      .times(at)
      .times(2)
      .div(2 * k + 1);
    sum = sum.plus(term);
  }
  const scale = at.times(at).negated().exp().times(2).div(math.bignumber(-1).acos().sqrt());
  return sum.times(scale).toNumber();
}

const points = Array.from({ length: 241 }, (_, i) => -6 + i / 20 + 1e-3);

describe('erf', () => {
  it('is right to 4 roundings, from its zero to its ends', () => {
    for (const x of [...points, 1e-300, 1e-8, 0.999999, 1, 1.000001]) {
      expect(Math.abs(errorFunction(x) - exactErf(x)), `at ${x}`).toBeLessThanOrEqual(
        4 * Number.EPSILON * Math.abs(errorFunction(x)),
      );
    }
    expect([0, -0, Infinity, -Infinity, NaN].map(errorFunction)).toEqual([0, -0, 1, -1, NaN]);
  });

  it('is as good in f64 on ONNX Runtime, which has no kernel for it', async () => {
    const at = [...points, 1e-300, 1e-8, 1, Infinity, -Infinity, 1e200, -1e200];
    const program = await compile(await nativeRuntime(), { y: erf(input('x', ['n'])) }, { precision: 'f64' });
    const { y } = await program.run({ x: Float64Array.from(at) }, at.length);
    at.forEach((x, i) => {
      expect(Math.abs(y![i]! - errorFunction(x)), `at ${x}`).toBeLessThanOrEqual(
        4 * Number.EPSILON * Math.abs(errorFunction(x)),
      );
    });
    await program.release();
  });
});

describe('cos', () => {
  it('is right to 4 ε in f64 on ONNX Runtime, which has no kernel for it', async () => {
    const at = Array.from({ length: 400 }, (_, i) => (i - 200) * Math.PI * 0.37 + (i > 300 ? 1e6 : 0));
    const program = await compile(await nativeRuntime(), { y: cos(input('x', ['n'])) }, { precision: 'f64' });
    const { y } = await program.run({ x: Float64Array.from(at) }, at.length);
    at.forEach((x, i) => {
      expect(Math.abs(y![i]! - Math.cos(x)), `at ${x}`).toBeLessThanOrEqual(4 * Number.EPSILON);
    });
    await program.release();
  });
});

import { expect } from 'vitest';
import type { Tensor } from '../../../src/tensor/autodiff/index.js';
import type { Value } from '../../../src/tensor/autodiff/value.js';
import type { Program } from '../../../src/tensor/engine/index.js';

/**
 * The outputs of a program equal reference values, relative to the largest entry of each (or 1, if that is larger): to 1e-12 in
 * f64 and 1e-5 in f32, which is 4500 ε and 84 ε, for graphs of a few hundred operations with sums of a few hundred terms.
 */
export async function expectAgreement(
  program: Program,
  outputs: Readonly<Record<string, Tensor>>,
  bindings: Readonly<Record<string, Float64Array>>,
  samples: number,
  reference: readonly Value[],
): Promise<void> {
  const [tolerance, inputs] =
    program.precision === 'f64'
      ? [1e-12, bindings]
      : [1e-5, Object.fromEntries(Object.entries(bindings).map(([name, data]) => [name, Float32Array.from(data)]))];
  const results = await program.run(inputs, samples);
  expect(Object.keys(results).sort()).toEqual(Object.keys(outputs).sort());
  Object.keys(outputs).forEach((name, index) => {
    const expected = reference[index]!.data;
    const scale = expected.reduce((largest, y) => Math.max(largest, Math.abs(y)), 1);
    const received = results[name]!;
    expect(received.length, name).toBe(expected.length);
    const worst = expected.reduce((error, y, i) => Math.max(error, Math.abs(received[i]! - y)), 0);
    expect(worst / scale, name).toBeLessThan(tolerance);
  });
}

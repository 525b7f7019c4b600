import { describe, expect, it } from 'vitest';
import {
  gradient,
  input,
  multiply,
  scale,
  matmul,
  take,
  tangent,
  total,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, nativeRuntime, type Precision } from '../../../src/tensor/engine/index.js';
import { randomStream } from '../../../src/numeric/random.js';
import { randomBindings } from '../autodiff/operations.js';
import { expectAgreement } from './agreement.js';

const runtime = await nativeRuntime();
const precisions: readonly Precision[] = ['f64', 'f32'];

describe.each(precisions)('in %s', (precision) => {
  it.each([2, 700])(
    'rows of a table of %i are taken and added, the same bytes every time, at one thread and four',
    async (rows) => {
      const [table, indices, weight] = [
        input('table', [rows, 3]),
        input('indices', ['n', 40]),
        input('w', ['n', 40, 3]),
      ];
      const y = take(table, indices);
      const slope = gradient(total(multiply(weight, multiply(y, y))), [table])[0]!;
      const product = tangent([slope], new Map([[table, input('v', [rows, 3])]]))[0]!;
      const outputs: Record<string, Tensor> = { y, slope, product };
      const [samples, stream] = [50, randomStream(1, 'rows')];
      const drawn = randomBindings([table, weight, input('v', [rows, 3])], samples, 'any', 1);
      const bindings = { ...drawn, indices: Float64Array.from({ length: 40 * samples }, () => stream.integer(rows)) };
      const reference = interpret(Object.values(outputs), bindings, samples);
      for (const threads of [1, 4]) {
        const program = await compile(runtime, outputs, { precision, threads });
        await expectAgreement(program, outputs, bindings, samples, reference);
        const Numbers = precision === 'f32' ? Float32Array : Float64Array;
        const given = Object.fromEntries(Object.entries(bindings).map(([name, data]) => [name, Numbers.from(data)]));
        const first = await program.run(given, samples);
        for (let again = 0; again < 3; again++) expect(await program.run(given, samples)).toEqual(first);
        await program.release();
      }
    },
  );

  it('numbers beside products of many matrices are not rounded to single precision', async () => {
    const [a, b] = [input('a', [2, 3, 4]), input('b', [2, 4, 5])];
    const outputs = {
      result: scale(matmul(a, b), 1 / 3),
      operand: matmul(scale(a, 1 / 7), b),
      transposed: scale(matmul(input('c', ['n', 2, 4, 3]), b, { transposeA: true }), 0.1),
    };
    const bindings = randomBindings([a, b, input('c', ['n', 2, 4, 3])], 2, 'any', 3);
    const program = await compile(runtime, outputs, { precision });
    await expectAgreement(program, outputs, bindings, 2, interpret(Object.values(outputs), bindings, 2));
    await program.release();
  });
});

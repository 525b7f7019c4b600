import { describe, expect, it } from 'vitest';
import {
  add,
  broadcast,
  constant,
  counted,
  gradient,
  input,
  isCounted,
  lengthOf,
  matmul,
  mean,
  multiply,
  reshape,
  slice,
  sum,
  total,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { entries } from '../../../src/tensor/autodiff/tensor.js';
import { compile, nativeRuntime } from '../../../src/tensor/engine/index.js';
import { UsageError } from '../../../src/errors.js';

const x = input('x', ['n', 3, 2]);
const merged = reshape(x, ['3n', 2]);

describe('lengths counted by samples', () => {
  it('are n and its multiples', () => {
    expect([counted(1), counted(12)]).toEqual(['n', '12n']);
    expect(['n', '12n', 12].map((dim) => isCounted(dim as never))).toEqual([true, true, false]);
    expect([lengthOf('n', 5), lengthOf('12n', 5), lengthOf(12, 5)]).toEqual([5, 60, 12]);
    expect(entries([2, '3n', 5])).toEqual({ factor: 30, perSample: true });
  });

  it('merge with other axes and part again', () => {
    expect(reshape(merged, ['n', 3, 2])).toBe(x);
    expect(reshape(x, ['6n']).shape).toEqual(['6n']);
    expect(matmul(x, input('w', [2, 4])).shape).toEqual(['n', 3, 4]);
  });

  it.each([
    ['another multiple', () => reshape(x, ['2n', 2]), 'shape [n, 3, 2] cannot become [2n, 2]'],
    ['two of them in one shape', () => reshape(x, ['n', '6n']), 'a shape may hold n once, received [n, 6n]'],
    ['different ones to be stretched', () => add(merged, input('y', ['n', 2])), '[3n, 2] and [n, 2] do not broadcast'],
    ['a choice among them', () => slice(merged, 0, 0, 2), 'the axis of samples cannot be selected from'],
    ['a mean over them', () => mean(merged, [0, 1]), 'a mean is over axes of known length, received axes [0, 1]'],
  ] as const)('refuse %s', (_, build, message) => {
    expect(build).toThrow(UsageError);
    expect(build).toThrow(message);
  });

  it('are counted when a graph runs: as lengths of inputs, of what is stretched and of what is summed', async () => {
    const y = input('y', ['4n']);
    const stretched = broadcast(multiply(input('w', [1]), constant(2)), ['4n']);
    const outputs = {
      squares: multiply(y, y),
      sum: sum(stretched),
      stretched,
      slope: gradient(total(add(y, stretched)), [y])[0]!,
    };
    const program = await compile(await nativeRuntime(), outputs, { precision: 'f64' });
    const bindings = { y: Float64Array.from({ length: 12 }, (_, i) => i), w: Float64Array.of(0.5) };
    const result = await program.run(bindings, 3);
    interpret(Object.values(outputs), bindings, 3).forEach(({ data }, i) => {
      expect([...Object.values(result)[i]!]).toEqual([...data]);
    });
    expect([...result.sum!]).toEqual([12]);
    await program.release();
  });
});

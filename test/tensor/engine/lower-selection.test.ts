import { describe, expect, it } from 'vitest';
import { input, pad, select, slice, transpose, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, nativeRuntime } from '../../../src/tensor/engine/index.js';
import { lowerToOnnx } from '../../../src/tensor/engine/lower.js';
import { decoded } from './decoded.js';
import { expectAgreement } from './agreement.js';

const runtime = await nativeRuntime();
const x = input('x', ['n', 5, 2]);
const typesIn = (out: Tensor): string[] =>
  decoded(lowerToOnnx({ out }, 'f64').bytes)
    .graph.node.map(({ opType }) => opType)
    .filter((type) => type !== 'Identity');

describe('lowerSelection', () => {
  it.each([
    ['a slice', slice(x, 1, 1, 4), ['Slice']],
    ['every second entry', slice(x, 1, 0, 5, 2), ['Slice']],
    ['a flip', select(x, 1, [4, 3, 2, 1, 0]), ['Slice']],
    ['every second entry from the back', select(x, 1, [4, 2, 0]), ['Slice']],
    ['zeros around', pad(x, 1, 2, 1), ['Pad']],
    ['zeros around a slice', select(x, 1, [-1, 2, 3, -1, -1]), ['Slice', 'Pad']],
    ['a permutation', select(x, 1, [1, 0, 4, 3, 2]), ['Gather']],
    ['zeros between entries', select(x, 1, [0, -1, 1, -1, 2]), ['Pad', 'Gather']],
    ['nothing but zeros', select(x, 1, [-1, -1]), ['Pad', 'Gather']],
  ])('writes %s in the shortest way, and right', async (_, y, types) => {
    expect(typesIn(y)).toEqual(types);
    const bindings = { x: Float64Array.from({ length: 30 }, (_, i) => i + 1) };
    const program = await compile(runtime, { y }, { precision: 'f64' });
    await expectAgreement(program, { y }, bindings, 3, interpret([y], bindings, 3));
    await program.release();
  });

  it('pads between transpositions, past which ONNX Runtime moves the padding', async () => {
    const image = input('x', ['n', 2, 3, 3]);
    const y = transpose(pad(transpose(image, [1, 0, 2, 3]), 3, 1, 0), [1, 0, 2, 3]);
    const bindings = { x: Float64Array.from({ length: 36 }, (_, i) => i + 1) };
    const program = await compile(runtime, { y }, { precision: 'f64' });
    await expectAgreement(program, { y }, bindings, 2, interpret([y], bindings, 2));
    await program.release();
  });
});

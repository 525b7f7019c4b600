import { describe, expect, it } from 'vitest';
import {
  add,
  broadcast,
  constant,
  gradient,
  input,
  matmul,
  multiply,
  relu,
  scale,
  square,
  tangent,
  total,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, nativeRuntime, type Reals, type Runtime } from '../../../src/tensor/engine/index.js';
import { UsageError } from '../../../src/errors.js';
import { like, randomBindings } from '../autodiff/operations.js';
import { expectAgreement } from './agreement.js';
import { convNet, mlp } from './networks.js';

const runtime = await nativeRuntime();
const x = input('x', ['n', 2]);
const W = input('W', [2, 3]);
const product = { y: matmul(x, W) };
const numbers = (...values: number[]): Float64Array => Float64Array.from(values);

async function refusal(inputs: Readonly<Record<string, Reals>>, samples: number): Promise<unknown> {
  const program = await compile(runtime, product, { precision: 'f64' });
  try {
    return await program.run(inputs, samples).catch((error: unknown) => error);
  } finally {
    await program.release();
  }
}

describe('compile', () => {
  it('runs one program at several n', async () => {
    const program = await compile(runtime, product, { precision: 'f64' });
    for (const samples of [3, 1, 100, 2]) {
      const bindings = randomBindings([x, W], samples, 'any', samples);
      await expectAgreement(program, product, bindings, samples, interpret([product.y], bindings, samples));
    }
    await program.release();
  });

  it('gives the same bytes run after run, and from one program to the next, at one thread', async () => {
    const networks = [
      mlp({ widths: [30, 40, 10], activation: 'tanh', loss: 'cross-entropy', bias: true }),
      convNet({
        ...{ channels: 3, side: 12, filters: [16, 16], kernel: 3, stride: 1, padding: 'same', normalised: true },
        ...{ activation: 'relu', pooling: 'max', loss: 'cross-entropy', bias: true },
      }),
    ];
    for (const { loss, parameters, data } of networks) {
      const slopes = gradient(loss, parameters);
      const directions = parameters.map((w, i) => like(w, `v${i}`));
      const products = tangent(slopes, new Map(parameters.map((w, i) => [w, directions[i]!])));
      const outputs = Object.fromEntries(products.flatMap((h, i): [string, Tensor][] => (h ? [[`h${i}`, h]] : [])));
      const bindings = randomBindings([...data, ...parameters, ...directions], 32, 'any', 1);
      for (const precision of ['f32', 'f64'] as const) {
        const inputs = Object.fromEntries(
          Object.entries(bindings).map(([name, values]) => [
            name,
            precision === 'f32' ? Float32Array.from(values) : values,
          ]),
        );
        const programs = [
          await compile(runtime, outputs, { precision }),
          await compile(runtime, outputs, { precision }),
        ];
        const runs = [];
        for (const program of [programs[0]!, programs[0]!, programs[1]!]) runs.push(await program.run(inputs, 32));
        for (const again of runs.slice(1)) expect(again).toEqual(runs[0]);
        for (const program of programs) await program.release();
      }
    }
  });

  it('counts samples where no input has them, and has nothing to run without outputs', async () => {
    const w = input('w', [2]);
    const squares = total(square(broadcast(w, ['n', 2])));
    const outputs = { ones: broadcast(constant(1), ['n', 2]), slope: gradient(squares, [w])[0]! };
    for (const precision of ['f64', 'f32'] as const) {
      const program = await compile(runtime, outputs, { precision });
      for (const samples of [1, 3]) {
        await expectAgreement(
          program,
          outputs,
          { w: numbers(1, -2) },
          samples,
          interpret(Object.values(outputs), { w: [1, -2] }, samples),
        );
      }
      await program.release();
    }
    const nothing = await compile(runtime, {}, { precision: 'f32' });
    expect(await nothing.run({ x: Float32Array.of(1, 2) }, 1)).toEqual({});
    await nothing.release();
  });

  it('takes an input as an output, and one tensor under two names', async () => {
    const y = add(x, x);
    const program = await compile(runtime, { copy: x, first: y, second: y }, { precision: 'f64' });
    expect(await program.run({ x: numbers(1, 2) }, 1)).toEqual({
      copy: numbers(1, 2),
      first: numbers(2, 4),
      second: numbers(2, 4),
    });
    await program.release();
  });

  it('neither keeps nor changes its inputs, and runs with more of them than it needs', async () => {
    const program = await compile(runtime, { y: relu(x) }, { precision: 'f64' });
    const given = numbers(-1, 2);
    const { y } = await program.run({ x: given, other: numbers(5) }, 1);
    expect(given).toEqual(numbers(-1, 2));
    given[1] = 7;
    expect(y).toEqual(numbers(0, 2));
    await program.release();
  });

  it('gives f32 results as Float32Array, f64 results as Float64Array', async () => {
    for (const [precision, type] of [
      ['f32', Float32Array],
      ['f64', Float64Array],
    ] as const) {
      const program = await compile(runtime, { y: total(multiply(x, x)) }, { precision });
      expect(program.precision).toBe(precision);
      const { y } = await program.run({ x: type.of(1, 2) }, 1);
      expect(y).toEqual(type.of(5));
      await program.release();
    }
  });

  it('runs on one thread unless more are asked for', async () => {
    const seen: (number | undefined)[] = [];
    const watching: Runtime = {
      Tensor: runtime.Tensor,
      InferenceSession: {
        create(model, options) {
          seen.push(options.intraOpNumThreads, options.interOpNumThreads);
          return runtime.InferenceSession.create(model, options);
        },
      },
    };
    await (await compile(watching, product, { precision: 'f32' })).release();
    await (await compile(watching, product, { precision: 'f32', threads: 2 })).release();
    expect(seen).toEqual([1, 1, 2, 1]);
  });

  it('keeps a number times products of many matrices in float64', async () => {
    const many = input('many', ['n', 2, 3, 4]);
    const scaled = scale(matmul(many, many, { transposeB: true }), 1 / Math.sqrt(3));
    const data = { many: Float64Array.from({ length: 48 }, (_, i) => Math.sin(i)) };
    const program = await compile(await nativeRuntime(), { scaled }, { precision: 'f64' });
    const { scaled: received } = await program.run(data, 2);
    await program.release();
    interpret([scaled], data, 2)[0]!.data.forEach((value, i) => {
      expect(Math.abs(received![i]! - value)).toBeLessThan(1e-14);
    });
  });

  it('refuses inputs that are missing, too short, too long or of the other precision, naming what was received', async () => {
    const W6 = numbers(1, 2, 3, 4, 5, 6);
    for (const [inputs, samples, message] of [
      [{ x: numbers(1, 2) }, 1, "input 'W' of shape [2, 3] needs 6 numbers of f64, received nothing"],
      [
        { x: numbers(1, 2), W: numbers(1) },
        1,
        "input 'W' of shape [2, 3] needs 6 numbers of f64, received 1 in a Float64Array",
      ],
      [
        { x: numbers(1, 2), W: W6 },
        2,
        "input 'x' of shape [n, 2] needs 4 numbers of f64, received 2 in a Float64Array",
      ],
      [{ x: numbers(1, 2), W: Float32Array.from(W6) }, 1, 'needs 6 numbers of f64, received 6 in a Float32Array'],
      [{ x: numbers(), W: W6 }, 0, 'the number of samples must be a positive integer, received 0'],
      [{ x: numbers(1, 2, 3), W: W6 }, 1.5, 'the number of samples must be a positive integer, received 1.5'],
    ] as const) {
      const error = await refusal(inputs, samples);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).message).toContain(message);
    }
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { gradient, input, matmul, tanh, total, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, onnxRuntime, webRuntime } from '../../../src/tensor/engine/index.js';
import { UsageError } from '../../../src/errors.js';
import { randomBindings } from '../autodiff/operations.js';
import { expectAgreement } from './agreement.js';

const x = input('x', ['n', 4]);
const W = input('W', [4, 3]);
const loss = total(tanh(matmul(x, W)));
const outputs: Record<string, Tensor> = { loss, slope: gradient(loss, [W])[0]! };

const missing = (name: string): void => {
  vi.doMock(name, () => {
    throw new Error(`Cannot find package '${name}'`);
  });
};

afterEach(() => {
  vi.doUnmock('onnxruntime-node');
  vi.doUnmock('onnxruntime-web');
  vi.resetModules();
});

describe('webRuntime', () => {
  it('runs the same programs as the interpreter, in both precisions', async () => {
    const runtime = await webRuntime();
    for (const precision of ['f64', 'f32'] as const) {
      const program = await compile(runtime, outputs, { precision });
      const bindings = randomBindings([x, W], 7, 'any', 1);
      await expectAgreement(program, outputs, bindings, 7, interpret(Object.values(outputs), bindings, 7));
      await program.release();
    }
  });

  it('refuses more than one thread', async () => {
    const runtime = await webRuntime();
    const refused = compile(runtime, outputs, { precision: 'f64', threads: 2 });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow('received 2');
  });
});

describe('onnxRuntime', () => {
  it('is the native one, without a word', async () => {
    const said = vi.fn();
    const runtime = await onnxRuntime(said);
    expect(runtime.InferenceSession).toBe((await import('onnxruntime-node')).InferenceSession);
    expect(said).not.toHaveBeenCalled();
  });

  it('is that of the web where the native one is missing, and says why', async () => {
    missing('onnxruntime-node');
    const said = vi.fn<(reason: Error) => void>();
    const runtime = await onnxRuntime(said);
    expect(said.mock.calls.map(([{ message }]) => message)).toEqual([
      expect.stringContaining('npm install onnxruntime-node@'),
    ]);
    const program = await compile(runtime, outputs, { precision: 'f64' });
    await program.release();
  });

  it('names the native one where both are missing', async () => {
    missing('onnxruntime-node');
    missing('onnxruntime-web');
    await expect(onnxRuntime()).rejects.toThrow('npm install onnxruntime-node@');
  });
});

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { UsageError } from '../../../src/errors.js';

const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

afterEach(() => {
  vi.doUnmock('onnxruntime-node');
  vi.resetModules();
});

describe('nativeRuntime', () => {
  it('is ONNX Runtime, with its sessions and tensors', async () => {
    const runtime = await nativeRuntime();
    expect(typeof runtime.InferenceSession.create).toBe('function');
    expect(new runtime.Tensor('float32', Float32Array.of(1, 2), [2]).dims).toEqual([2]);
  });

  it('names the package and the version to install where it is missing, that of package.json', async () => {
    vi.doMock('onnxruntime-node', () => {
      throw new Error("Cannot find package 'onnxruntime-node'");
    });
    const failure: unknown = await nativeRuntime().then(
      () => 'loaded',
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UsageError);
    const { message, cause, exitCode } = failure as UsageError;
    expect(message).toContain(
      `npm install onnxruntime-node@${optionalDependencies['onnxruntime-node']!} --onnxruntime-node-install=skip`,
    );
    expect(message).toContain('not installed');
    expect(cause).toBeInstanceOf(Error);
    expect(exitCode).toBe(2);
  });
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { captured } from './captured.js';

vi.mock('onnxruntime-node', () => {
  throw new Error("Cannot find package 'onnxruntime-node'");
});
vi.mock('onnxruntime-web', () => {
  throw new Error("Cannot find package 'onnxruntime-web'");
});

describe('without ONNX Runtime', () => {
  const data = ['--data', 'mixture:3,5,0.2,100', '--steps', '4', '--top', '6'];
  const plain = ['train', '--model', 'softmax', '--backend', 'plain', '--dtype', 'f64', ...data];

  it('measures softmax regression, keeps and draws it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-runtime-'));
    for (const args of [['measure', ...data], plain, [...plain, '--out', join(folder, 'run')]]) {
      const { code, stdout, stderr } = await captured(() => runCli(args));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('f_top(3) at the end');
    }
    const drawn = await captured(() =>
      runCli(['figures', '--run', join(folder, 'run'), '--out', join(folder, 'drawn')]),
    );
    expect(drawn).toMatchObject({ code: 0, stdout: expect.stringContaining('network.png') as string });
    const weights = readdirSync(join(folder, 'run', 'weights')).at(-1)!;
    const checkpoint = join(folder, 'run', 'weights', weights);
    const spectrum = await captured(() => runCli(['spectrum', '--checkpoint', checkpoint, '--top', '3']));
    expect(spectrum).toMatchObject({ code: 0, stdout: expect.stringContaining('hessian of softmax') as string });
    expect(spectrum.stderr).toBe('');
    rmSync(folder, { recursive: true });
  });

  it('says for networks what to install', async () => {
    const { code, stdout, stderr } = await captured(() => runCli(['train', '--model', 'softmax', ...data]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('npm install onnxruntime-node');
  });
});

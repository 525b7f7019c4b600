import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { SubsetDocument } from '../../src/studies/spectrum/subset-spectra.js';
import type { SpectrumDocument } from '../../src/studies/spectrum/spectrum.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { captured } from './captured.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-models-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const words = (text: string): string[] => text.split(' ').map((word) => word.replace('DIR', folder));
const cli = (text: string) => captured(() => runCli(words(text)));
async function json<T>(text: string): Promise<T> {
  const { code, stdout, stderr } = await cli(`${text} --json`);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as T;
}
const data = '--data mixture:3,4,0.3,90';
const trained = `train --model mlp:5 --activation tanh ${data} --steps 4 --measure-every 4 --top 4 --dtype f64 --tolerance 1e-8`;
const step4 = 'DIR/run/weights/step-00000004.safetensors';

describe('a network that goes out as ONNX and comes back', () => {
  it('has the same spectrum, f_top and overlap, and goes on with the same losses', async () => {
    const run = await json<TrainDocument>(`${trained} --out DIR/run`);
    const written = await cli(`export --checkpoint ${step4} --out DIR/net.onnx`);
    expect(written).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^mlp:5: 43 parameters, \d+ bytes, in /) as string,
      stderr: '',
    });
    const before = await json<SpectrumDocument>(`spectrum --checkpoint ${step4} --top 4 --tolerance 1e-8`);
    const after = await json<SpectrumDocument>(
      `spectrum --model DIR/net.onnx ${data} --dtype f64 --top 4 --tolerance 1e-8`,
    );
    expect(after.model).toMatchObject({ kind: 'onnx' });
    expect(after.config.initialisation).toBe('given');
    expect(after.dimension).toBe(before.dimension);
    expect(Math.abs(after.loss / before.loss - 1)).toBeLessThan(1e-12);
    after.top.eigenvalues.forEach((value, i) => {
      expect(Math.abs(value - before.top.eigenvalues[i]!)).toBeLessThan(1e-9);
    });
    expect(after.overlapGradientHessianGradient).toBeCloseTo(before.overlapGradientHessianGradient!, 9);
    expect(after.topFractionBounds!.estimate).toBeCloseTo(before.topFractionBounds!.estimate, 6);
    expect(before.loss).toBe(run.records.at(-1)!.loss);

    const on = (model: string): Promise<TrainDocument> =>
      json(`train ${model} ${data} --steps 3 --measure-every 3 --top 4 --dtype f64 --tolerance 1e-8`);
    const [own, given] = [
      await on(`--model mlp:5 --activation tanh --init-from ${step4}`),
      await on('--model DIR/net.onnx'),
    ];
    expect(Math.abs(given.records.at(-1)!.loss / own.records.at(-1)!.loss - 1)).toBeLessThan(1e-10);
  });

  it('replaces no file that is not ours', async () => {
    writeFileSync(join(folder, 'mine.onnx'), 'mine');
    const { code, stderr } = await cli(`export --model mlp:5 ${data} --out DIR/mine.onnx`);
    expect(code).toBe(3);
    expect(stderr).toMatch(/would be replaced, and was not written by this package/);
    expect(readFileSync(join(folder, 'mine.onnx'), 'utf8')).toBe('mine');
    expect((await cli('export --out DIR/x.onnx')).stderr).toMatch(/give --checkpoint, or --model and --data/);
  });

  it('is given weights where it has none, and says so', async () => {
    expect((await cli(`spectrum --model mlp:5 --init given ${data}`)).stderr).toMatch(
      /mlp:5 brings no weights of its own/,
    );
    expect((await cli(`spectrum --model mlp:5 --loss given ${data}`)).stderr).toMatch(
      /mlp:5 brings no loss of its own/,
    );
    expect((await cli('spectrum --model DIR/net.onnx --data mixture:4,4,0.3,90')).stderr).toMatch(
      /gives outputs of shape \[n, 3\], and the data want \[n, 4\]/,
    );
  });
});

describe('a module as a model', () => {
  const write = (comment: string): void => {
    writeFileSync(
      join(folder, 'net.mjs'),
      `export default (_, { outputs, activation, layers: { dense, sequential } }) =>
        sequential({ first: dense(4), act: activation, last: dense(outputs) });
      export const loss = (scores, targets) => null; // ${comment}`,
    );
  };

  it('is trained, and its run is neither resumed nor measured once it is another', async () => {
    write('first');
    const run = `train --model DIR/net.mjs ${data} --steps 2 --measure-every 2 --top 4 --out DIR/module`;
    const first = await json<TrainDocument>(run);
    expect(first.run.model).toEqual({ kind: 'module', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((await json<TrainDocument>(run)).records).toEqual(first.records);
    const measure = 'spectrum --checkpoint DIR/module/weights/step-00000002.safetensors --top 4 --blocks layers';
    const { stdout } = await cli(measure);
    expect(stdout).toMatch(/f_top\(3\): .*, overlap\(g,Hg\): .*, ‖g‖: /);
    expect(stdout).toMatch(/block +dimension +λ_1 .*\n +first +20 .*\n +last +15 /);
    write('edited');
    expect(await cli(run)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/another run: run.model.sha256 was/) as string,
    });
    expect(await cli(measure)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/was trained with another .*net.mjs: model.sha256 was/) as string,
    });
    expect(await cli(`spectrum --model DIR/net.mjs --loss given ${data}`)).toMatchObject({ code: 3 });
  });
});

describe('spectra of subsets', () => {
  it('are printed with standard errors and what they are biased by', async () => {
    const command = `spectrum --model mlp:5 ${data} --subsets 3 --samples 20 --top 2 --trace 9`;
    const { stdout } = await cli(command);
    expect(stdout).toMatch(/3 disjoint random subsets of 20 of 90 samples/);
    expect(stdout).toMatch(/f_top\(3\): [\d.]+ ± [\d.]+, overlap\(g,Hg\): .*, trace: /);
    expect(stdout).toMatch(/λ_max is convex: E λ₁\(H_S\) ≥ λ₁\(E H_S\)/);
    expect(stdout).toMatch(/Of ‖g‖² of a subset [\d.]+ % is sampling noise/);
    expect((await json<SubsetDocument>(command)).subsets).toHaveLength(3);
    expect((await cli(`spectrum --model mlp:5 ${data} --subsets 3`)).stderr).toMatch(/--subsets needs --samples/);
  });
});

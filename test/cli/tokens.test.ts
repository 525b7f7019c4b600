import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { SpectrumDocument } from '../../src/studies/spectrum/spectrum.js';
import type { SubsetDocument } from '../../src/studies/spectrum/subset-spectra.js';

import { nativeRuntime } from '../../src/tensor/engine/index.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { train } from '../../src/train/train.js';
import { npyOf } from '../files/npy-bytes.js';
import { captured } from './captured.js';

const runtime = await nativeRuntime();
let folder: string;
const [samples, length, words] = [24, 4, 7];
const integers = (count: number, below: number): BigInt64Array =>
  BigInt64Array.from({ length: count }, (_, i) => BigInt((i * i + Math.floor(i / 3)) % below));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-tokens-'));
  const write = (name: string, bytes: Uint8Array): void => {
    writeFileSync(join(folder, name), bytes);
  };
  const ids = integers(samples * length, words);
  write('ids.npy', npyOf(ids, [samples, length]));
  write(
    'parity.npy',
    npyOf(
      ids.map((id) => id % 2n),
      [samples, length],
    ),
  );
  write('classes.npy', npyOf(integers(samples, 3), [samples]));
  const bytes = Uint8Array.from({ length: samples * 16 }, (_, i) => (i * i) % 251);
  write('images.npy', npyOf(bytes, [samples, 4, 4]));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const cli = (text: string) => captured(() => runCli(text.split(' ').map((word) => word.replaceAll('DIR', folder))));
async function json<T>(text: string): Promise<T> {
  const { code, stdout, stderr } = await cli(`${text} --json`);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as T;
}
const accurate = '--top 3 --tolerance 1e-6 --subspace 3';
const steps = '--steps 4 --measure-every 2 --batch 8 --lr 0.1';

const nextToken = '--model transformer:1,4,2 --data npy:DIR/ids.npy --loss next-token --dtype f64';
const perToken = '--model encoder:1,4,2 --data npy:DIR/ids.npy,DIR/parity.npy --dtype f64';
const sums = '--model transformer:1,4,2 --data modular:5,0.6 --dtype f64';
const images = '--model vit:2,1,4,2 --data npy:DIR/images.npy,DIR/classes.npy --dtype f64';

describe.each([
  ['the next token', nextToken, { classes: null, features: length }, samples * (length - 1)],
  ['a label for each token', perToken, { classes: 2, features: length }, samples * length],
  ['sums modulo p', sums, { classes: 5, features: 3, samples: 15 }, 15],
  ['patches of images', images, { classes: 3, features: 16 }, samples],
])('a transformer of %s', (name, problem, data, predictions) => {
  const run = `DIR/${name.replaceAll(' ', '-')}`;
  const last = `${run}/weights/step-00000004.safetensors`;

  it('is trained, goes on where it was left, and has the same spectrum with and without its run', async () => {
    const command = `train ${problem} ${accurate} ${steps}`;
    const whole = await json<TrainDocument>(command);
    expect(whole.run.data).toMatchObject(data);
    expect(whole.records.map(({ step }) => step)).toEqual([0, 2, 4]);
    for (const { accuracy, testAccuracy } of whole.records) {
      const right = accuracy! * predictions; // a share of all tokens that are predicted
      expect(Math.abs(right - Math.round(right))).toBeLessThan(1e-9);
      if (problem === sums) expect(testAccuracy! * 10).toBeCloseTo(Math.round(testAccuracy! * 10), 9);
      else expect(testAccuracy).toBeNull();
    }
    expect(whole.records.at(-1)!.loss).toBeLessThan(whole.records[0]!.loss);
    const stop = new AbortController();
    const interrupted = train(whole.run.config, {
      runtime,
      out: run.replace('DIR', folder),
      signal: stop.signal,
      onProgress({ step }) {
        if (step === 3) stop.abort(new Error('stopped'));
      },
    });
    await expect(interrupted).rejects.toThrow('stopped');
    const resumed = await json<TrainDocument>(`${command} --out ${run}`);
    expect(resumed.records.map((record) => ({ ...record, weights: null }))).toEqual(whole.records);

    const kept = await json<SpectrumDocument>(`spectrum --checkpoint ${last} ${accurate} --blocks layers`);
    const given = await json<SpectrumDocument>(`spectrum ${problem} --init-from ${last} ${accurate}`);
    const record = whole.records.at(-1)!;
    expect(kept).toMatchObject({ loss: record.loss, accuracy: record.accuracy, subspace: 3 });
    expect(given).toMatchObject({ checkpoint: null, loss: kept.loss, accuracy: kept.accuracy, top: kept.top });
    kept.top.eigenvalues.slice(0, 3).forEach((value, i) => {
      expect(Math.abs(value / record.eigenvalues[i]! - 1)).toBeLessThan(1e-6);
    });
    const layers = kept.blocks!.map(({ name: layer }) => layer);
    expect(layers).toEqual(expect.arrayContaining(['block1.attn.qkv', 'head']));
    expect(kept.blocks!.reduce((all, block) => all + block.gradientShare!, 0)).toBeCloseTo(1, 12);
  });
});

describe('sequences', () => {
  it('are of chosen parameters and of random subsets too, and have the noise of a sample', async () => {
    const part = await json<TrainDocument>(
      `train ${nextToken} ${accurate} ${steps.replace('--steps 4', '--steps 2')} --parameters head,block1.attn* --noise-null 4`,
    );
    expect(part.run.parameters).toBe(words * 5 + 12 * 5 + 4 * 5);
    const { noiseNull } = part.records[0]!;
    expect(noiseNull!.stationary!.upper).toBeLessThan(1);
    expect(noiseNull!.stationary!.lower).toBeGreaterThan(0);
    const subsets = await json<SubsetDocument>(`spectrum ${perToken} ${accurate} --subsets 2 --samples 8`);
    expect(subsets.samples).toEqual({ all: samples, each: 8 });
    expect(subsets.subsets.every(({ accuracy }) => Number.isInteger(Math.round(accuracy! * 32e6) / 1e6))).toBe(true);
  });

  it.each([
    [`spectrum ${perToken} --split`, /the split by classes needs one class a sample/],
    [`spectrum ${nextToken} --subspace 3 --split`, /the split is that of cross-entropy/],
    [
      `train ${nextToken.replace(' --loss next-token', '')}`,
      /has nothing as targets.*give targets with the data, or choose next-token or output/,
    ],
    [`train ${perToken} --loss squared-error`, /has a label for each token as targets, for which squared-error is no/],
    [`train ${images} --loss next-token`, /has no token ids as inputs/],
    [`train ${perToken.replace('encoder:1,4,2', 'mlp:4')}`, /mlp takes no token ids/],
    [`spectrum ${nextToken}`, /has no targets, whose number would be the m of f_top\(m\)/],
  ])('%s is refused in words', async (command, message) => {
    const { code, stderr } = await cli(command);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

it('predicts all tokens there are, however few labels the data have beside them', async () => {
  const { run } = await json<TrainDocument>(
    `train ${nextToken.replace('ids.npy', 'ids.npy,DIR/parity.npy')} --steps 0 ${accurate}`,
  );
  expect(run.parameters).toBe((await json<TrainDocument>(`train ${nextToken} --steps 0 ${accurate}`)).run.parameters);
});

describe('a decoder that PyTorch exported', () => {
  const golden = 'test/golden/pytorch/gpt';
  const facts = JSON.parse(readFileSync(`${golden}.json`, 'utf8')) as {
    loss: number;
    eigenvalues: number[];
    topFraction: number;
    overlap: number;
  };

  it('has the loss, eigenvalues, f_top and overlap of PyTorch', async () => {
    const found = await json<SpectrumDocument>(
      `spectrum --model ${golden}.onnx --data npy:${golden}.x.npy --loss next-token --subspace 10 --top 10 --dtype f64 --tolerance 1e-8`,
    );
    expect(Math.abs(found.loss / facts.loss - 1)).toBeLessThan(1e-9);
    expect(found.top.eigenvalues).toHaveLength(10);
    found.top.eigenvalues.forEach((value, i) => {
      expect(Math.abs(value / facts.eigenvalues[i]! - 1)).toBeLessThan(1e-9);
    });
    expect(Math.abs(found.topFractionBounds!.estimate - facts.topFraction)).toBeLessThan(1e-9);
    expect(Math.abs(found.overlapGradientHessianGradient! - facts.overlap)).toBeLessThan(1e-9);
  });
});

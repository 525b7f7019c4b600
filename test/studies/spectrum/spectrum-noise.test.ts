import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import { UsageError } from '../../../src/errors.js';
import { spectrum, type SpectrumDocument } from '../../../src/studies/spectrum/spectrum.js';
import { trainDefaults, type TrainConfig } from '../../../src/train/train-config.js';
import type { TrainDocument } from '../../../src/train/train-document.js';
import { train } from '../../../src/train/train.js';
import { captured } from '../../cli/captured.js';

const config: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  backend: 'plain',
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.4,80' },
  batch: 8,
  steps: 30,
  measureEvery: 30,
  top: 4,
  tolerance: 1e-10,
  precision: 'f64',
  noiseNull: 5,
};
let folder: string;
let checkpoint: string;
let run: TrainDocument;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spectrum-noise-'));
  run = await train(config, { out: folder });
  checkpoint = join(folder, 'weights', 'step-00000030.safetensors');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const options = {
  curvature: 'hessian',
  layers: [],
  top: 5,
  bottom: 0,
  tolerance: 1e-10,
  densityProducts: 0,
  traceProducts: 0,
  split: false,
  noiseNull: 5,
  seed: 1,
} as const;

describe('spectrum at saved weights', () => {
  it('has the law of the noise that the record has', async () => {
    const { noise, products } = await spectrum({ ...options, checkpoint });
    const record = run.records[1]!;
    const [ours, theirs] = [noise!.noiseNull!, record.noiseNull!];
    expect(noise!.subspace).toBe(3);
    expect(Math.abs(noise!.overlap / record.overlapGradientHessianGradient - 1)).toBeLessThan(1e-6);
    expect(Math.abs(noise!.topFraction.lower - record.topFraction.lower)).toBeLessThan(1e-6);
    for (const of of [
      (law: typeof ours) => law.stationary!.lower,
      (law: typeof ours) => law.spectrumOnly.upper,
      (law: typeof ours) => law.overlap.stationary!.mean,
      (law: typeof ours) => law.standardErrors.overlap.spectrumOnly,
      (law: typeof ours) => law.flowShare!,
      (law: typeof ours) => law.energies!.rest.stationary,
    ]) {
      expect(Math.abs(of(ours) / of(theirs) - 1)).toBeLessThan(1e-6);
    }
    const without: SpectrumDocument = await spectrum({ ...options, noiseNull: undefined as never, checkpoint });
    expect(without.noise).toBeUndefined();
    expect(products).toBeGreaterThan(without.products);
  });

  it('says it in words, and refuses parts of the Hessian and too few eigenpairs', async () => {
    const cli = (...more: string[]) => captured(() => runCli(['spectrum', '--checkpoint', checkpoint, ...more]));
    const { code, stdout } = await cli('--top', '5', '--noise-null');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/f_top\(3\): [\d.]+, .* of SGD's noise alone: [\d.]+ and [\d.]+ ± /),
    ]);
    expect((await cli('--noise-null', '--curvature', 'gauss-newton')).stderr).toMatch(/needs the whole Hessian/);
    await expect(spectrum({ ...options, top: 3, checkpoint })).rejects.toThrow(
      /f_top\(3\) needs 4 eigenpairs, received top 3/,
    );
    await expect(spectrum({ ...options, layers: ['dense1'], checkpoint })).rejects.toThrow(UsageError);
  });
});

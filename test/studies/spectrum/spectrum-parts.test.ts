import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { spectrum, type SpectrumDocument, type SpectrumOptions } from '../../../src/studies/spectrum/spectrum.js';
import { subsetSpectra, type SubsetOptions } from '../../../src/studies/spectrum/subset-spectra.js';
import type { Estimate } from '../../../src/numeric/statistics/confidence-interval.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../../src/train/train-config.js';
import { train } from '../../../src/train/train.js';

const runtime = await nativeRuntime();
const config: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:8',
  activation: 'tanh',
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.4,240' },
  precision: 'f64',
};
const options: SpectrumOptions = {
  config,
  curvature: 'hessian',
  layers: [],
  top: 6,
  bottom: 0,
  tolerance: 1e-9,
  densityProducts: 0,
  traceProducts: 60,
  split: false,
  seed: 1,
};

describe('the spectrum of a network without a run', () => {
  it('is that of a run of no steps: eigenvalues, f_top, overlap and ‖g‖', async () => {
    const { records, run } = await train({ ...config, steps: 0, top: 6, tolerance: 1e-9 }, { runtime });
    const record = records[0]!;
    const found = await spectrum(options, runtime);
    expect(found).toMatchObject({ checkpoint: null, step: 0, subspace: run.subspace, loss: record.loss });
    found.top.eigenvalues.forEach((value, i) => {
      expect(Math.abs(value / record.eigenvalues[i]! - 1)).toBeLessThan(1e-8);
    });
    expect(found.gradientNorm).toBe(record.gradientNorm);
    expect(found.overlapGradientHessianGradient).toBeCloseTo(record.overlapGradientHessianGradient, 12);
    expect(found.topFraction!.null).toBe(record.topFraction.null);
    const [ours, theirs] = [found.topFractionBounds!, record.topFractionBounds!];
    expect(ours.upper - ours.lower).toBeLessThan(1e-5);
    expect(ours.lower).toBeLessThan(theirs.upper);
    expect(theirs.lower).toBeLessThan(ours.upper);
    expect(Math.abs(ours.estimate - theirs.estimate!)).toBeLessThan(1e-7);
  });

  it('has m + 1 pairs for f_top, however few are shown, unless the basis has no room for them', async () => {
    const few = await spectrum({ ...options, top: 1, traceProducts: 0 }, runtime);
    const many = await spectrum({ ...options, traceProducts: 0 }, runtime);
    expect(few.top.eigenvalues).toHaveLength(1);
    expect(Math.abs(few.topFractionBounds!.estimate - many.topFractionBounds!.estimate)).toBeLessThan(1e-6);
    const tight = await spectrum(
      { ...options, top: 1, subspace: 12, basis: 13, tolerance: 1e-4, traceProducts: 0 },
      runtime,
    );
    expect(tight.top.eigenvalues[0]).toBeCloseTo(many.top.eigenvalues[0]!, 3);
    expect([tight.topFraction, tight.topFractionBounds]).toEqual([null, null]);
  });

  it('asks for m where there are no classes, and for one of checkpoint and configuration', async () => {
    const sine: TrainConfig = { ...config, data: { ...config.data, source: 'sine:40' }, loss: 'squared-error' };
    await expect(spectrum({ ...options, config: sine }, runtime)).rejects.toThrow(
      /sine has no classes, whose number would be the m of f_top\(m\): say which m/,
    );
    expect((await spectrum({ ...options, config: sine, subspace: 2 }, runtime)).subspace).toBe(2);
    await expect(spectrum({ ...options, checkpoint: 'x' }, runtime)).rejects.toThrow(UsageError);
  });
});

describe('spectra of blocks', () => {
  let whole: SpectrumDocument;
  beforeAll(async () => {
    whole = await spectrum({ ...options, blocks: ['each', 'layers', 'dense1.bias,dense2'] }, runtime);
  });

  it('are those of each block by itself', async () => {
    const names = [
      'dense1.weight',
      'dense1.bias',
      'dense2.weight',
      'dense2.bias',
      'dense1',
      'dense2',
      'dense1.bias,dense2',
    ];
    expect(whole.blocks!.map(({ name }) => name)).toEqual(names);
    for (const block of whole.blocks!) {
      const alone = await spectrum({ ...options, layers: block.name.split(',') }, runtime);
      expect(block.dimension).toBe(alone.dimension);
      const largest = alone.top.eigenvalues[0]!;
      block.top.eigenvalues.forEach((value, i) => {
        expect(Math.abs(value - alone.top.eigenvalues[i]!)).toBeLessThan(1e-7 * largest);
      });
      expect(block.gradientNorm).toBe(alone.gradientNorm);
      expect(block.overlapGradientHessianGradient).toBeCloseTo(alone.overlapGradientHessianGradient!, 10);
      const [ours, theirs] = [block, alone].map((one) => one.topFractionBounds?.estimate ?? one.topFraction!.upper);
      expect(Math.abs(ours! - theirs!)).toBeLessThan(1e-6);
      expect(Math.abs(block.trace!.value - alone.trace!.value)).toBeLessThan(
        4 * Math.hypot(block.trace!.standardError, alone.trace!.standardError) + 1e-9,
      );
    }
  });

  it('share trace and squared gradient among the parts of θ', async () => {
    const { blocks } = await spectrum({ ...options, blocks: ['each'] }, runtime);
    const sum = (of: (block: (typeof whole.blocks & object)[number]) => number): number =>
      blocks!.reduce((total, block) => total + of(block), 0);
    expect(sum((block) => block.gradientShare!)).toBeCloseTo(1, 12);
    expect(sum((block) => block.traceShare!)).toBeCloseTo(1, 12);
    const { value, standardError } = whole.trace!;
    expect(Math.abs(sum((block) => block.trace!.value) - value)).toBeLessThan(4 * standardError + 1e-9);
  });

  it('are the same on the plain backend', async () => {
    const softmax: TrainConfig = { ...config, model: 'softmax', activation: 'relu' };
    const [native, plain] = [
      await spectrum({ ...options, config: softmax, blocks: ['each'] }, runtime),
      await spectrum({ ...options, config: { ...softmax, backend: 'plain' }, blocks: ['each'] }),
    ];
    plain.blocks!.forEach(({ top, gradientShare }, b) => {
      expect(gradientShare).toBeCloseTo(native.blocks![b]!.gradientShare!, 10);
      top.eigenvalues.forEach((value, i) => {
        expect(value).toBeCloseTo(native.blocks![b]!.top.eigenvalues[i]!, 8);
      });
    });
  });
});

describe('spectra of subsets', () => {
  const ofMnist: SubsetOptions = {
    ...options,
    config: {
      ...config,
      model: 'mlp:6',
      data: { ...trainDefaults.data, samples: 480, classes: [0, 1, 7] },
    },
    top: 3,
    tolerance: 1e-4,
    traceProducts: 30,
    subsets: 4,
    samples: 30,
  };

  it('approach that of all samples as they grow, λ₁ from above', async () => {
    const { config: all } = ofMnist;
    const full = await spectrum({ ...options, config: all!, top: 3, tolerance: 1e-4, traceProducts: 60 }, runtime);
    const small = await subsetSpectra(ofMnist, runtime);
    const large = await subsetSpectra({ ...ofMnist, samples: 120 }, runtime);
    const far = ({ means }: typeof small): number[] => [
      means.eigenvalues[0]!.value / full.top.eigenvalues[0]! - 1,
      means.gradientNorm.value / full.gradientNorm - 1,
    ];
    for (const [i, distance] of far(large).entries()) expect(Math.abs(distance)).toBeLessThan(Math.abs(far(small)[i]!));
    // All samples are in one of four subsets of 120: E is the mean over these, and the bounds by convexity hold for it without an error.
    expect(far(large).every((distance) => distance > 0)).toBe(true);
    expect(far(large)[0]).toBeLessThan(0.05);
    expect(Math.abs(large.means.loss.value - full.loss)).toBeLessThan(1e-6);
    expect(large.noiseShare).toBeLessThan(small.noiseShare / 3);
    const near = (mean: Estimate | null, value: number): void => {
      expect(Math.abs(mean!.value - value)).toBeLessThan(4 * mean!.standardError);
      expect(mean!.standardError).toBeLessThan(0.25 * value);
    };
    near(large.means.topFraction, full.topFractionBounds!.estimate);
    near(large.means.overlapGradientHessianGradient, full.overlapGradientHessianGradient!);
    const [{ value, standardError }, trace] = [full.trace!, large.means.trace!];
    expect(Math.abs(trace.value - value)).toBeLessThan(4 * Math.hypot(standardError, trace.standardError));
    expect(large.samples).toEqual({ all: 480, each: 120 });
    expect(large.dimension).toBe(full.dimension);
  });

  it('have no sample twice, the same ones for the same seed, and are refused where there are too few', async () => {
    const ten = { ...ofMnist, config, subsets: 2, traceProducts: 0, top: 1, subspace: 1 };
    expect(await subsetSpectra(ten, runtime)).toEqual(await subsetSpectra(ten, runtime));
    expect((await subsetSpectra({ ...ten, seed: 2 }, runtime)).means.loss).not.toEqual(
      (await subsetSpectra(ten, runtime)).means.loss,
    );
    await expect(subsetSpectra({ ...ten, subsets: 5, samples: 50 }, runtime)).rejects.toThrow(
      /5 disjoint subsets of 50 samples need 250, and there are 240/,
    );
    const plain: TrainConfig = { ...config, model: 'softmax', activation: 'relu', backend: 'plain' };
    await expect(subsetSpectra({ ...ten, config: plain })).rejects.toThrow(/for subsets choose the backend onnx/);
  });
});

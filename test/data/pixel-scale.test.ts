import { describe, expect, it } from 'vitest';
import { fitPixelScale, scalePixels } from '../../src/data/pixel-scale.js';
import { firstSamples } from '../../src/data/select-samples.js';
import { DataError } from '../../src/errors.js';
import { smallImages } from './small-images.js';

const colour = smallImages(20, [3, 4, 5], 2);
const grey = smallImages(20, [1, 4, 5], 2);

describe('scalePixels', () => {
  it('divides by 255 under unit scaling', () => {
    const scaled = scalePixels(grey, fitPixelScale(grey, 'unit'));
    expect(scaled.inputs).toEqual(Float64Array.from(grey.inputs, (pixel) => pixel / 255));
    expect(scaled.record.transformations).toEqual([{ kind: 'pixel-scale', scale: { kind: 'unit' }, precision: 'f64' }]);
  });

  it('gives each channel mean 0 and mean square 1 when standardised, up to the rounding of 400 terms', () => {
    for (const images of [grey, colour]) {
      const [channels] = images.inputShape as [number];
      const scale = fitPixelScale(images, 'standardised');
      const { inputs } = scalePixels(images, scale);
      for (let channel = 0; channel < channels; channel++) {
        const own = Float64Array.from(inputs).filter((_, j) => Math.floor(j / 20) % channels === channel);
        expect(own).toHaveLength(400);
        expect(Math.abs(own.reduce((sum, x) => sum + x, 0) / 400)).toBeLessThan(400 * Number.EPSILON);
        expect(Math.abs(own.reduce((sum, x) => sum + x * x, 0) / 400 - 1)).toBeLessThan(400 * Number.EPSILON);
      }
    }
  });

  it('uses the numbers of the training images for others, from the record', () => {
    const train = firstSamples(colour, 10);
    const scale = fitPixelScale(train, 'standardised');
    const both = scalePixels(colour, scale);
    expect(both.inputs.slice(0, 600)).toEqual(scalePixels(train, scale).inputs);
    expect(scale).not.toEqual(fitPixelScale(colour, 'standardised'));
    const recorded = JSON.parse(JSON.stringify(both.record)) as typeof both.record;
    expect(recorded.transformations).toEqual([{ kind: 'pixel-scale', scale, precision: 'f64' }]);
  });

  it('rounds single precision once', () => {
    const scale = fitPixelScale(colour, 'standardised');
    expect(scalePixels(colour, scale, 'f32').inputs).toEqual(Float32Array.from(scalePixels(colour, scale).inputs));
  });

  it('has exact moments also where all pixels are nearly equal, and refuses equal ones', () => {
    const inputs = new Uint8Array(400).fill(255);
    expect(() => fitPixelScale({ ...grey, inputs }, 'standardised')).toThrow(/all pixels are 255.*'unit'/);
    inputs[7] = 254;
    const scale = fitPixelScale({ ...grey, inputs }, 'standardised');
    // of 400 pixels one deviates by 1: the variance is (1/400)(1 − 1/400)
    const expected = Math.sqrt(399) / 400 / 255;
    expect(scale.kind === 'standardised' && Math.abs(scale.deviation[0]! / expected - 1)).toBeLessThan(
      4 * Number.EPSILON,
    );
    const blue = colour.inputs.map((pixel, j) => (Math.floor(j / 20) % 3 === 2 ? 9 : pixel));
    expect(() => fitPixelScale({ ...colour, inputs: blue }, 'standardised')).toThrow(/all pixels of channel 2 are 9/);
  });

  it('refuses a scale of other channels', () => {
    const scale = fitPixelScale(grey, 'standardised');
    expect(() => scalePixels(colour, scale)).toThrow(DataError);
    expect(() => scalePixels(colour, scale)).toThrow(/has 3 channels, the scale 1/);
  });
});

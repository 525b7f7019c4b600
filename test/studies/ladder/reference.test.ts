import { describe, expect, it } from 'vitest';
import { closedFormReference, populationReference } from '../../../src/studies/ladder/reference.js';
import { syntheticRungs, withConstantFeature } from '../../../src/studies/ladder/rungs.js';
import { mixtureFromGram, tensorHermite } from '../../../src/exact/population/index.js';

const [classes, dim, noise, correlation, norm] = [3, 4, 0.6, 0.3, 2];
const gram = Array.from({ length: 9 }, (_, i) => norm ** 2 * (i % 4 === 0 ? 1 : correlation));
const mixture = mixtureFromGram({ gram, dim, noises: [noise, noise, noise] });
const closedForm = closedFormReference({ classes, dim, noise, correlation, norm });
const population = populationReference(mixture, tensorHermite(30), { until: 10, tolerance: 1e-10 });

describe('the two references', () => {
  it('agree on an equiangular mixture, at equal time', () => {
    const times = [0.3, 1, 3];
    const exact = closedForm.at(times);
    population.at(times).forEach((found, i) => {
      for (const name of ['loss', 'overlap', 'topLevel', 'nextLevel', 'ratio'] as const) {
        expect(found[name] / exact[i]![name]).toBeCloseTo(1, 7);
      }
    });
  });

  it('have the loss they are asked for, and none where the flow never has it', () => {
    const loss = closedForm.at([1])[0]!.loss;
    expect(closedForm.atLoss([loss])[0]!.loss).toBeCloseTo(loss, 10);
    expect(population.atLoss([loss])[0]!.loss).toBeCloseTo(loss, 10);
    const early = Math.log(3) - 1e-3; // between the start and the first point of the curve
    expect(population.atLoss([early])[0]!.loss).toBeCloseTo(early, 10);
    for (const reference of [closedForm, population]) {
      expect(reference.atLoss([Math.log(3) + 0.1, 1e-9])).toEqual([null, null]);
    }
  });
});

describe('withConstantFeature', () => {
  it('adds a feature that is 1 and has no noise', () => {
    const { data } = syntheticRungs.find(({ adds }) => adds === 'bias')!;
    const wider = withConstantFeature(data);
    expect(wider.dim).toBe(data.dim + 1);
    expect([0, 1, 2].map((a) => wider.means[a * wider.dim + data.dim])).toEqual([1, 1, 1]);
    expect(wider.means.slice(0, data.dim)).toEqual(data.means.slice(0, data.dim));
    expect([...wider.shape!]).toEqual([...data.shape!, 0]);
  });
});

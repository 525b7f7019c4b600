import { expect, it } from 'vitest';
import {
  flattening,
  lead,
  ratioOverSignless,
  type FollowedSeeds,
} from '../../../../../src/studies/reproduce/experiments/spectral-lifecycle/findings.js';
import { around, halvingStep } from '../../../../../src/studies/reproduce/experiments/spectral-lifecycle/phases.js';

/** Windows of 100 steps; grokked at step 300; v₁ moves scores 4 times as far as a random direction before, 0.5 times after. */
const states = [100, 200, 300, 400, 500].map((step) => ({
  step,
  secondGap: [1, 3, 1.4, 1, 5][step / 100 - 1]!,
  displacements: [step < 300 ? 8 : 1],
  randomDisplacement: 2,
  ratio: step < 300 ? 6 : 3,
  signlessRatio: 3,
  edge: 2,
  weightedEdge: 1,
  singularValues: [2, 0, 0, 0],
  drift: 1, // four equal updates of length 1
}));
const run = {
  run: { config: { model: 'transformer:1,4,2', data: {} }, data: { origin: {} } },
  records: [0, 100, 200, 300].map((step) => ({ step, accuracy: 1, testAccuracy: step < 300 ? 0.94 : 0.95 })),
};
const found = { runs: [run], edges: [{ entries: 1, parameters: 1, states }] } as unknown as FollowedSeeds;

it('before grokking are windows that end before it, after it those that begin at it or later', () => {
  const { before, after } = around(found.edges[0]!, 300, 100);
  expect([before, after].map((part) => part.map(({ step }) => step))).toEqual([
    [100, 200],
    [400, 500],
  ]);
});

it('g₂₃ has halved against the largest before, and how long before grokking', () => {
  expect(halvingStep(found.edges[0]!)).toBe(300);
  expect(lead(found).values).toEqual([0]);
  expect(halvingStep({ states: found.edges[0]!.states.slice(0, 2) })).toBeUndefined();
});

it('displacement before over after, with its course', () => {
  const { values, reason } = flattening(found);
  expect(values).toEqual([8]);
  expect(reason).toContain('4.00, 0.50 (step 300) and 0.50');
});

it('R over that with random signs, and what updates have in common', () => {
  expect(ratioOverSignless('before')(found)).toMatchObject({
    values: [2],
    reason: expect.stringContaining('has 1.00 of the mean square of one, which without memory is 0.25') as string,
  });
  expect(ratioOverSignless('after')(found).values).toEqual([1]);
});

it('leaves out a run that has not grokked, and says which', () => {
  const config = { ...run.run.config, seed: 7 };
  const never = { run: { ...run.run, config }, records: run.records.slice(0, 3) };
  const left = 'left out: seed 7, whose test accuracy reached 0.95 at no step';
  const alone = { ...found, runs: [never] } as unknown as FollowedSeeds;
  expect(flattening(alone)).toMatchObject({ values: [], reason: expect.stringContaining(left) as string });
  const both = { runs: [run, never], edges: [found.edges[0], found.edges[0]] } as unknown as FollowedSeeds;
  expect(flattening(both)).toMatchObject({
    values: [8],
    reason: expect.stringMatching(/^v₁ over.*; left out/) as string,
  });
  expect(lead(both)).toMatchObject({ values: [0], reason: expect.stringContaining(left) as string });
});

import { describe, expect, it } from 'vitest';
import { grokkingData, grokkingFigure } from '../../../../figures/index.js';
import { grokking } from '../../../../src/studies/reproduce/experiments/grokking/index.js';
import { phasesOf, turningPoints } from '../../../../src/studies/reproduce/experiments/grokking/phases.js';
import { grokkingRuns } from '../../../../src/studies/reproduce/experiments/grokking/runs.js';
import { nativeRuntime } from '../../../../src/tensor/engine/index.js';
import { train } from '../../../../src/train/train.js';
import type { TrainDocument } from '../../../../src/train/train-document.js';

/** As much of a run as is looked at: both accuracies at the steps 0, 10, 20, …, and f_top known to ± 0.1. */
function run(training: readonly number[], test: readonly number[], fractions: readonly number[] = []): TrainDocument {
  const records = training.map((accuracy, i) => ({
    step: 10 * i,
    accuracy,
    testAccuracy: test[i],
    loss: 1 / (i + 1),
    eigenvalues: [100 * (i + 1), 1],
    overlapGradientHessianGradient: 0.5,
    topFraction: { lower: 0, upper: 1, gap: 0, null: 0.01 },
    topFractionBounds: { lower: (fractions[i] ?? 0.5) - 0.1, upper: (fractions[i] ?? 0.5) + 0.1 },
  }));
  const config = { model: 'transformer:1,4,2', steps: records.at(-1)!.step, schedule: { rate: 0.01 }, optimizer: {} };
  return {
    run: { config: { ...config, data: {} }, data: { origin: {} } },
    records,
    summary: {
      finalAccuracy: training.at(-1),
      finalTestAccuracy: test.at(-1),
      finalLoss: records.at(-1)!.loss,
      finalTopFraction: { null: 0.01 },
    },
  } as unknown as TrainDocument;
}

const measured = (id: string, runs: readonly TrainDocument[]) => {
  const claim = grokking.claims.find((one) => one.id === `grokking-${id}`)!;
  const tasks = claim.tasks('quick');
  const of = (task: unknown) => ({ result: runs[tasks.indexOf(task as never)] ?? runs[0]!, seconds: 1, machine: '' });
  const keyed = { of: (task: { readonly key: string }) => of(tasks.find(({ key }) => key === task.key)) };
  return claim.measure(keyed as never, 'quick');
};

const late = run([0, 0.6, 1, 1, 1, 1], [0, 0.1, 0.3, 0.4, 0.995, 1], [0, 0.8, 0.6, 0.2, 0.4, 0.6]);
const later = run([0, 1, 1, 1, 1, 1], [0, 0.2, 0.3, 0.4, 0.5, 0.997], [0, 0.5, 0.1, 0.1, 0.1, 0.9]);
const never = run([0, 0.5], [0, 0.1]);

describe('the phases of a run', () => {
  it('turn at the first measurements above 0.99, of training and of test accuracy', () => {
    const { memorised, generalised } = turningPoints(late);
    expect([memorised?.step, generalised?.step]).toEqual([20, 40]);
    const { memorising, between, after } = phasesOf(late);
    expect([memorising, between, after].map((phase) => phase.map(({ step }) => step))).toEqual([
      [10, 20],
      [30],
      [40, 50],
    ]);
    expect(phasesOf(never)).toMatchObject({ memorising: [{ step: 10 }], between: [], after: [] });
  });
});

describe('the claims', () => {
  it('are those of the records: test accuracy where it is memorised and at the end, f_top in each phase, the largest ηλ₁', () => {
    expect(measured('memorised', [late, later])).toMatchObject({ values: [0.3, 0.2], beside: { 'at step': '20, 10' } });
    expect(measured('generalised', [late, later])).toMatchObject({
      values: [1, 0.997],
      beside: { 'above 0.99 from step': '40, 50' },
    });
    const of = (phase: string) => measured(`top-${phase}`, [late, later]).values.map((x) => Number(x.toFixed(12)));
    expect(of('memorising')).toEqual([0.7, 0.5]);
    expect(of('between')).toEqual([0.2, 0.1]);
    expect(of('after')).toEqual([0.5, 0.9]);
    expect(measured('top-after', [late, later]).beside).toMatchObject({ 'single steps': '0.30 to 1.00' });
    expect(measured('sharpness', [late, later])).toMatchObject({ values: [6, 6], beside: { 'ηλ₁ at first': 1 } });
  });

  it('have no value where a run did not get there', () => {
    for (const id of ['memorised', 'top-between', 'top-after'])
      expect(measured(id, [late, never])).toMatchObject({
        values: [],
        reason: expect.stringMatching(/some run/) as string,
      });
  });
});

it('quick runs go through the same code, and their figure says what it shows', async () => {
  const [task] = grokkingRuns('quick');
  const { run: ran, records } = await train(task!.config, { runtime: await nativeRuntime() });
  expect(ran).toMatchObject({ subspace: 10, data: { name: 'modular', samples: 61, classes: 11 } });
  const data = grokkingData({ run: ran, records });
  expect(data.records.map(({ step }) => step)).toEqual([0, 20, 40]);
  for (const [i, { sharpness, overlap, topFraction }] of data.records.entries()) {
    expect(sharpness).toBe(1e-3 * records[i]!.eigenvalues[0]!);
    expect(overlap).toBe(records[i]!.overlapGradientHessianGradient);
    expect({ ...topFraction, middle: undefined }).toEqual({
      ...records[i]!.topFractionBounds!,
      middle: undefined,
      estimate: undefined,
    });
  }
  const { caption, columns } = grokkingFigure(data);
  expect(columns).toEqual(['series', 'step', 'value']);
  expect(caption).toContain('Weight decay 1, which is no part of that loss');
  expect(caption).toContain('above 0.99, none on the training samples, none on the others');
  expect(caption).toContain('2 is no limit of stability here');
});

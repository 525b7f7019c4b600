import { expect, it } from 'vitest';
import {
  changeAlong,
  againstHessian,
  grokkingTurns,
  type AlongRuns,
} from '../../../../../src/studies/reproduce/experiments/gradient-dimension/along.js';
import {
  exponentChange,
  exponentIn,
  gaussianDeviation,
  type ScaledNetworks,
} from '../../../../../src/studies/reproduce/experiments/gradient-dimension/scaling.js';

/** Networks whose dimension is N^0.9 until they have learnt at the third snapshot, and N^1.2 after. */
const scaled: ScaledNetworks = {
  xor: [1, 2].map((factor) =>
    [81, 321, 2001].map((parameters) => ({
      parameters,
      snapshots: [0.5, 0.75, 1, 0.75, 1].map((accuracy, i) => {
        const coordinates = factor * parameters ** (i < 2 ? 0.9 : 1.2);
        return {
          step: i,
          loss: 1,
          accuracy,
          coordinates,
          largest: coordinates / 2,
          samples: 2,
          firstLayer: 100 / parameters,
        };
      }),
      gaussian: [{ coordinates: (parameters + 2) / 3, largest: parameters / 8 }],
    })),
  ),
};

it('exponents are those of the phases before and after all cases are right for the first time', () => {
  const close = (values: readonly number[]): number[] => values.map((x) => Number(x.toFixed(10)));
  expect(close(exponentIn('before', 'coordinates')(scaled).values)).toEqual([0.9, 0.9]);
  expect(close(exponentIn('after', 'coordinates')(scaled).values)).toEqual([1.2, 1.2]);
  expect(close(exponentChange('largest')(scaled).values)).toEqual([0.3, 0.3]);
  expect(exponentChange('coordinates')(scaled).reason).toContain('has 1.23 of the gradient');
  expect(close(gaussianDeviation(scaled).values)).toEqual([0, 0]);
  const unlearnt = scaled.xor.map((networks) =>
    networks.map((one) => ({ ...one, snapshots: one.snapshots.slice(0, 2) })),
  );
  expect(exponentChange('coordinates')({ xor: unlearnt })).toMatchObject({
    values: [],
    reason: expect.stringContaining('wrong to right') as string,
  });
});

/** Memorised at step 100, grokked at 300. */
const run = {
  run: { config: { model: 'transformer:1,4,2', data: {} }, data: { origin: {} } },
  records: [0, 100, 200, 300, 400].map((step) => ({
    step,
    accuracy: step < 100 ? 0.1 : 1,
    testAccuracy: step < 300 ? 0.1 : 0.96,
  })),
};
const states = (before: number, after: number) =>
  [0, 100, 200, 300, 400].map((step) => ({
    step,
    loss: 1,
    coordinates: step === 0 ? 1e6 : step < 300 ? before : after,
    batches: 1,
    centred: 2,
    covariance: step === 200 ? null : 8,
    updates: null,
    hessian: step < 200 ? 4 : step === 300 ? 32 : null,
  }));
const found = {
  runs: [run, run],
  along: [
    { parameters: 100, nulls: {}, states: states(10, 40) },
    { parameters: 100, nulls: {}, states: states(40, 10) },
  ],
  still: [{ parameters: 100, nulls: {}, states: states(10, 10) }],
} as unknown as AlongRuns;

it('factors are of typical values from grokking on and before it, step 0 left out', () => {
  expect(grokkingTurns(run as never)).toEqual({ memorised: 100, grokked: 300 });
  const change = changeAlong('coordinates')(found);
  expect(change.values.map((x) => Number(x.toFixed(10)))).toEqual([4, 4]);
  expect(change.beside).toMatchObject({ 'without weight decay, same steps': '10.0, 10.0', 'i.i.d. Gaussian': 34 });
  expect(changeAlong('covariance')(found).values).toEqual([1, 1]);
  expect(changeAlong('updates')(found)).toMatchObject({
    values: [],
    reason: expect.stringContaining('nothing was measured') as string,
  });
});

it('the Hessian is off by a factor, up or down', () => {
  const { values, beside } = againstHessian(found); // twofold at step 100, fourfold the other way at 300
  expect(values[0]).toBeCloseTo(Math.sqrt(2 * 4), 10);
  expect(beside).toMatchObject({ 'at steps (first seed)': '100, 300', 'of C': '8.00, 8.00', 'of H': '4.00, 32.0' });
});

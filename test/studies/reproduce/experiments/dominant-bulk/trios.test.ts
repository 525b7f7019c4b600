import { describe, expect, it } from 'vitest';
import type { TrainDocument } from '../../../../../src/train/train-document.js';
import { fall, switchOf } from '../../../../../src/studies/reproduce/experiments/dominant-bulk/trios.js';

/** As much of a run as is looked at: losses every 100 steps. */
function run(losses: readonly number[], since: number | null): TrainDocument {
  const records = losses.map((loss, i) => ({ step: 100 * i, loss }));
  return { records, summary: { followed: { since, products: 0 } } } as unknown as TrainDocument;
}

describe('fall', () => {
  const sgd = run([8, 4, 2, 1, 0.5, 0.25], null);
  const dominant = run([8, 4, 3, 3, 3, 3], 150);
  const trio = { sgd, dominant, bulk: sgd };

  it('is the loss of SGD at the switch, its logarithm linear between records, less the mean of the last three', () => {
    expect(switchOf(trio)).toBe(150);
    expect(fall(trio, dominant, 150)).toBeCloseTo(4 * Math.SQRT1_2 - 3, 12);
    expect(fall(trio, sgd, 150)).toBeCloseTo(4 * Math.SQRT1_2 - 1.75 / 3, 12);
  });

  it('takes the loss of a record where the switch is at one', () => {
    expect(fall(trio, sgd, 0)).toBeCloseTo(8 - 1.75 / 3, 12);
    expect(fall(trio, sgd, 200)).toBeCloseTo(2 - 1.75 / 3, 12);
  });
});

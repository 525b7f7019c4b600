import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/errors.js';
import { failedStep } from '../../src/train/failed-step.js';

const cause = new NumericalError('it did not converge');
const at = {
  step: 7,
  loss: 0.5,
  rate: 0.1,
  records: [
    { step: 0, loss: 1 },
    { step: 5, loss: 0.6 },
  ],
  out: 'run',
};

describe('failedStep', () => {
  it.each([NaN, Infinity, 1.01])('calls a loss of %d, that began at 1, diverged', (loss) => {
    const { message } = failedStep(cause, { ...at, loss });
    expect(message).toContain(`diverged: its loss is ${loss} at step 7, and was 0.6 at step 5`);
    expect(message).toContain('lower the learning rate (received 0.1)');
    expect(message).toContain('records up to step 5 are kept in run');
  });

  it('lets a failure speak for itself where the loss has fallen', () => {
    const { message } = failedStep(cause, at);
    expect(message).toMatch(/^it did not converge; the training loss is 0\.5 at step 7, and was 0\.6 at step 5/);
    expect(message).not.toContain('learning rate');
  });

  it('does not blame the learning rate for the first weights', () => {
    const first = { ...at, step: 0, records: [] };
    expect(failedStep(cause, first)).toBe(cause);
    const { message } = failedStep(cause, { ...first, loss: NaN });
    expect(message).toContain('NaN at the first weights');
    expect(message).not.toContain('learning rate');
  });

  it('says that records without a folder are gone, and how to keep them', () => {
    expect(failedStep(cause, { ...at, loss: 2, out: undefined }).message).toContain('lost: with a run folder (--out)');
  });
});

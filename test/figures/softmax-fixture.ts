import { softmaxDefaults } from '../../src/train/softmax-case.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { train } from '../../src/train/train.js';

/** A small measurement of softmax regression, the same every time. */
export function softmaxFixture(): Promise<TrainDocument> {
  return train({
    ...softmaxDefaults,
    data: { ...softmaxDefaults.data, source: 'mixture:3,6,0.2,90' },
    steps: 20,
    top: 7,
    window: { length: 10, every: 2 },
  });
}

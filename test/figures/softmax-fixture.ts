import { measure } from '../../src/train/measure.js';
import { mnistDefaults } from '../../src/train/measure-config.js';
import type { MeasureDocument } from '../../src/train/measure-document.js';

/** A small measurement, the same every time. */
export function softmaxFixture(): Promise<MeasureDocument> {
  return measure({
    ...mnistDefaults,
    data: { kind: 'mixture', classes: 3, dim: 6, noise: 0.2, samples: 90 },
    steps: 20,
    top: 7,
    window: { length: 10, every: 2 },
  });
}

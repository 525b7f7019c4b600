import { measure } from '../../src/run/measure.js';
import { mnistDefaults } from '../../src/run/measure-config.js';
import type { MeasureDocument } from '../../src/run/measure-document.js';

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

import type { Statement } from '../engine/experiment.js';
import { overlapRow, type OverlapRow } from './overlap-rows.js';
import type { Change, Density } from './settings.js';

/** As many as three epochs of batch 64 on all 50,000 images. */
export const cifarSteps = 2346;

/** Of all images a product of the ConvNet takes minutes on a core, and f_top some eighty of them: so 5000 images. */
const images = 5000;
const density: Density = { measurements: 2, every: 20, accuracy: 1e-2 };
const hours = 3600;

/** A row of a network on CIFAR-10; its runs take hours. */
export function cifarRow(row: Statement, change: Change): OverlapRow {
  const data = { source: 'cifar10', samples: images, ...change.data };
  return overlapRow({
    ...row,
    change: { steps: cifarSteps, ...change, data },
    density,
    seconds: 1.5 * hours,
    quickSeconds: 40,
  });
}

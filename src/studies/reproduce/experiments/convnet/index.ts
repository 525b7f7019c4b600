import { experiment } from '../../engine/declare.js';
import { adam } from '../../shared/adam.js';
import { overlapRow, overlapTable, type OverlapRow } from '../../shared/overlap-rows.js';
import type { Change, Density } from '../../shared/settings.js';

const density: Density = { measurements: 2, every: 10, accuracy: 1e-2 };

/** Full gradients and Hessian products of the ConvNet cost 2 ms and more for each image: a few hundred of them, and forty epochs. */
const small: Change = { model: 'convnet', data: { samples: 256 }, steps: 160, window: { length: 80, every: 10 } };

const row = (name: string, statement: string, change: Change): OverlapRow =>
  overlapRow({
    id: `convnet-${name}`,
    statement,
    target: { kind: 'none' },
    change: { ...small, ...change },
    density,
    seconds: 260,
    quickSeconds: 15,
  });

/** The ConvNet of the CIFAR-10 rows on data that are there. */
export const convnet = experiment({
  id: 'convnet',
  title: 'The ConvNet on MNIST',
  source: 'Not in the paper',
  data: 'mnist',
  about:
    'The ConvNet of the CIFAR-10 rows (0.88 million parameters) on the first 256 images of MNIST, 160 steps of batch 64, so that convolutions are exercised where CIFAR-10 is not there. Means over the last 80 steps. Adam has the learning rate 0.001.',
  ...overlapTable([row('sgd', 'ConvNet, SGD', {}), row('adam', 'ConvNet, Adam', adam)]),
});

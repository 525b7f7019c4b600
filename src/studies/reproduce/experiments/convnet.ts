import type { Experiment } from '../experiment.js';
import { overlapClaim, type OverlapRow } from './overlap-claim.js';
import type { Change, Density } from './settings.js';

const density: Density = { measurements: 2, every: 10, accuracy: 1e-2 };

/** Full gradients and Hessian products of the ConvNet cost 2 ms and more for each image: a few hundred of them, and forty epochs. */
const small: Change = { model: 'convnet', data: { samples: 256 }, steps: 160, window: { length: 80, every: 10 } };

export const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

const row = (name: string, statement: string, change: Change): OverlapRow => ({
  id: `convnet-${name}`,
  statement,
  change: { ...small, ...change, data: { ...small.data, ...change.data } },
  density,
  seconds: 260,
  quickSeconds: 15,
});

/** The ConvNet of the CIFAR-10 rows on data that are there. */
export const convnet: Experiment = {
  id: 'convnet',
  title: 'The ConvNet on MNIST',
  source: 'Not in the paper',
  data: 'mnist',
  about:
    'The ConvNet of the CIFAR-10 rows (0.88 million parameters) on the first 256 images of MNIST, 160 steps of batch 64, so that convolutions are exercised where CIFAR-10 is not there. Means over the last 80 steps. Adam has the learning rate 0.001.',
  claims: [
    overlapClaim(row('sgd', 'ConvNet, SGD', {}), null),
    overlapClaim(row('adam', 'ConvNet, Adam', { optimizer: adam, schedule: { kind: 'constant', rate: 1e-3 } }), null),
  ],
};

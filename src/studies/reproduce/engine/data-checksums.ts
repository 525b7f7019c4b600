import { loadCifar10 } from '../../../data/cifar10.js';
import { parseDataSource } from '../../../data/data-source.js';
import { loadMnist } from '../../../data/mnist.js';

const known = new Map<string, readonly string[]>();

/** SHA-256 of the files a data source reads; none for data that are sampled. Throws UsageError, DataError. */
export function dataChecksums(source: string): readonly string[] {
  const { kind } = parseDataSource(source);
  if (kind !== 'mnist' && kind !== 'cifar10') return [];
  const place = `${kind} ${process.env[kind === 'mnist' ? 'MNIST_DIR' : 'CIFAR10_DIR'] ?? ''}`;
  const load = kind === 'mnist' ? loadMnist : loadCifar10;
  const checksums = known.get(place) ?? (['train', 'test'] as const).flatMap((split) => [...load(split).checksums]);
  known.set(place, checksums);
  return checksums;
}

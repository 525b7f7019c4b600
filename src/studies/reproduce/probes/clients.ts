import { UsageError } from '../../../errors.js';
import type { AnySamples } from '../../../loss/network/sample-sums.js';
import { randomStream } from '../../../numeric/random.js';

/** How samples are given to clients: at random, or each client all those of one class. */
export type ClientSplit = 'random' | 'by class';

/**
 * The rows of each of so many clients. At random: a permutation keyed by the seed and the path, cut into equal parts, of which a remainder is left out. By class: client c has the samples of class c, in their order.
 * Throws UsageError where there are not as many classes as clients, or a class has no sample, or there are fewer samples than clients. Cost: O(samples).
 */
export function clientRows(
  { count, targets }: Pick<AnySamples, 'count' | 'targets'>,
  split: ClientSplit,
  clients: number,
  seed: number,
  ...path: readonly number[]
): Uint32Array[] {
  if (split === 'random') {
    const each = Math.floor(count / clients);
    if (each < 1) throw new UsageError(`${clients} clients need as many samples at least, received ${count}`);
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    const stream = randomStream(seed, 'clients', ...path);
    for (let i = count - 1; i > 0; i--) {
      const j = stream.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return Array.from({ length: clients }, (_, c) => order.slice(c * each, (c + 1) * each));
  }
  const classes = targets.length / count;
  const rows: number[][] = Array.from({ length: clients }, () => []);
  for (let i = 0; i < count; i++) {
    const label = targets.subarray(i * classes, (i + 1) * classes).indexOf(1);
    rows[label]?.push(i);
  }
  if (classes !== clients || rows.some(({ length }) => length === 0)) {
    throw new UsageError(
      `by class, each of ${clients} clients has the samples of one class: received ${classes} classes, of ${rows.map(({ length }) => length).join(', ')} samples`,
    );
  }
  return rows.map((own) => Uint32Array.from(own));
}

/**
 * The samples of a round: `batch` of every client's, drawn with replacement, keyed by the seed and the path. Clients count alike: the mean gradient over these rows is that of the clients'
 * batch gradients.
 */
export function roundRows(
  clients: readonly Uint32Array[],
  batch: number,
  seed: number,
  ...path: readonly (string | number)[]
): Uint32Array {
  const stream = randomStream(seed, 'round', ...path);
  return Uint32Array.from(
    clients.flatMap((own) => Array.from({ length: batch }, () => own[stream.integer(own.length)]!)),
  );
}

import { UsageError } from '../errors.js';
import { randomStream } from '../numeric/random.js';
import { entryOf, wordList } from '../registry.js';
import type { SampledDataSet } from './data-set.js';
import type { Dataset } from './dataset.js';
import { modularOperations, type ModularOperation } from './modular-operations.js';

/** An operation modulo p, of whose examples a fraction is learnt. */
export interface ModularSource {
  readonly kind: 'modular';
  readonly modulus: number;
  readonly fraction: number;
  /** The name of the operation; addition if left out. */
  readonly operation?: string;
}

export const modular: SampledDataSet<ModularSource> = {
  name: 'modular',
  pattern: 'modular:[OP,]P,FRACTION',
  where: `${wordList(
    modularOperations.map(({ name }) => name),
    'or',
  )} (add if left out), the modulus, the share of all pairs that is trained on`,
  help: `arithmetic modulo P: the tokens a, b, = with the class ${wordList(
    modularOperations.map(({ help }) => help),
    'or',
  )} mod P; all other pairs are the test split`,
  source: 'Power et al. 2022, arXiv:2201.02177',
  isSampled: true,
  parse(argument = '') {
    const match = /^(?:([a-z]+),)?(\d+),(\d*\.?\d+)$/.exec(argument);
    if (!match) return undefined;
    const [, operation = 'add', modulus, fraction] = match;
    const { name } = operationOf(operation);
    return {
      kind: 'modular',
      modulus: Number(modulus),
      fraction: Number(fraction),
      ...(name === 'add' ? {} : { operation: name }),
    };
  },
  extent: (source) => ({
    samples: trainCount(source),
    inputShape: [3],
    vocabulary: source.modulus + 1,
    outputs: source.modulus,
  }),
  sample: (source, seed) => pairs(source, seed, 'train'),
  sampleTest: (source, seed) => (trainCount(source) === pairCount(source) ? null : pairs(source, seed, 'test')),
};

/** Throws UsageError, naming all there are, where there is none. */
const operationOf = (name = 'add'): ModularOperation => entryOf<ModularOperation>('operation', modularOperations, name);

/** Pairs a, b there are: p², or p (p − 1) where b = 0 is none. */
const pairCount = ({ modulus, operation }: ModularSource): number =>
  modulus * (modulus - operationOf(operation).leastB);

/** Pairs for training: at least one. Throws UsageError for illegal numbers. */
function trainCount(source: ModularSource): number {
  const { modulus, fraction, operation } = source;
  if (!Number.isInteger(modulus) || modulus < 2 || modulus > 10_000) {
    throw new UsageError(`the modulus must be an integer from 2 to 10000, received ${modulus}`);
  }
  if (operationOf(operation).needsPrime && !isPrime(modulus)) {
    throw new UsageError(`to ${operation!} the modulus must be a prime number, received ${modulus}`);
  }
  if (!(fraction > 0 && fraction <= 1)) {
    throw new UsageError(`the share of the pairs that is trained on must lie in (0, 1], received ${fraction}`);
  }
  return Math.max(1, Math.round(fraction * pairCount(source)));
}

/** Whether nothing up to its root divides an integer from 2 on. */
function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}

/**
 * A split of all pairs, drawn by the seed without replacement: Fisher–Yates. Operations of all p² pairs train on the same ones. Cost: O(p²).
 */
function pairs(source: ModularSource, seed: number, split: 'train' | 'test'): Dataset<Float64Array> {
  const { modulus, fraction } = source;
  const { name, title, leastB, example } = operationOf(source.operation);
  const [all, trained] = [pairCount(source), trainCount(source)];
  const stream = randomStream(seed, 'modular', modulus);
  const order = Uint32Array.from({ length: all }, (_, i) => i);
  for (let i = 0; i < trained; i++) {
    const j = i + stream.integer(all - i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const chosen = split === 'train' ? order.subarray(0, trained) : order.subarray(trained).sort();
  const inputs = new Float64Array(3 * chosen.length);
  const labels = new Uint16Array(chosen.length);
  const width = modulus - leastB;
  chosen.forEach((pair, i) => {
    const [a, b, result] = example(Math.floor(pair / width), leastB + (pair % width), modulus);
    inputs.set([a, b, modulus], 3 * i);
    labels[i] = result;
  });
  const drawn = name === 'add' ? 'sums' : 'pairs';
  return {
    name: 'modular',
    samples: chosen.length,
    inputShape: [3],
    inputs,
    vocabulary: modulus + 1,
    targets: { kind: 'classes', classes: modulus, labels },
    record: {
      origin: {
        kind: 'modular',
        source: `${title} modulo p, ${split === 'train' ? `${drawn} drawn at random` : `the other ${drawn}`}`,
        ...(name === 'add' ? {} : { operation: name }),
        modulus,
        fraction,
        samples: chosen.length,
        seed,
      },
      transformations: [],
    },
  };
}

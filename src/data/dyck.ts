import { UsageError } from '../errors.js';
import { randomStream, type RandomStream } from '../numeric/random.js';
import type { SampledDataSet } from './data-set.js';
import type { Dataset } from './dataset.js';
import { refuseTooMany } from './too-many.js';

/** Balanced words of one kind of bracket, each bracket labelled with the depth after it. */
export interface DyckSource {
  readonly kind: 'dyck';
  /** Brackets in a word: even. */
  readonly length: number;
  /** The largest depth that a word may reach. */
  readonly depth: number;
  /** Words that are trained on. */
  readonly samples: number;
  /** Words of the test split, at most: no more than are left. */
  readonly test: number;
}

/** The test split, unless its size is given. */
const usualTest = 5000;

/** Longer words are more than a double counts. */
const longest = 1000;

/** Words in both splits, at most: they are kept as strings while they are drawn, of which ten million exhaust the heap. */
const mostWords = 1e6;

/**
 * Each sample is a balanced word of `length` brackets, ( = token 0 and ) = token 1, that never goes deeper than `depth`: from depth 0, up one at each (,
 * down one at each ), never below 0, and back to 0 at the end. The label of a token is the depth after it, that is the depth of the prefix that
 * ends there: classes 0 … depth. So the data are all prefixes of the words, for a network that sees only the tokens before.
 *
 * Words are drawn uniformly among all there are, by the seed, and no word twice: the first `samples` are trained on, the next `test` are the test
 * split. Sample i is the same however many there are.
 */
export const dyck: SampledDataSet<DyckSource> = {
  name: 'dyck',
  pattern: 'dyck:LENGTH,DEPTH,N[,TEST]',
  where: 'brackets in a word, the largest depth, words to train on, other words to test on (5000)',
  help: 'balanced words of brackets ( = 0, ) = 1, with a label for each token: the depth after it, 0 … DEPTH',
  source: 'Dyck depth, as in arXiv:2604.07380; drawn uniformly among all words, which is ours',
  isSampled: true,
  parse(argument = '') {
    const match = /^(\d+),(\d+),(\d+)(?:,(\d+))?$/.exec(argument);
    if (!match) return undefined;
    const [length, depth, samples, test = usualTest] = match.slice(1).map((x) => (x ? Number(x) : undefined));
    return { kind: 'dyck', length: length!, depth: depth!, samples: samples!, test };
  },
  extent(source) {
    const { length, depth, samples } = checked(source);
    const targets = { kind: 'labels', shape: [length] } as const;
    return { samples, inputShape: [length], vocabulary: 2, outputs: depth + 1, targets };
  },
  sample: (source, seed) => words(source, seed, 'train'),
  sampleTest: (source, seed) => (testCount(checked(source)) === 0 ? null : words(source, seed, 'test')),
};

/**
 * How many words go on from a depth d with r brackets left, to end at 0 and stay within 0 … depth: row r, column d. Rows × columns (length + 1) ×
 * (depth + 2), whose last column is 0. In doubles, so that large counts are rounded. Cost: O(length · depth).
 */
function continuations(length: number, depth: number): readonly Float64Array[] {
  const rows = [Float64Array.from({ length: depth + 2 }, (_, d) => (d === 0 ? 1 : 0))];
  for (let r = 1; r <= length; r++) {
    const before = rows[r - 1]!;
    rows.push(Float64Array.from(before, (_, d) => (d > depth ? 0 : before[d + 1]! + (d > 0 ? before[d - 1]! : 0))));
  }
  return rows;
}

/** Words there are. */
const countOf = ({ length, depth }: DyckSource): number => continuations(length, depth)[length]![0]!;

const testCount = (source: DyckSource): number => Math.min(source.test, countOf(source) - source.samples);

/** The source itself. Throws UsageError for numbers that make no words, or where there are fewer words than are to be trained on. */
function checked(source: DyckSource): DyckSource {
  const { length, depth, samples, test } = source;
  if (!Number.isInteger(length / 2) || length < 2 || length > longest) {
    throw new UsageError(`balanced words have an even number of brackets from 2 to ${longest}, received ${length}`);
  }
  if (!Number.isInteger(depth) || depth < 1 || depth > length / 2) {
    throw new UsageError(
      `the largest depth of ${length} brackets is an integer from 1 to ${length / 2}, received ${depth}`,
    );
  }
  if (!Number.isInteger(samples) || samples < 1) {
    throw new UsageError(`words to train on must be a positive integer, received ${samples}`);
  }
  const count = countOf(source);
  if (samples > count) {
    throw new UsageError(
      `there are ${count} balanced words of ${length} brackets up to depth ${depth}, and ${samples} are to be trained on; take fewer, or longer ones`,
    );
  }
  const words = samples + Math.min(test, count - samples);
  if (words > mostWords) {
    throw new UsageError(
      `at most ${mostWords} words are drawn, those to test on included, received ${words}; take fewer`,
    );
  }
  refuseTooMany(words * length);
  return source;
}

/** Different words in the order they are drawn, as strings of tokens. Cost: O(length) a draw; draws are repeated where a word has been before. */
function drawnWords({ length, depth }: DyckSource, seed: number, count: number): string[] {
  const ways = continuations(length, depth);
  const stream = randomStream(seed, 'dyck', length, depth);
  const found = new Set<string>();
  while (found.size < count) found.add(wordFrom(stream, ways, length));
  return [...found];
}

/** A word, each of those there are as likely: up with the share of the continuations that go up. */
function wordFrom(stream: RandomStream, ways: readonly Float64Array[], length: number): string {
  let [word, depth] = ['', 0];
  for (let r = length; r > 0; r--) {
    const isUp = stream.uniform() * ways[r]![depth]! < ways[r - 1]![depth + 1]!;
    word += isUp ? '0' : '1';
    depth += isUp ? 1 : -1;
  }
  return word;
}

function words(source: DyckSource, seed: number, split: 'train' | 'test'): Dataset<Float64Array> {
  const { length, depth, samples: trained } = checked(source);
  const all = drawnWords(source, seed, trained + (split === 'train' ? 0 : testCount(source)));
  const chosen = split === 'train' ? all : all.slice(trained);
  const samples = chosen.length;
  const inputs = new Float64Array(samples * length);
  chosen.forEach((word, i) => {
    for (let t = 0; t < length; t++) inputs[i * length + t] = Number(word[t]);
  });
  const labels = new Uint32Array(inputs.length);
  inputs.forEach((token, i) => {
    labels[i] = (i % length === 0 ? 0 : labels[i - 1]!) + 1 - 2 * token;
  });
  const drawn = split === 'train' ? 'drawn at random' : 'other than those trained on';
  return {
    name: 'dyck',
    samples,
    inputShape: [length],
    inputs,
    vocabulary: 2,
    targets: { kind: 'labels', classes: depth + 1, shape: [length], labels },
    record: {
      origin: {
        kind: 'dyck',
        source: `balanced words, ${drawn}, with the depth after each bracket`,
        length,
        depth,
        trained,
        samples,
        seed,
      },
      transformations: [],
    },
  };
}

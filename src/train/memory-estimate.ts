import type { Extent } from '../data/data-set.js';
import { UsageError } from '../errors.js';
import { availableMemory } from '../files/available-memory.js';
import { activationEntries } from '../loss/network/activation-entries.js';
import { defaultBlock, defaultChunk, multipliesPositions } from '../loss/network/default-chunk.js';
import type { Network } from '../loss/network/network.js';
import { defaultBasis } from '../numeric/lanczos/lanczos-options.js';
import { optimizerRule } from './optimizer.js';
import type { TrainConfig } from './train-config.js';

/** What a run is made of, as far as memory goes; known before data are read. */
export interface MemorySizes {
  /** Of all training images, and how many are taken. */
  readonly extent: Extent;
  readonly samples: number;
  /** Of the test split; 0 where there is none. */
  readonly tested: number;
  readonly network: Pick<Network, 'inputShape' | 'outputs' | 'layout' | 'loss'>;
  /** Sampled, and held in float64 first, or bytes of files. */
  readonly isSampled: boolean;
  /** Inputs are read when they are used. */
  readonly isStreamed?: boolean;
}

/** How a search for eigenpairs is asked for: by `train` one vector at a time. */
export interface MemorySearch {
  /** Eigenpairs wanted, and vectors multiplied at once. */
  readonly count: number;
  readonly blockSize: number;
  readonly basis: number | undefined;
  /** Eigenvectors that are kept beside the search: those of the measurement before. */
  readonly before: number;
  /** What is computed after it, where that holds more vectors. */
  readonly after?: MemoryAfter;
}

/** What a spectrum holds besides its eigenpairs: by option, the products spent on it, and the vectors that so many of them need. */
export interface MemoryAfter {
  readonly option: '--trace' | '--density' | '--split' | '--blocks';
  readonly products: number;
  readonly vectorsOf: (products: number) => number;
}

/** One part of what a process holds at its peak. */
export interface MemoryPart {
  readonly what: string;
  readonly bytes: number;
}

/** What a process holds at its peak, part by part. */
export interface MemoryEstimate {
  readonly bytes: number;
  readonly parts: readonly MemoryPart[];
  /** Of the search: vectors, each of as many numbers as there are parameters. */
  readonly vectors: number;
  readonly parameters: number;
}

/** Node, this package, and the runtime. */
const programs = { plain: 120e6, onnx: 190e6 };

/**
 * Bytes at the peak of a run, or of a spectrum, from its configuration and the sizes of its data: an estimate, within half of what is measured
 * (bench/memory.ts). With p parameters, vectors are of 8p bytes, those of the basis of a search in single precision of 4p; they are most of it where
 * p is large. A search holds its basis, the vectors it returns and those of the measurement before; one that looks long for what was overlooked
 * holds up to twice its basis.
 */
export function memoryEstimate(config: TrainConfig, sizes: MemorySizes, search: MemorySearch): MemoryEstimate {
  const { layout } = sizes.network;
  const p = layout.size;
  const { count, blockSize, before, after } = search;
  const held = Math.min(p, (search.basis ?? defaultBasis(count, 0, blockSize)) + blockSize);
  const later = after === undefined ? 0 : count + after.vectorsOf(after.products);
  const [during, needed] = [p * (width(config) * held + 8 * (count + before)), 8 * p * later];
  const vectors = during >= needed ? held + count + before : later;
  const work = during >= needed ? `the search for ${count} eigenpairs` : `what ${after!.option} needs`;
  const { samples, tested, extent } = sizes;
  const parts = [
    { what: 'the programs', bytes: programs[config.backend] },
    {
      what: `the data, ${samples + tested} samples of ${extent.inputShape.join('×')}`,
      bytes: dataBytes(config, sizes),
    },
    { what: `loss, gradient and products`, bytes: lossBytes(config, sizes, blockSize) },
    {
      what: 'training',
      bytes:
        ((4 + optimizerRule(config.optimizer.kind).vectors.length) * width(config) +
          config.updates * (width(config) + 8)) *
        p,
    },
    {
      what: `${work} in ${p} parameters (up to ${vectors} vectors)`,
      bytes: Math.max(during, needed),
    },
  ];
  return { bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts, vectors, parameters: p };
}

const width = ({ precision }: TrainConfig): number => (precision === 'f32' ? 4 : 8);

/** While they are loaded there are two copies in the precision of the run beside the bytes of the files. */
function dataBytes(
  config: TrainConfig,
  { extent, samples, tested, isSampled, isStreamed = false }: MemorySizes,
): number {
  const features = extent.inputShape.reduce((product, n) => product * n, 1);
  const targets = (samples + tested) * extent.outputs * width(config);
  if (config.backend === 'plain') {
    // Entries that are stored: 12 bytes each; grey images are mostly background. With biases each of two models has a copy.
    const stored = isSampled || extent.inputShape[0] !== 1 ? 1 : 0.25;
    const sparse = 12 * stored * features * (samples + tested) * (config.bias ? 3 : 1);
    return sparse + features * (samples + tested) * (isSampled ? 28 : 17) + targets;
  }
  if (isSampled) return features * samples * 28 + targets;
  if (isStreamed) return targets;
  return features * (extent.samples + tested + (2 * samples + tested) * width(config)) + targets;
}

/** A graph holds what it computes of a chunk of samples, and its products; JavaScript their sums, in float64. In float32 there is a twin in float64. Both keep what products share. */
function lossBytes(config: TrainConfig, { network, samples }: MemorySizes, blockSize: number): number {
  const p = network.layout.size;
  if (config.backend === 'plain') return 8 * p * (4 + 3 * blockSize) + 8 * samples * network.outputs;
  const perSample = activationEntries(network);
  const chunk = Math.min(samples, defaultChunk(network));
  const block = Math.min(blockSize, defaultBlock(network));
  // Products of sequences are freed one direction after the other.
  const held = multipliesPositions(network) ? Math.min(2, block) : block;
  const activations = perSample * chunk * width(config) * (2 + 3 * held);
  const shared = (bytes: number): number => Math.min(2 ** 28, 2 * perSample * samples * bytes);
  const twin = config.precision === 'f32' ? 8 * (8 * p + 4 * perSample * chunk) + shared(8) : 0;
  return 8 * p * (4 + 5 * block) + activations + shared(width(config)) + twin;
}

/**
 * Throws UsageError where a run needs more memory than there is, saying what it is needed for and what would fit: fewer eigenpairs, or a smaller
 * basis.
 */
export function refuseBeyondMemory(
  config: TrainConfig,
  sizes: MemorySizes,
  search: MemorySearch,
  available = availableMemory(),
): void {
  const need = memoryEstimate(config, sizes, search);
  if (need.bytes <= available) return;
  const fits = (changed: Partial<MemorySearch>): boolean =>
    memoryEstimate(config, sizes, { ...search, ...changed }).bytes <= available;
  const leastBasis = (count: number): number => count + 3 * search.blockSize;
  const basis = largest(leastBasis(search.count), need.vectors, (vectors) => fits({ basis: vectors }));
  const pairs = largest(2, search.count, (count) =>
    fits({ count, before: Math.min(search.before, count), basis: undefined }),
  );
  const ways = [
    ...(search.after === undefined
      ? []
      : lessAfter(search.after, (after) => fits({ after, basis: leastBasis(search.count) }))),
    ...(basis === undefined ? [] : [`hold fewer vectors: --basis ${basis}`]),
    ...(pairs === undefined ? [] : [`ask for fewer eigenpairs: --top ${Math.max(1, pairs - 1)}`]),
  ];
  if (ways.length === 0) ways.push('take a smaller model, or fewer samples');
  const largestPart = need.parts.reduce((most, part) => (part.bytes > most.bytes ? part : most));
  throw new UsageError(
    `${config.model} on ${config.data.source} needs about ${gigabytes(need.bytes)}, ${gigabytes(available)} are there: ` +
      `${gigabytes(largestPart.bytes)} for ${largestPart.what}; ${ways.join(', or ')}`,
  );
}

function lessAfter(after: MemoryAfter, fits: (after: MemoryAfter) => boolean): string[] {
  const { option, products } = after;
  const least = largest(0, products, (fewer) => fits({ ...after, products: fewer }));
  if (least === undefined || least === products) return [];
  return [
    !(option === '--trace' || option === '--density') || least < 6
      ? `leave out ${option}`
      : `spend fewer products: ${option} ${least}`,
  ];
}

/** The largest integer from … to that is legal, if all below a legal one are. */
function largest(from: number, to: number, isLegal: (n: number) => boolean): number | undefined {
  if (to < from || !isLegal(from)) return undefined;
  let [low, high] = [from, to + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isLegal(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Bytes as people read them. */
export function gigabytes(bytes: number): string {
  return bytes >= 1e8 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

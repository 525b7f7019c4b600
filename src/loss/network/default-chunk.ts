import { topologicalOrder } from '../../tensor/autodiff/tensor.js';
import { entriesOf } from '../parameters.js';
import { activationEntries } from './activation-entries.js';
import type { Network } from './network.js';

/** What chunks are chosen by. */
export type Chunked = Pick<Network, 'inputShape' | 'layout' | 'loss'>;

/** Samples times parameters times directions that one run of a graph goes through: a second or two, in which nothing else is heard. */
const longest = 1e10;

/** Numbers that a graph computes of a chunk of sequences, or of images larger than this, on the way to the loss: 64 MB in float32. */
const mostOfSequences = 2 ** 24;
const smallImage = 3 * 32 * 32;
/** The same of anything else. */
const mostNumbers = 2 ** 30;

/** Operations of the loss times directions: each adds some three to a graph of products. */
const mostOperations = 1000;

/**
 * How many samples one run of a graph takes. Vectors: few enough that what it holds of them stays near the processor, 8 MB of inputs and parameters'
 * products, and that a run with one direction is no longer than a second or two; small images: 32. Sequences and larger images: so many that
 * their activations are 2²⁴ numbers, one at least; nothing has more than 2³⁰. With gradient and products a graph holds up to 8 times its
 * activations: 0.5 GB in float32 for sequences, whatever their number, unless one sample alone needs more.
 */
export function defaultChunk(network: Chunked): number {
  const { inputShape, layout } = network;
  const [each, features] = [activationEntries(network), entriesOf(inputShape)];
  const within = (most: number): number => Math.max(1, Math.floor(most / each));
  if (multipliesPositions(network)) return Math.min(1000, within(mostOfSequences));
  if (inputShape.length > 1) return Math.min(32, within(features > smallImage ? mostOfSequences : mostNumbers));
  const near = Math.max(16, Math.min(1000, Math.floor(1e6 / features)));
  return Math.min(near, Math.max(1, Math.floor(longest / layout.size)), within(mostNumbers));
}

/**
 * Most directions in one graph: 10, or as many as one run has the time for, and as ONNX Runtime loads within some 2 s, which takes it time ∝ operations².
 * Products are the same bytes however many there are.
 */
export function defaultBlock(network: Chunked, chunk = defaultChunk(network)): number {
  const [byTime, byOperations] = [longest / (chunk * network.layout.size), mostOperations / operations(network).length];
  return Math.max(1, Math.min(10, Math.floor(byTime), Math.floor(byOperations)));
}

/** Whether weights meet every position of a sequence: a sample is then more than one row of a matrix product. */
export function multipliesPositions(network: Pick<Network, 'loss'>): boolean {
  return operations(network).some(
    ({ operation, shape }) => operation.kind === 'matmul' && (shape.length > 2 || /^\d+n$/.test(String(shape[0]))),
  );
}

const operations = ({ loss }: Pick<Network, 'loss'>) => topologicalOrder([loss]);

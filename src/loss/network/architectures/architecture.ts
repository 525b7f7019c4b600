import { UsageError } from '../../../errors.js';
import type { WrittenEntry } from '../../../registry.js';
import type { Activation } from '../activations.js';
import type { Layer } from '../layers.js';

/** What the name of an architecture leaves open. */
export interface ArchitectureOptions {
  readonly outputs: number;
  readonly activation: Activation;
  readonly bias: boolean;
  /** V, where inputs are token ids 0 … V − 1. */
  readonly vocabulary?: number;
  /** Whether outputs are given at each token, not for the whole of a sample. */
  readonly perToken?: boolean;
}

/** The layers of a network for inputs of a shape. */
export type LayersFor = (inputShape: readonly number[], options: ArchitectureOptions) => Layer;

/** A network that is known by name. */
export interface Architecture extends WrittenEntry<LayersFor> {
  /** What it is trained on: numbers of any shape, images [channels, height, width], or token ids [T]. */
  readonly inputs: 'any' | 'images' | 'tokens';
  /** Whether it has an activation between its layers, which can be chosen. */
  readonly hasActivation: boolean;
  /** The weights [units, features] of the first layer where that is dense: inputs that are always zero can be left out of it. Else null. */
  readonly denseInput: string | null;
  /** It is softmax regression, which the plain backend computes too. */
  readonly isSoftmaxRegression?: true;
}

/** More hidden layers than this are refused: compiling a graph takes ONNX Runtime time ∝ layers², some 20 s at this many. */
const mostLayers = 500;

/** The widths of layers, '100,100'. Throws UsageError with an example, and for more than 500 of them. */
export function widthsOf(text: string | undefined, example: string): number[] {
  const words = (text ?? '').split(',');
  if (words.length > mostLayers) {
    throw new UsageError(
      `a network has at most ${mostLayers} hidden layers, received ${words.length}; for example ${example}`,
    );
  }
  const widths = words.map(Number);
  if (!words.every((word) => /^\d+$/.test(word)) || widths.some((width) => width < 1 || width > 1e5)) {
    throw new UsageError(`widths are integers from 1 to 100000, received '${text ?? ''}'; for example ${example}`);
  }
  return widths;
}

/** So many positive integers, '2,128,4'. Throws UsageError with an example. */
export function integersOf(text: string | undefined, count: number, example: string): number[] {
  const words = (text ?? '').split(',');
  const numbers = words.map(Number);
  if (words.length !== count || !words.every((word) => /^\d+$/.test(word)) || numbers.some((n) => n < 1 || n > 1e5)) {
    throw new UsageError(
      `${count} integers from 1 to 100000 are needed, received '${text ?? ''}'; for example ${example}`,
    );
  }
  return numbers;
}

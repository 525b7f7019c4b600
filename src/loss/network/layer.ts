import type { Entry } from '../../registry.js';
import type { Tensor } from '../../tensor/autodiff/index.js';
import type { Context } from './context.js';

/** A layer is a function of its input that declares its parameters as it is applied. */
export type Layer = (x: Tensor, context: Context) => Tensor;

/** A kind of layer: what docs say of it, and one of it for tests, with the shape of a sample that it takes. */
export interface LayerEntry extends Entry {
  /** How it is called. */
  readonly call: string;
  readonly example: readonly [layer: Layer, inputShape: readonly number[]];
  /** V, where it takes token ids 0 … V − 1. */
  readonly vocabulary?: number;
}

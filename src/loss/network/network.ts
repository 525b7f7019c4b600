import { input, type Shape, type Tensor } from '../../tensor/autodiff/index.js';
import { collectingContext, noDeclarations, type MaskSpec, type Mode, type StatisticSpec } from './context.js';
import type { Layer } from './layers.js';
import type { Loss } from './losses.js';
import { parameterLayout, type ParameterLayout } from '../parameters.js';

/** A network with its loss: everything about it that is not a number. */
export interface NetworkSpec {
  /** Of one sample: [features] or [channels, height, width]. */
  readonly inputShape: readonly number[];
  /** Numbers the network gives for each sample, and the width of the targets. */
  readonly outputs: number;
  readonly layers: Layer;
  readonly loss: Loss;
}

/** A network as graphs: inputs `x` [n, …] and `y` [n, outputs], parameters, statistics and masks by their names. */
export interface Network {
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly layout: ParameterLayout;
  readonly parameters: readonly Tensor[];
  readonly statistics: readonly StatisticSpec[];
  readonly masks: readonly MaskSpec[];
  /** What training records of each batch, by the names of the statistics. */
  readonly batchStatistics: ReadonlyMap<string, Tensor>;
  readonly scores: Tensor;
  readonly targets: Tensor;
  /** Σ over samples. */
  readonly loss: Tensor;
}

/** Applies the layers once, for training or for evaluation; both have the same parameters. Throws UsageError where shapes do not fit. */
export function buildNetwork({ inputShape, outputs, layers, loss }: NetworkSpec, mode: Mode): Network {
  const declared = noDeclarations();
  const x = input('x', ['n', ...inputShape] satisfies Shape);
  const targets = input('y', ['n', outputs]);
  const scores = layers(x, collectingContext(mode, declared));
  return {
    inputShape,
    outputs,
    layout: parameterLayout(declared.parameters),
    parameters: declared.parameters.map(({ name }) => declared.tensors.get(name)!),
    statistics: declared.statistics,
    masks: declared.masks,
    batchStatistics: declared.batchStatistics,
    scores,
    targets,
    loss: loss(scores, targets),
  };
}

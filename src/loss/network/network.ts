import { input, type Shape, type Tensor } from '../../tensor/autodiff/index.js';
import {
  collectingContext,
  noDeclarations,
  type ConstantSpec,
  type MaskSpec,
  type Mode,
  type StatisticSpec,
  type WeightProduct,
} from './context.js';
import type { Layer } from './layers.js';
import { rightFor, type Loss } from './losses.js';
import { entriesOf, parameterLayout, type ParameterLayout } from '../parameters.js';
import { UsageError } from '../../errors.js';

/** A network with its loss: everything about it that is not a number. */
export interface NetworkSpec {
  /** Of one sample: [features], [channels, height, width], or [tokens]. */
  readonly inputShape: readonly number[];
  /** What is predicted: classes, or numbers; for sequences at each position. */
  readonly outputs: number;
  /** Of one sample's targets: [outputs] if left out, [tokens] for a label at each position, [] where the loss takes none. */
  readonly targetShape?: readonly number[];
  readonly layers: Layer;
  readonly loss: Loss;
  /** Σ over samples of what share of their predictions is right; that of the loss, or by the largest score, if left out. */
  readonly correct?: Loss;
  /** Parameters that are not trained, by name, with their values: constants of the network, which θ is without. */
  readonly frozen?: ReadonlyMap<string, Float64Array>;
}

/** A network as graphs: inputs `x` [n, …] and `y` [n, …targetShape], parameters, statistics, masks and constants by their names. */
export interface Network {
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly targetShape: readonly number[];
  readonly layout: ParameterLayout;
  readonly parameters: readonly Tensor[];
  readonly statistics: readonly StatisticSpec[];
  readonly masks: readonly MaskSpec[];
  /** Arrays that are not trained, by the names of their inputs. */
  readonly constants: ReadonlyMap<string, ConstantSpec>;
  /** What training records of each batch, by the names of the statistics. */
  readonly batchStatistics: ReadonlyMap<string, Tensor>;
  /** What each named layer gives, [n, …], by its full name: of `sequential` every layer, of an ONNX file every value with an axis of samples. */
  readonly taps: ReadonlyMap<string, Tensor>;
  /** Products z = x Wᵀ of dense layers, by the full names of their weights. */
  readonly products: ReadonlyMap<string, WeightProduct>;
  readonly scores: Tensor;
  readonly targets: Tensor;
  /** Σ over samples. */
  readonly loss: Tensor;
  /** Σ over samples of what share of their predictions is right. */
  readonly correct: Tensor;
}

/**
 * Applies the layers once, for training or for evaluation; both have the same parameters. Throws UsageError where shapes do not fit, or a
 * name that is frozen is none.
 */
export function buildNetwork(spec: NetworkSpec, mode: Mode): Network {
  const { inputShape, outputs, targetShape = [outputs], layers, loss, correct = rightFor(loss), frozen } = spec;
  const declared = noDeclarations();
  const x = input('x', ['n', ...inputShape] satisfies Shape);
  const targets = input('y', ['n', ...targetShape]);
  const scores = layers(x, collectingContext(mode, declared, frozen));
  const unknown = [...(frozen?.keys() ?? [])].filter((name) => !declared.constants.has(name));
  if (unknown.length > 0) throw new UsageError(`no parameter is named ${unknown.join(', ')}: nothing to freeze`);
  return {
    inputShape,
    outputs,
    targetShape,
    layout: parameterLayout(declared.parameters),
    parameters: declared.parameters.map(({ name }) => declared.tensors.get(name)!),
    statistics: declared.statistics,
    masks: declared.masks,
    constants: declared.constants,
    batchStatistics: declared.batchStatistics,
    taps: declared.taps,
    products: declared.products,
    scores,
    targets,
    loss: loss(scores, targets, x),
    correct: correct(scores, targets, x),
  };
}

/** Numbers that a sample's targets are; 0 where the loss takes none. */
export function targetCount({ targetShape }: Pick<Network, 'targetShape'>): number {
  return targetShape.length === 0 ? 0 : entriesOf(targetShape);
}

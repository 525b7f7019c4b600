import { UsageError } from '../../errors.js';
import { input, type Shape, type Tensor } from '../../tensor/autodiff/index.js';
import type { ParameterRole, ParameterSpec } from '../parameters.js';

/** Training draws dropout masks and normalises by the batch; evaluation leaves units alone and normalises by running statistics. */
export type Mode = 'train' | 'evaluate';

/** A mean or variance that training follows by a running average, and evaluation takes as a constant. */
export interface StatisticSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where the running average starts. */
  readonly initial: number;
}

/** A mask of dropped units, one for each sample: entries 0 with the given probability, else 1/(1 − probability). */
export interface MaskSpec {
  readonly name: string;
  /** Without the axis of samples. */
  readonly shape: readonly number[];
  readonly probability: number;
}

/** What a layer declares while it is applied. Names are those of the layer's scope. */
export interface Context {
  readonly mode: Mode;
  /** 1/n, of shape []: for means over a batch. */
  readonly share: Tensor;
  /** A trained tensor of this layer. */
  parameter(name: string, shape: readonly number[], role: ParameterRole): Tensor;
  /** The running average in evaluation; in training the batch's own value is recorded under the name, and returned. */
  statistic(name: string, shape: readonly number[], initial: number, ofBatch: Tensor): Tensor;
  /** The mask of dropped units of this step, drawn anew for every sample. */
  mask(name: string, shape: readonly number[], probability: number): Tensor;
  /** The same under a longer name. */
  scope(name: string): Context;
}

/** Everything that was declared. */
export interface Declarations {
  readonly parameters: ParameterSpec[];
  readonly tensors: Map<string, Tensor>;
  readonly statistics: StatisticSpec[];
  readonly batchStatistics: Map<string, Tensor>;
  readonly masks: MaskSpec[];
}

export function noDeclarations(): Declarations {
  return { parameters: [], tensors: new Map(), statistics: [], batchStatistics: new Map(), masks: [] };
}

/** 1/n, given when the graph runs. */
export const share: Tensor = input('share', []);

/** A context that collects declarations. Throws UsageError where a name is declared twice. */
export function collectingContext(mode: Mode, declared: Declarations, prefix = ''): Context {
  const fresh = (name: string, shape: Shape): readonly [string, Tensor] => {
    const full = `${prefix}${name}`;
    if (declared.tensors.has(full))
      throw new UsageError(`'${full}' is declared twice: give its layers different names`);
    const tensor = input(full, shape);
    declared.tensors.set(full, tensor);
    return [full, tensor];
  };
  return {
    mode,
    share,
    parameter(name, shape, role) {
      const [full, tensor] = fresh(name, shape);
      declared.parameters.push({ name: full, shape, role });
      return tensor;
    },
    statistic(name, shape, initial, ofBatch) {
      const [full, tensor] = fresh(name, shape);
      declared.statistics.push({ name: full, shape, initial });
      declared.batchStatistics.set(full, ofBatch);
      return mode === 'train' ? ofBatch : tensor;
    },
    mask(name, shape, probability) {
      const [full, tensor] = fresh(name, ['n', ...shape]);
      declared.masks.push({ name: full, shape, probability });
      return tensor;
    },
    scope: (name) => collectingContext(mode, declared, `${prefix}${name}.`),
  };
}

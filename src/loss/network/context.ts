import { UsageError } from '../../errors.js';
import { input, type Shape, type Tensor } from '../../tensor/autodiff/index.js';
import { checkLength, entriesOf, type ParameterRole, type ParameterSpec } from '../parameters.js';

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

/** An array that is not trained, such as a mask of positions or a frozen weight: row-major, without an axis of samples. */
export interface ConstantSpec {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** What a layer declares while it is applied. Names are those of the layer's scope. */
export interface Context {
  readonly mode: Mode;
  /** 1/n, of shape []: for means over a batch. */
  readonly share: Tensor;
  /** A trained tensor of this layer. */
  parameter(name: string, shape: readonly number[], role: ParameterRole): Tensor;
  /** An array that is given and not trained. Throws UsageError where `values` do not fill the shape. */
  constant(name: string, shape: readonly number[], values: Float64Array): Tensor;
  /** The running average in evaluation; in training the batch's own value is recorded under the name, and returned. */
  statistic(name: string, shape: readonly number[], initial: number, ofBatch: Tensor): Tensor;
  /** Hands over what the layer of a name gives, for whoever wants its activations: of one name the last counts. Nothing is computed of it by itself. */
  tap(name: string, y: Tensor): void;
  /** Hands over a product z = x Wᵀ with a weight of this layer: x [n, …, in] or its rows, z [n, …, out] or its rows. From it come gradients of single samples. */
  product(weight: string, x: Tensor, z: Tensor): void;
  /** The mask of dropped units of this step, drawn anew for every sample. */
  mask(name: string, shape: readonly number[], probability: number): Tensor;
  /** The same under a longer name. */
  scope(name: string): Context;
}

/** A product z = x Wᵀ of a weight W: the rows of x and z are samples, or positions of samples, in the same order. */
export interface WeightProduct {
  readonly x: Tensor;
  readonly z: Tensor;
}

/** Everything that was declared. */
export interface Declarations {
  readonly parameters: ParameterSpec[];
  readonly tensors: Map<string, Tensor>;
  readonly statistics: StatisticSpec[];
  readonly batchStatistics: Map<string, Tensor>;
  readonly masks: MaskSpec[];
  readonly constants: Map<string, ConstantSpec>;
  readonly taps: Map<string, Tensor>;
  readonly products: Map<string, WeightProduct>;
}

export function noDeclarations(): Declarations {
  return {
    parameters: [],
    tensors: new Map(),
    statistics: [],
    batchStatistics: new Map(),
    masks: [],
    constants: new Map(),
    taps: new Map(),
    products: new Map(),
  };
}

/** 1/n, given when the graph runs. */
export const share: Tensor = input('share', []);

/** A context that collects declarations; parameters that are `frozen` are declared as constants. Throws UsageError where a name is declared twice. */
export function collectingContext(
  mode: Mode,
  declared: Declarations,
  frozen: ReadonlyMap<string, Float64Array> = new Map(),
  prefix = '',
): Context {
  const fresh = (name: string, shape: Shape): readonly [string, Tensor] => {
    const full = `${prefix}${name}`;
    if (declared.tensors.has(full))
      throw new UsageError(`'${full}' is declared twice: give its layers different names`);
    const tensor = input(full, shape);
    declared.tensors.set(full, tensor);
    return [full, tensor];
  };
  const constant = (name: string, shape: readonly number[], values: Float64Array): Tensor => {
    const [full, tensor] = fresh(name, shape);
    checkLength(`the constant '${full}'`, values.length, entriesOf(shape));
    declared.constants.set(full, { shape, values });
    return tensor;
  };
  return {
    mode,
    share,
    constant,
    parameter(name, shape, role) {
      const values = frozen.get(`${prefix}${name}`);
      if (values !== undefined) return constant(name, shape, values);
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
    tap: (name, y) => void declared.taps.set(`${prefix}${name}`, y),
    product: (weight, x, z) => void declared.products.set(`${prefix}${weight}`, { x, z }),
    mask(name, shape, probability) {
      const [full, tensor] = fresh(name, ['n', ...shape]);
      declared.masks.push({ name: full, shape, probability });
      return tensor;
    },
    scope: (name) => collectingContext(mode, declared, frozen, `${prefix}${name}.`),
  };
}

import { UsageError } from '../../errors.js';
import type { RandomStream } from '../../numeric/random.js';

/** How many inputs a unit of a layer has, and how many units an input of it feeds. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Independent draws of a common variance for a parameter of some shape, row-major. */
export type Initialiser = (shape: readonly number[], fans: Fans, stream: RandomStream) => Float64Array;

/**
 * The initialisations by their names in the field, n the fan-in and m the fan-out. Uniform means on ±√(3 · variance); a normal is
 * not truncated, as in PyTorch and unlike Keras.
 *
 *   glorot           variance 2/(n + m)    Glorot & Bengio 2010, Eq. (16)
 *   he               variance 2/n          He, Zhang, Ren & Sun 2015, Eq. (10)
 *   lecun            variance 1/n          LeCun, Bottou, Orr & Müller 1998, Eq. (16)
 *   pytorch-default  U(±1/√n)              nn.Linear and nn.Conv2d, weights (written kaiming_uniform(a = √5) there) and biases
 */
const initialisers: Readonly<Record<string, Initialiser>> = {
  'glorot-uniform': (shape, { fanIn, fanOut }, stream) => uniform(shape, Math.sqrt(6 / (fanIn + fanOut)), stream),
  'glorot-normal': (shape, { fanIn, fanOut }, stream) => normal(shape, Math.sqrt(2 / (fanIn + fanOut)), stream),
  'he-uniform': (shape, { fanIn }, stream) => uniform(shape, Math.sqrt(6 / fanIn), stream),
  'he-normal': (shape, { fanIn }, stream) => normal(shape, Math.sqrt(2 / fanIn), stream),
  'lecun-uniform': (shape, { fanIn }, stream) => uniform(shape, Math.sqrt(3 / fanIn), stream),
  'lecun-normal': (shape, { fanIn }, stream) => normal(shape, Math.sqrt(1 / fanIn), stream),
  'pytorch-default': (shape, { fanIn }, stream) => uniform(shape, 1 / Math.sqrt(fanIn), stream),
  zeros: (shape) => new Float64Array(size(shape)),
};

/**
 * The initialiser of a name: one of the table above, or `normal:SIGMA` for N(0, SIGMA²). Throws UsageError for any other name.
 */
export function initialiser(name: string): Initialiser {
  if (Object.hasOwn(initialisers, name)) return initialisers[name]!;
  const sigma = /^normal:(\d*\.?\d+(?:e[+-]?\d+)?)$/i.exec(name)?.[1];
  if (sigma !== undefined && Number.isFinite(Number(sigma))) {
    return (shape, _, stream) => normal(shape, Number(sigma), stream);
  }
  throw new UsageError(
    `'${name}' is no initialisation; legal are ${Object.keys(initialisers).join(', ')} and normal:SIGMA, for example normal:0.01`,
  );
}

/** Weights of a layer, and its biases. */
export interface InitialLayer {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/**
 * A layer with weights of shape [out, in] (dense) or [out, in, height, width] (convolution) and `out` biases, which are 0 except in
 * pytorch-default. The weights are drawn first, so that they are the same whether biases are used or not. Throws UsageError.
 */
export function initialLayer(name: string, shape: readonly number[], stream: RandomStream): InitialLayer {
  const layerFans = fans(shape);
  const weights = initialiser(name)(shape, layerFans, stream);
  const biases = initialiser(name === 'pytorch-default' ? name : 'zeros')(shape.slice(0, 1), layerFans, stream);
  return { weights, biases };
}

/**
 * The fans of weights: dense [out, in] has (in, out), a convolution [out, in, h, w] has (in·h·w, out·h·w). Throws UsageError for any
 * other shape.
 */
export function fans(shape: readonly number[]): Fans {
  const legal = shape.every((extent) => Number.isInteger(extent) && extent >= 1);
  if (!legal || (shape.length !== 2 && shape.length !== 4)) {
    throw new UsageError(
      `weights have the shape [out, in] or [out, in, height, width] of positive integers, received [${shape.join(', ')}]`,
    );
  }
  const [out, inputs, ...window] = shape as [number, number, ...number[]];
  return { fanIn: inputs * size(window), fanOut: out * size(window) };
}

function uniform(shape: readonly number[], bound: number, stream: RandomStream): Float64Array {
  return new Float64Array(size(shape)).map(() => bound * (2 * stream.uniform() - 1));
}

function normal(shape: readonly number[], deviation: number, stream: RandomStream): Float64Array {
  return new Float64Array(size(shape)).map(() => deviation * stream.normal());
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

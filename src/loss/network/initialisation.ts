import { UsageError } from '../../errors.js';
import { alone, registry, type WrittenEntry } from '../../registry.js';
import type { RandomStream } from '../../numeric/random.js';

/** How many inputs a unit of a layer has, and how many units an input of it feeds. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Independent draws of a common variance for a parameter of some shape, row-major. */
export type Initialiser = (shape: readonly number[], fans: Fans, stream: RandomStream) => Float64Array;

interface Initialisation extends WrittenEntry<Initialiser> {
  /** Whether biases are drawn too; else they are 0. */
  readonly drawsBiases?: boolean;
  /** The standard deviation of embeddings; left out, they are drawn as weights are. */
  readonly embeddings?: number;
}

/** Uniform on ±bound. */
const uniformOn =
  (bound: (fans: Fans) => number): Initialiser =>
  (shape, layer, stream) =>
    uniform(shape, bound(layer), stream);

/** Not truncated, as in PyTorch and unlike Keras. */
const normalWith =
  (deviation: (fans: Fans) => number): Initialiser =>
  (shape, layer, stream) =>
    normal(shape, deviation(layer), stream);

const [glorot, he, lecun] = [
  'Glorot & Bengio 2010, Eq. (16)',
  'He, Zhang, Ren & Sun 2015, Eq. (10)',
  'LeCun, Bottou, Orr & Müller 1998, Eq. (16)',
];

/** A token is no sum of inputs that a fan-in would count: the embeddings of GPT-2 (Radford et al. 2019). */
const embeddings = 0.02;

/** The initialisations by their names in the field, n the fan-in and m the fan-out. */
export const initialisations = registry<Initialiser, Initialisation>(
  [
    {
      name: 'glorot-uniform',
      help: 'uniform of variance 2/(n + m)',
      source: glorot,
      embeddings,
      parse: alone(uniformOn(({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut)))),
    },
    {
      name: 'glorot-normal',
      help: 'normal of variance 2/(n + m)',
      source: glorot,
      embeddings,
      parse: alone(normalWith(({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut)))),
    },
    {
      name: 'he-uniform',
      help: 'uniform of variance 2/n',
      source: he,
      embeddings,
      parse: alone(uniformOn(({ fanIn }) => Math.sqrt(6 / fanIn))),
    },
    {
      name: 'he-normal',
      help: 'normal of variance 2/n',
      source: he,
      embeddings,
      parse: alone(normalWith(({ fanIn }) => Math.sqrt(2 / fanIn))),
    },
    {
      name: 'lecun-uniform',
      help: 'uniform of variance 1/n',
      source: lecun,
      embeddings,
      parse: alone(uniformOn(({ fanIn }) => Math.sqrt(3 / fanIn))),
    },
    {
      name: 'lecun-normal',
      help: 'normal of variance 1/n',
      source: lecun,
      embeddings,
      parse: alone(normalWith(({ fanIn }) => Math.sqrt(1 / fanIn))),
    },
    {
      name: 'pytorch-default',
      help: 'uniform on ±1/√n, weights and biases',
      source: 'nn.Linear and nn.Conv2d, written kaiming_uniform(a = √5) there',
      drawsBiases: true,
      embeddings: 1, // nn.Embedding
      parse: alone(uniformOn(({ fanIn }) => 1 / Math.sqrt(fanIn))),
    },
    { name: 'zeros', help: 'all weights 0', parse: alone((shape) => new Float64Array(size(shape))) },
    { name: 'normal', pattern: 'normal:SIGMA', help: 'normal of standard deviation SIGMA', parse: normalOf },
  ],
  { unknown: (text) => `'${text}' is no initialisation`, example: 'normal:0.01' },
);

function normalOf(text: string | undefined): Initialiser | undefined {
  const sigma = Number(text);
  if (!/^\d*\.?\d+(?:e[+-]?\d+)?$/i.test(text ?? '') || !Number.isFinite(sigma)) return undefined;
  return normalWith(() => sigma);
}

/** The initialiser of a name: one of the registry. Throws UsageError for any other name. */
export const initialiser = (name: string): Initialiser => initialisations.read(name).value;

/** Weights of a layer, and its biases. */
export interface InitialLayer {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/**
 * A layer with weights of shape [out, in] (dense) or [out, in, height, width] (convolution) and `out` biases, which are 0 where the
 * initialisation does not draw them. The weights are drawn first, so that they are the same whether biases are used or not. Throws UsageError.
 */
export function initialLayer(name: string, shape: readonly number[], stream: RandomStream): InitialLayer {
  const layerFans = fans(shape);
  const { entry, value: draw } = initialisations.read(name);
  const weights = draw(shape, layerFans, stream);
  const biases = entry.drawsBiases === true ? draw(shape.slice(0, 1), layerFans, stream) : new Float64Array(shape[0]!);
  return { weights, biases };
}

/** Embeddings of shape [tokens, width]: normal, of the deviation that the initialisation has for them, or drawn as its weights are. Throws UsageError. */
export function initialEmbedding(name: string, shape: readonly number[], stream: RandomStream): Float64Array {
  const { entry, value: draw } = initialisations.read(name);
  return entry.embeddings === undefined ? draw(shape, fans(shape), stream) : normal(shape, entry.embeddings, stream);
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

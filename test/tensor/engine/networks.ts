import fc from 'fast-check';
import {
  add,
  averagePool,
  broadcast,
  constant,
  convolve,
  gelu,
  geluErf,
  globalAveragePool,
  input,
  layerNormalise,
  logSoftmax,
  matmul,
  maxPool,
  multiply,
  negate,
  normalise,
  pad,
  relu,
  reshape,
  scale,
  sigmoid,
  slice,
  softmax,
  softmaxCrossEntropy,
  softplus,
  square,
  step,
  subtract,
  sum,
  tanh,
  take,
  total,
  transpose,
  where,
  type Padding,
  type Shape,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';

/** A loss with what it is differentiated by. Its data are 'x' and 'target'; 'one over n' is there where it normalises. */
export interface Network {
  readonly loss: Tensor;
  readonly parameters: readonly Tensor[];
  readonly data: readonly Tensor[];
  readonly isSmooth: boolean;
  readonly description: string;
}

export const activations = { relu, tanh, softplus, gelu, sigmoid } as const;
export type Activation = keyof typeof activations;
export const lossKinds = ['cross-entropy', 'log softmax', 'mean square'] as const;
export type LossKind = (typeof lossKinds)[number];

/** Σ over samples of −Σ t log softmax(z), in either form, or of ½ ‖z − t‖². */
export function lossOf(outputs: Tensor, target: Tensor, kind: LossKind): Tensor {
  if (kind === 'cross-entropy') return total(softmaxCrossEntropy(outputs, target));
  if (kind === 'log softmax') return negate(total(multiply(target, logSoftmax(outputs))));
  return multiply(constant(0.5), total(square(subtract(outputs, target))));
}

/** Names parameters w1, w2, … as they are asked for. */
function parameterList(): { readonly all: Tensor[]; readonly next: (shape: Shape) => Tensor } {
  const all: Tensor[] = [];
  return {
    all,
    next(shape) {
      const parameter = input(`w${all.length + 1}`, shape);
      all.push(parameter);
      return parameter;
    },
  };
}

export interface MlpDescription {
  /** Widths from the input to the output. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly loss: LossKind;
  readonly bias: boolean;
}

export function mlp({ widths, activation, loss, bias }: MlpDescription): Network {
  const { all, next } = parameterList();
  const x = input('x', ['n', widths[0]!]);
  const target = input('target', ['n', widths.at(-1)!]);
  const outputs = widths.slice(1).reduce<Tensor>((z, width, layer) => {
    const product = matmul(z, next([widths[layer]!, width]));
    const y = bias ? add(product, next([width])) : product;
    return layer < widths.length - 2 ? activations[activation](y) : y;
  }, x);
  return {
    loss: lossOf(outputs, target, loss),
    parameters: all,
    data: [x, target],
    isSmooth: activation !== 'relu' || widths.length === 2,
    description: JSON.stringify({ widths, activation, loss, bias }),
  };
}

export interface ConvNetDescription {
  readonly channels: number;
  readonly side: number;
  readonly filters: readonly number[];
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
  readonly normalised: boolean;
  readonly activation: Activation;
  readonly pooling: 'max' | 'overlapping max' | 'average' | 'global' | 'none';
  readonly loss: LossKind;
  readonly bias: boolean;
}

/** (x − mean)/√(variance + ε) per channel over the batch, then gain and shift: batch normalisation. */
export function batchNormalise(x: Tensor, gain: Tensor, shift: Tensor, oneOverN: Tensor): Tensor {
  const [, , height, width] = x.shape as readonly ['n', number, number, number];
  const mean = (y: Tensor): Tensor => multiply(multiply(sum(y, [0, 2, 3]), oneOverN), constant(1 / (height * width)));
  const center = mean(x);
  const variance = mean(square(subtract(x, center)));
  return add(multiply(normalise(x, center, variance, 0.1), gain), shift);
}

export function convNet(description: ConvNetDescription): Network {
  const { channels, side, filters, kernel, stride, padding, normalised, activation, pooling, loss, bias } = description;
  const { all, next } = parameterList();
  const x = input('x', ['n', channels, side, side]);
  const target = input('target', ['n', 3]);
  const oneOverN = input('one over n', []);
  const features = filters.reduce<Tensor>((z, count, layer) => {
    const w = next([count, z.shape[1]!, kernel, kernel]);
    const product = convolve(z, w, { stride: layer === 0 ? stride : 1, padding: layer === 0 ? padding : 'same' });
    const y = bias ? add(product, next([1, count, 1, 1])) : product;
    const per: Shape = [1, count, 1, 1];
    return activations[activation](normalised ? batchNormalise(y, next(per), next(per), oneOverN) : y);
  }, x);
  const height = features.shape[2] as number;
  const pooled =
    pooling === 'global'
      ? globalAveragePool(features)
      : pooling === 'none' || height < 2
        ? features
        : pooling === 'average'
          ? averagePool(features, 2)
          : maxPool(features, 2, { stride: pooling === 'max' ? 2 : 1 });
  const width = pooled.shape.slice(1).reduce<number>((product, dim) => product * (dim as number), 1);
  const logits = matmul(reshape(pooled, ['n', width]), next([width, 3]));
  return {
    loss: lossOf(bias ? add(logits, next([3])) : logits, target, loss),
    parameters: all,
    data: normalised ? [x, target, oneOverN] : [x, target],
    isSmooth: activation !== 'relu' && !pooling.includes('max'),
    description: JSON.stringify(description),
  };
}

export interface TransformerDescription {
  readonly layers: number;
  readonly heads: number;
  /** The width of a head. */
  readonly width: number;
  readonly length: number;
  readonly loss: LossKind;
}

/** Tokens in: embeddings, masked attention and GELU networks with layer normalisation before each; three scores out at the last token. */
export function transformer(description: TransformerDescription): Network {
  const { layers, heads, width, length, loss } = description;
  const { all, next } = parameterList();
  const [d, tokens] = [heads * width, 4];
  const [x, mask] = [input('x', ['n', length]), input('mask', [length, length])];
  // Tokens and masks by comparison, as any numbers may be given for them; the first token is always seen.
  const index = add(step(x), scale(step(subtract(x, constant(0.5))), 2));
  const isVisible = add(step(mask), pad(broadcast(constant(1), [length, 1]), 1, 0, length - 1));
  const dense = (z: Tensor, from: number, to: number): Tensor => add(matmul(z, next([from, to])), next([to]));
  const normalised = (z: Tensor): Tensor => add(multiply(layerNormalise(z, [2], 0.1), next([d])), next([d]));
  const split = (z: Tensor): Tensor => transpose(reshape(z, ['n', length, heads, width]), [0, 2, 1, 3]);
  let z = add(take(next([tokens, d]), index), next([length, d]));
  for (let layer = 0; layer < layers; layer++) {
    const y = normalised(z);
    const [query, key, value] = [0, 1, 2].map(() => split(dense(y, d, d))) as [Tensor, Tensor, Tensor];
    const scores = scale(matmul(query, key, { transposeB: true }), 1 / Math.sqrt(width));
    const attended = matmul(softmax(where(isVisible, scores, constant(-Infinity))), value);
    z = add(z, dense(reshape(transpose(attended, [0, 2, 1, 3]), ['n', length, d]), d, d));
    z = add(z, dense(geluErf(dense(normalised(z), d, 2 * d)), 2 * d, d));
  }
  const last = reshape(slice(normalised(z), 1, length - 1, length), ['n', d]);
  return {
    loss: lossOf(matmul(last, next([d, 3])), input('target', ['n', 3]), loss),
    parameters: all,
    data: [x, input('target', ['n', 3]), mask],
    isSmooth: true,
    description: JSON.stringify(description),
  };
}

const anyActivation = fc.constantFrom(...(Object.keys(activations) as Activation[]));
const anyLoss = fc.constantFrom(...lossKinds);

export const randomMlps: fc.Arbitrary<Network> = fc
  .record({
    widths: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 2, maxLength: 4 }),
    activation: anyActivation,
    loss: anyLoss,
    bias: fc.boolean(),
  })
  .map(mlp);

export const randomConvNets: fc.Arbitrary<Network> = fc
  .record({
    channels: fc.integer({ min: 1, max: 2 }),
    side: fc.integer({ min: 4, max: 6 }),
    filters: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 2 }),
    padding: fc.constantFrom<Padding>('same', 'valid', 1),
    normalised: fc.boolean(),
    activation: anyActivation,
    pooling: fc.constantFrom('max', 'overlapping max', 'average', 'global', 'none'),
    loss: anyLoss,
    bias: fc.boolean(),
  })
  .map(convNet);

export const randomTransformers: fc.Arbitrary<Network> = fc
  .record({
    layers: fc.integer({ min: 1, max: 2 }),
    heads: fc.integer({ min: 1, max: 2 }),
    width: fc.integer({ min: 2, max: 3 }),
    length: fc.integer({ min: 1, max: 4 }),
    loss: anyLoss,
  })
  .map(transformer);

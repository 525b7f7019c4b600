export { broadcast } from './broadcast.js';
export { equal, greater, maximum, minimum, where } from './comparison.js';
export { gelu, geluErf, logSoftmax, silu, softmaxCrossEntropy } from './composites.js';
export {
  convolve,
  convolveTransposed,
  type ConvolutionOptions,
  type Padding,
  type Pair,
  type WindowOptions,
} from './convolution.js';
export {
  absolute,
  add,
  ceil,
  cos,
  detach,
  divide,
  erf,
  exp,
  floor,
  log,
  log1p,
  multiply,
  negate,
  power,
  reciprocal,
  relu,
  round,
  scale,
  sechSquared,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  step,
  subtract,
  tanh,
} from './elementwise.js';
export { gradient } from './gradient.js';
export { oneHot, take } from './indexing.js';
export { concat } from './joining.js';
export { matmul } from './matmul.js';
export { groupNormalise, layerNormalise, mean, normalise, normaliseChannels, rmsNormalise } from './normalisation.js';
export { averagePool, globalAveragePool, maxPool } from './pooling.js';
export { firstMaximum, max, pad, reshape, select, slice, softmax, sum, total, transpose } from './shaping.js';
export { stages, type Stages } from './staging.js';
export { tangent } from './tangent.js';
export {
  constant,
  counted,
  input,
  isCounted,
  lengthOf,
  type CountedDim,
  type Dim,
  type Shape,
  type Tensor,
} from './tensor.js';

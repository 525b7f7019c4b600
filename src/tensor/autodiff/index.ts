export { broadcast } from './broadcast.js';
export { gelu, logSoftmax, normalise, softmax, softmaxCrossEntropy } from './composites.js';
export { convolve, type ConvolutionOptions, type Padding } from './convolution.js';
export {
  add,
  detach,
  divide,
  exp,
  log,
  log1p,
  multiply,
  negate,
  reciprocal,
  relu,
  scale,
  sechSquared,
  sigmoid,
  softplus,
  sqrt,
  square,
  step,
  subtract,
  tanh,
} from './elementwise.js';
export { gradient } from './gradient.js';
export { matmul } from './matmul.js';
export { averagePool, globalAveragePool, maxPool } from './pooling.js';
export { firstMaximum, max, pad, reshape, select, slice, sum, total, transpose } from './shaping.js';
export { stages, type Stages } from './staging.js';
export { tangent } from './tangent.js';
export { constant, input, type Dim, type Shape, type Tensor } from './tensor.js';

import * as model from '../src/exact/noiseless/index.js';
import * as noise from '../src/exact/noisy/index.js';
import { denseEigen } from '../src/numeric/kernels/dense-eigen.js';
import * as observe from '../src/observe/index.js';
import * as population from '../src/exact/population/index.js';
import * as sgdNoise from '../src/sgd-noise/index.js';

/** The library's functions that the theorems are about. A check takes them as an argument, so that a test can break one. */
export const laws = {
  ...model,
  ...noise,
  ...population,
  ...sgdNoise,
  ...observe,
  /** All eigenpairs of a small operator, the reference. */
  denseEigen,
};

export type Laws = typeof laws;

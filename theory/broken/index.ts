import { brokenAnyStart } from './any-start.js';
import { brokenBiases } from './biases.js';
import { brokenCollapse } from './collapse.js';
import { brokenFiniteNoise } from './finite-noise.js';
import { brokenNoiseBoundary } from './noise-boundary.js';
import { brokenNoiseSpectrum } from './noise-spectrum.js';
import { brokenNoiselessLine } from './noiseless-line.js';
import { brokenObservables } from './observables.js';
import { brokenResponse } from './response.js';
import { brokenSgdNoise } from './sgd-noise.js';
import { brokenSnapshots } from './snapshots.js';
import { brokenTwoClasses } from './two-classes.js';

/** What is wrong in words, with the laws that are wrong there and the theorem that must notice; at least one for every theorem. */
export const wrongLaws = [
  brokenNoiselessLine,
  brokenAnyStart,
  brokenCollapse,
  brokenObservables,
  brokenTwoClasses,
  brokenBiases,
  brokenFiniteNoise,
  brokenNoiseSpectrum,
  brokenNoiseBoundary,
  brokenResponse,
  brokenSgdNoise,
  brokenSnapshots,
].flatMap((family) => Object.entries(family));

import { biasSplitting } from './biases.js';
import { clockIntegral, logitsSolveTheFlow } from './clock.js';
import { collapseRate, decayOfDeviations, undefinedAtStart } from './collapse.js';
import { overlapImpliesTopFraction, preservedAtStart, rankIsK, topFractionImpliesTraining } from './counterexamples.js';
import {
  gaugeNullSpace,
  lossFalls,
  positiveSemidefinite,
  spectrumFromAnyStart,
  topFractionInterval,
} from './hessian.js';
import { linearSpectrum, randomDirection } from './null-values.js';
import { boundaryOfTheTopSpace, mapOfTheTopSpace } from './crossings.js';
import { gaussianShares, noiseLaw } from './gaussian-gradient.js';
import { classGradientsCancel } from './class-gradients.js';
import { informationIdentity, sectorValuesOfTheCovariance } from './gradient-covariance.js';
import { initialWeights } from './initial-weights.js';
import { finiteNoiseLevels, finiteNoiseScalars } from './noisy-values.js';
import { eigenspaceShares, spectralDimensions } from './observables.js';
import { populationOfAMixture } from './population.js';
import { sectorsRespond } from './sector-response.js';
import { exactSnapshots } from './exact-snapshots.js';
import { noisySnapshots } from './noisy-snapshots.js';
import { symmetricSnapshots } from './symmetric-snapshots.js';
import { gradientDescentOnTheLine, lossAndGradient, marginEquation } from './symmetric-flow.js';
import { gradientIsEigenvector, levelRatio, rank, symmetricSpectrum } from './symmetric-spectrum.js';
import { clockSolvesFlow, momentIdentities, nishimori } from './noise.js';
import { correlationInvariance, overlapIsBlind, smallNoiseBoundary, smallNoiseLimits } from './noise-boundary.js';
import { noisySpectrum, sevenLevels, simplexStandardBulk, smallestLevel, zeroNoiseLimit } from './noise-spectrum.js';
import { noiseAlongFlows, noiseTakesOver } from './moving-noise.js';
import { noiselessCovariance } from './noiseless-noise.js';
import { stationaryNoiseOfAPoint } from './stationary-noise.js';
import { modesDecouple, stationaryVarianceOfSgd, transientVariance } from './noise-recursion.js';
import { shuffledVarianceOfSgd } from './shuffling.js';
import { statisticsOfCollapse, turningEigenvectors } from './response.js';
import type { Theorem } from './theorem.js';
import { covarianceOfUpdates } from './update-covariance.js';
import { equationEight, equationSevenCorrected, equationSevenPrinted, equationSix } from './two-classes.js';

/** Every theorem, in the order of the argument; the statements to be refuted come last. */
export const theorems: readonly Theorem[] = [
  logitsSolveTheFlow,
  clockIntegral,
  marginEquation,
  lossAndGradient,
  gradientDescentOnTheLine,
  positiveSemidefinite,
  gaugeNullSpace,
  symmetricSpectrum,
  rank,
  gradientIsEigenvector,
  levelRatio,
  undefinedAtStart,
  decayOfDeviations,
  collapseRate,
  spectrumFromAnyStart,
  lossFalls,
  topFractionInterval,
  symmetricSnapshots,
  exactSnapshots,
  initialWeights,
  biasSplitting,
  equationSix,
  equationSevenCorrected,
  equationEight,
  randomDirection,
  linearSpectrum,
  eigenspaceShares,
  spectralDimensions,
  momentIdentities,
  nishimori,
  clockSolvesFlow,
  sevenLevels,
  noisySpectrum,
  populationOfAMixture,
  finiteNoiseLevels,
  finiteNoiseScalars,
  noisySnapshots,
  zeroNoiseLimit,
  smallestLevel,
  simplexStandardBulk,
  smallNoiseLimits,
  smallNoiseBoundary,
  correlationInvariance,
  overlapIsBlind,
  boundaryOfTheTopSpace,
  mapOfTheTopSpace,
  sectorsRespond,
  turningEigenvectors,
  statisticsOfCollapse,
  stationaryVarianceOfSgd,
  modesDecouple,
  transientVariance,
  shuffledVarianceOfSgd,
  covarianceOfUpdates,
  noiseLaw,
  gaussianShares,
  sectorValuesOfTheCovariance,
  informationIdentity,
  noiselessCovariance,
  classGradientsCancel,
  stationaryNoiseOfAPoint,
  noiseAlongFlows,
  noiseTakesOver,
  rankIsK,
  preservedAtStart,
  overlapImpliesTopFraction,
  topFractionImpliesTraining,
  equationSevenPrinted,
];

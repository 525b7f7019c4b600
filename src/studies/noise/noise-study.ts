import { gradientNoise, type GradientNoise } from '../../loss/noise/gradient-noise.js';
import type { DrawnSteps } from '../../loss/noise/drawn-laws.js';
import { inPrecision } from '../../loss/parameters.js';
import { innerProducts } from '../../numeric/kernels/inner-products.js';
import { norm } from '../../numeric/kernels/norm.js';
import { blockLanczosAsync, type BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { descent, type DescentState } from '../../train/descent.js';
import { drawnSteps, refuseOtherNoise } from '../../train/drawn-steps.js';
import { configuredRates } from '../../train/schedule.js';
import type { TrainConfig } from '../../train/train-config.js';
import { weightsFrom } from '../../train/first-weights.js';
import { trainProblem, type TrainProblem } from '../../train/train-problem.js';
import { trainRule } from '../../train/train-rule.js';
import { trainStart } from '../../train/train-start.js';
import { armPoints, type ArmPoint, type NoiseArm } from './arms.js';
import { lawEnergies, type PredictedEnergies } from './noise-laws.js';
import { summariseArm, type ArmSummary, type NoiseMeasurement } from './summary.js';

/** Which assumptions are switched off, and how long each arm is looked at. */
export interface NoiseStudyOptions {
  readonly arms: readonly NoiseArm[];
  /** Steps of an arm before it is measured first, then between measurements, and how many of these. */
  readonly burnIn: number;
  readonly every: number;
  readonly measurements: number;
  /** Random probes of the space outside the known eigenvectors; default 10. */
  readonly probes?: number;
  /** Of the test of all directions of an arm together; default 0.05. */
  readonly level?: number;
  /** A safetensors file of first weights. */
  readonly initFrom?: string;
  /** Called after every measurement. */
  readonly onProgress?: (done: { readonly arm: string; readonly measurement: number }) => void;
}

/** An arm with its measurements. */
export interface NoiseArmResult {
  readonly arm: NoiseArm;
  readonly steps: DrawnSteps;
  readonly measurements: readonly NoiseMeasurement[];
  readonly summary: ArmSummary;
}

/** The document of the study. */
export interface NoiseStudy {
  readonly config: TrainConfig;
  readonly subspace: number;
  readonly samples: number;
  readonly arms: readonly NoiseArmResult[];
}

/** The switches, each beside the run as it is: its epochs, its network, its precision, and noise that is eight times smaller. */
export function standardArms({ batch }: Pick<TrainConfig, 'batch'>): NoiseArm[] {
  return [
    { name: 'as trained', sampling: 'epochs', dynamics: 'network' },
    { name: 'with replacement', sampling: 'replacement', dynamics: 'network' },
    { name: 'float64', sampling: 'epochs', dynamics: 'network', precision: 'f64' },
    ...(batch === null
      ? []
      : ([{ name: 'batches of 8 b', sampling: 'replacement', dynamics: 'network', batch: 8 * batch }] as const)),
    { name: 'frozen, in epochs', sampling: 'epochs', dynamics: 'frozen' },
    { name: 'frozen, with replacement', sampling: 'replacement', dynamics: 'frozen' },
  ];
}

/**
 * g = flow + noise on a network: trains as the configuration says, and goes on from there in several arms, each a window of steps at the learning rate reached. At every measurement
 * the energies of the full gradient stand beside the laws of the noise, from the top eigenpairs (`top` + 1 of them) and the covariance of the samples there; in a frozen arm both are
 * those of its start. What the noise does not account for is flow. An arm in which the law holds while it fails as trained names the assumption that fails.
 *
 * Throws UsageError for runs that have other noise (`refuseOtherNoise`) or steps that are unstable, and what training throws. Cost of a measurement: that of a record with the law
 * of the noise; of a frozen step a Hessian product.
 */
export async function noiseStudy(
  config: TrainConfig,
  options: NoiseStudyOptions,
  runtime?: Runtime,
): Promise<NoiseStudy> {
  const { initFrom } = options;
  const first = initFrom === undefined ? {} : { firstWeights: weightsFrom(initFrom) };
  const problem = await trainProblem(config, runtime, first);
  try {
    refuseOtherNoise(config, problem);
    const reached = await stateAfter(problem, trainStart(problem).state, config.steps);
    const arms: NoiseArmResult[] = [];
    for (const arm of options.arms) {
      const { precision = config.precision } = arm;
      const own =
        precision === config.precision ? problem : await trainProblem({ ...config, precision }, runtime, first);
      try {
        const weights = inPrecision(reached.weights, precision);
        arms.push(await armResult(own, arm, { ...reached, weights }, options));
      } finally {
        if (own !== problem) await own.release();
      }
    }
    const { run, samples } = problem;
    return { config: run.config, subspace: run.subspace, samples, arms };
  } finally {
    await problem.release();
  }
}

async function stateAfter(problem: TrainProblem, first: DescentState, steps: number): Promise<DescentState> {
  for await (const state of descent(first, trainRule(problem))) if (state.step === steps) return state;
  return first;
}

async function armResult(
  problem: TrainProblem,
  arm: NoiseArm,
  { step: begun, weights, statistics }: DescentState,
  { burnIn, every, measurements: count, probes = 10, level = 0.05, onProgress = () => undefined }: NoiseStudyOptions,
): Promise<NoiseArmResult> {
  const { run, samples } = problem;
  const { config, subspace } = run;
  const learningRate = configuredRates(config)(begun);
  const steps: DrawnSteps = {
    ...drawnSteps({ ...config, batch: arm.batch ?? config.batch }, samples, learningRate),
    ...(arm.sampling === 'replacement' ? { batch: arm.batch ?? config.batch ?? samples, replacement: true } : {}),
  };
  const at = (theta: ArmPoint['weights']) => pointNoise(problem, { weights: theta, statistics, probes });
  let here = await at(weights);
  let before: Float64Array | undefined;
  const measurements: NoiseMeasurement[] = [];
  for await (const point of armPoints(problem, arm, { weights, statistics, learningRate })) {
    if (point.step < burnIn || (point.step - burnIn) % every !== 0) continue;
    if (arm.dynamics === 'network') here = await at(point.weights);
    const gradient = await point.gradient();
    const { pairs, noise, along } = here;
    const measured = energiesOf(pairs, gradient, gradient);
    measurements.push({
      step: point.step,
      topFraction: measured.top.slice(0, subspace).reduce((sum, x) => sum + x, 0) / norm(gradient) ** 2,
      overlap: await along(gradient),
      eigenvalues: [...pairs.values],
      covariances: [...noise.top.covariances],
      laws: lawEnergies(noise, steps, arm.dynamics === 'frozen' ? point.step : begun + point.step),
      measured,
      persistent: before === undefined ? null : energiesOf(pairs, gradient, before),
    });
    before = gradient;
    onProgress({ arm: arm.name, measurement: measurements.length });
    if (measurements.length === count) break;
  }
  const correlations = Array.from(here.pairs.values, (_, i) => {
    const lambda = measurements.reduce((sum, of) => sum + of.eigenvalues[i]!, 0) / measurements.length;
    return decayOf(lambda, steps) ** every;
  });
  return { arm, steps, measurements, summary: summariseArm(measurements, { subspace, correlations, level }) };
}

/** Eigenpairs, noise, and overlap(g, Hg) at one θ. */
async function pointNoise(
  { objective, run: { config } }: TrainProblem,
  { weights, statistics, probes }: Pick<DescentState, 'weights' | 'statistics'> & { readonly probes: number },
): Promise<{
  readonly pairs: BlockLanczosResult;
  readonly noise: GradientNoise;
  readonly along: (gradient: Float64Array) => Promise<number>;
}> {
  const { top, tolerance, seed } = config;
  const hessian = objective.curvature('hessian', weights, { statistics });
  const count = Math.min(top + 1, hessian.dimension);
  const pairs = await blockLanczosAsync(hessian, { count, tolerance, seed, verify: false, blockSize: 1 });
  return {
    pairs,
    noise: await gradientNoise(objective, weights, pairs, { statistics, probes, seed }),
    async along(gradient) {
      const bent = await hessian.apply(gradient, 1);
      return innerProducts(gradient, 1, bent, 1, gradient.length)[0]! / (norm(gradient) * norm(bent));
    },
  };
}

/** (v_iᵀx)(v_iᵀy) for the known eigenvectors, and what is left of xᵀy. */
function energiesOf(
  { vectors, values, dimension: n }: BlockLanczosResult,
  x: Float64Array,
  y: Float64Array,
): PredictedEnergies {
  const [along, across] = [x, y].map((of) => innerProducts(vectors, values.length, of, 1, n)) as [
    Float64Array,
    Float64Array,
  ];
  const top = Array.from(along, (part, i) => part * across[i]!);
  return { top, rest: innerProducts(x, 1, y, 1, n)[0]! - top.reduce((sum, part) => sum + part, 0) };
}

/** By how much a deviation along an eigenvector decays in a step: the larger root of z² − (1 + μ − ηλ) z + μ. */
function decayOf(eigenvalue: number, { learningRate, momentum = 0 }: DrawnSteps): number {
  const half = (1 + momentum - learningRate * eigenvalue) / 2;
  const discriminant = half ** 2 - momentum;
  return discriminant < 0 ? Math.sqrt(momentum) : Math.abs(half) + Math.sqrt(discriminant);
}

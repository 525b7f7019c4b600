import { UsageError } from '../../errors.js';
import { checkModel } from '../../exact/noiseless/domain.js';
import { checkDimensions, checkPoint } from '../../exact/noisy/domain.js';
import type { SgdRule } from '../../sgd-noise/rule.js';
import { correlationOf, refuseRhoWithoutNoise, type Correlation } from './correlation.js';
import type { DrawsDocument } from './draws.js';
import { initialWeightsText, type InitialWeights } from './initial-weights.js';
import type { NoiselessProblem } from './noiseless-states.js';
import type { SolveDocument, SolvedState } from './solve-document.js';

export interface SolveSettings extends NoiselessProblem {
  readonly noise: number;
  readonly rho: Correlation;
  readonly draws?: number;
  readonly sgdNoise?: SgdRule;
  readonly etaOverB?: number;
}

export const solveDefaults: SolveSettings = {
  classes: 10,
  dim: 50,
  times: [0, 1, 10, 1e3, 1e6],
  noise: 0,
  rho: 0,
  init: { kind: 'zero' },
  bias: false,
  levels: 100,
  seed: 1,
};

/** Settings that would change nothing, and why. */
export const unusedInSolve = ({ init, margin, draws }: SolveSettings) => [
  { when: draws !== undefined, options: ['levels'], why: 'means over draws list no levels' },
  {
    when: draws !== undefined,
    options: ['sgdNoise', 'etaOverB'],
    why: 'the noise of SGD is solved on the symmetric line',
  },
  { when: margin !== undefined, options: ['times'], why: '--margin says where to solve' },
  {
    when: init.kind === 'zero',
    options: ['levels', 'seed'],
    why: 'nothing is drawn from W(0) = 0, and all levels are listed',
  },
];

/** Throws UsageError for what has no closed form, before anything is solved. */
export function checkSolve(settings: SolveSettings): void {
  const { classes, dim, noise, draws, init, margin = [0] } = settings;
  refuseImpossible(settings);
  refuseRhoWithoutNoise(noise, correlationOf(settings.rho, classes));
  ruleOf(settings);
  if (draws !== undefined) refuseDrawsOf(init);
  if (noise === 0) checkModel(classes, dim);
  else {
    checkDimensions(classes, dim);
    for (const alpha of margin) checkPoint(classes, noise, alpha);
  }
}

/** The document of `solve` without `--draws`. Throws UsageError on what has no closed form. */
export async function solve(settings: SolveSettings): Promise<SolveDocument> {
  const { classes, dim, noise, init, bias } = settings;
  const rho = correlationOf(settings.rho, classes);
  refuseImpossible(settings);
  refuseRhoWithoutNoise(noise, rho);
  const sgd = ruleOf(settings);
  const states =
    noise > 0 ? await noisy(settings, rho) : (await import('./noiseless-states.js')).noiselessStates(settings);
  const model = { classes, dim, noise, rho, bias, initial: initialWeightsText(init), seed: settings.seed };
  if (sgd === undefined) return { model, states };
  const { withSgdNoise } = await import('./with-sgd-noise.js');
  const line = { classes, dim, noise, correlation: rho, bias };
  return { model: { ...model, sgd }, states: withSgdNoise(states, line, sgd, placesOf(settings)) };
}

/** The document of `solve --draws`. Throws UsageError on what has no closed form. */
export async function drawnSolutions(settings: SolveSettings, draws: number): Promise<DrawsDocument> {
  const { classes, dim, times, init, seed, noise } = settings;
  const { scale } = refuseDrawsOf(init);
  refuseImpossible(settings);
  refuseRhoWithoutNoise(noise, correlationOf(settings.rho, classes));
  const { solveDraws } = await import('./draws.js');
  return solveDraws({ classes, dim, initial: initialWeightsText(init), draws, seed }, scale, times);
}

function refuseDrawsOf(init: InitialWeights): Extract<InitialWeights, { readonly kind: 'random' }> {
  if (init.kind === 'random') return init;
  throw new UsageError('--draws averages over random W(0): received --init zero; use for example --init random:0.01');
}

function ruleOf({ sgdNoise, etaOverB, init, noise, bias }: SolveSettings): SgdRule | undefined {
  if (sgdNoise !== undefined && etaOverB !== undefined) {
    throw new UsageError('--sgd-noise and --eta-over-b both say how strong the noise is: leave out one');
  }
  const rule = sgdNoise ?? (etaOverB === undefined ? undefined : { learningRateOverBatch: etaOverB });
  if (rule === undefined) return undefined;
  if (init.kind === 'random') {
    throw new UsageError('the noise of SGD is solved on the symmetric line: received --init random; use --init zero');
  }
  if (bias && noise === 0) {
    throw new UsageError('the noise of SGD with biases needs --noise: without it use for example --noise 0.05');
  }
  return rule;
}

function placesOf({ margin, times }: SolveSettings): {
  readonly margins?: readonly number[];
  readonly times: readonly number[];
} {
  return { times, ...(margin === undefined ? {} : { margins: margin }) };
}

function refuseImpossible({ noise, init, bias, margin }: SolveSettings): void {
  const random = init.kind === 'random';
  if (bias && random) {
    throw new UsageError(
      '--bias couples the classes, and the closed form then needs W(0) = 0: received --init random; use --init zero',
    );
  }
  if (random && (noise > 0 || margin !== undefined)) {
    throw new UsageError(
      `${noise > 0 ? '--noise' : '--margin'} needs the symmetric line: received --init random; use --init zero, or the command response`,
    );
  }
  const largest = Math.max(0, ...(margin ?? []));
  if (noise === 0 && largest > 700) {
    throw new UsageError(
      `--margin without noise goes up to 700, received ${largest}: beyond it e^−α, and the gradient with it, underflows`,
    );
  }
}

async function noisy(settings: SolveSettings, rho: number): Promise<SolvedState[]> {
  const { classes, dim, noise, bias } = settings;
  const { noisyStates } = await import('./noisy-states.js');
  return noisyStates({ classes, dim, noise, correlation: rho, bias }, placesOf(settings));
}

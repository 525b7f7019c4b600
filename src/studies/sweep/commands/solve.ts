import { z } from 'zod';
import { parseCorrelation } from '../../solve/correlation.js';
import type { DrawsDocument, DrawStatistics } from '../../solve/draws.js';
import { initialWeightsText, parseInitialWeights } from '../../solve/initial-weights.js';
import { solveRanges } from '../../solve/ranges.js';
import { parseRateOverBatch } from '../../solve/rate-over-batch.js';
import type { SolveDocument, SolvedState } from '../../solve/solve-document.js';
import {
  checkSolve,
  drawnSolutions,
  solve,
  solveDefaults,
  unusedInSolve,
  type SolveSettings,
} from '../../solve/solve.js';
import { sweptCommand } from '../command.js';
import type { Cell, ResultColumn } from '../table.js';
import { flatCommand, integerWithin, listWithin, numberWithin, seedSchema, textOf } from './flat-command.js';
import { levelAt } from './level-at.js';
import { numberColumns } from './number-columns.js';

/** ρ as it is written. */
export const rhoSchema = z.union([
  z.number().min(-1).max(0.99),
  textOf(parseCorrelation, "a fraction such as -1/3, or 'etf'"),
]);

const schema = z.strictObject({
  classes: integerWithin(solveRanges.classes),
  dim: integerWithin(solveRanges.dim),
  times: listWithin(solveRanges.times),
  margin: listWithin(solveRanges.margin).optional(),
  noise: numberWithin(solveRanges.noise),
  rho: rhoSchema,
  init: textOf(parseInitialWeights, "'zero' or random:SCALE"),
  bias: z.boolean(),
  levels: integerWithin(solveRanges.levels),
  draws: integerWithin(solveRanges.draws).optional(),
  sgdNoise: textOf(parseRateOverBatch, 'RATE/BATCH').optional(),
  etaOverB: numberWithin(solveRanges.etaOverB).optional(),
  seed: seedSchema,
});

type SolveConfig = z.infer<typeof schema>;

const { classes, dim, times, noise, rho, init: start, bias, levels, seed } = solveDefaults;
const defaults: SolveConfig = {
  ...{ classes, dim, times: [...times], noise, rho, init: initialWeightsText(start), bias, levels, seed },
};

function settingsOf(config: SolveConfig): SolveSettings {
  const { margin, draws, sgdNoise, etaOverB, ...rest } = config;
  return {
    ...rest,
    rho: typeof config.rho === 'number' ? config.rho : parseCorrelation(config.rho)!,
    init: parseInitialWeights(config.init)!,
    ...(margin === undefined ? {} : { margin }),
    ...(draws === undefined ? {} : { draws }),
    ...(sgdNoise === undefined ? {} : { sgdNoise: parseRateOverBatch(sgdNoise)! }),
    ...(etaOverB === undefined ? {} : { etaOverB }),
  };
}

const statistics = ['', '.standardError', '.q05', '.q50', '.q95'] as const;
const drawn = [
  'loss',
  'error',
  'gradientNorm',
  'topFraction.lower',
  'topFraction.upper',
  'overlapGradientHessianGradient',
];

const stateColumns = numberColumns({
  margin: 'α of W = αB, on the symmetric line',
  marginRate: 'dα/dt',
  loss: 'loss of the population',
  error: 'probability of a wrong class',
  gradientNorm: '‖g‖',
  relativeError: 'estimate of the relative error of the scalars',
  rank: 'eigenvalues above 0',
  'topFraction.lower': 'f_top(k), over all choices of k top eigenvectors: lower end',
  'topFraction.upper': 'f_top(k): upper end',
  'topFraction.null': 'what a random direction has of it',
  gap: 'λ_k − λ_{k+1}',
  largestEigenvalue: 'the largest eigenvalue of the Hessian',
  eigenvalueAtCut: 'λ_k',
  overlapGradientHessianGradient: 'overlap(g, Hg)',
});

const noiseColumns = numberColumns({
  'noise.flowEnergy': '‖G‖² of the flow',
  'noise.noiseEnergy': 'E‖g‖² less that: what the noise of SGD adds',
  'noise.topFraction.lower': 'E‖P_k g‖²/E‖g‖², flow and noise together: lower end',
  'noise.topFraction.upper': 'E‖P_k g‖²/E‖g‖²: upper end',
  'noise.stationary.lower': 'the same of the noise alone, relaxed: lower end',
  'noise.stationary.upper': 'the same of the noise alone, relaxed: upper end',
  'noise.overlap': 'mean overlap(g, Hg) over the noise',
  'noise.overlapSpread': 'its standard deviation',
  'noise.secondOrder': 'estimate of the relative size of what leading order in η/b leaves out',
});

const drawnColumns = numberColumns(
  Object.fromEntries(
    drawn.flatMap((name) => [
      [`${name}.standardError`, `${name}: standard error of the mean over the draws`],
      ...['05', '50', '95'].map((q) => [`${name}.q${q}`, `${name}: its ${Number(q)} % quantile over the draws`]),
    ]),
  ) as Record<string, string>,
);

const time: ResultColumn = {
  name: 'time',
  type: 'number',
  meaning: 'flow time from W(0); none where the flow never comes',
};

/** The model solved exactly, a row for each time or margin. */
export const solveSwept = sweptCommand<SolveConfig, SolveDocument | DrawsDocument>({
  name: 'solve',
  ...flatCommand<SolveConfig>({
    schema,
    defaults: () => defaults,
    unused: (config) => unusedInSolve(settingsOf(config)),
    check: (config) => {
      checkSolve(settingsOf(config));
    },
  }),
  titleOf: ({ classes, dim, noise }) => `solve ${classes} ${dim} ${noise}`,
  estimate: (config) => Promise.resolve({ seconds: secondsOf(config), memory: 0 }),
  work: {
    name: 'solve',
    revision: 1,
    keepsFolder: false,
    run({ config }) {
      const settings = settingsOf(config);
      return settings.draws === undefined ? solve(settings) : drawnSolutions(settings, settings.draws);
    },
  },
  by: ['time', 'margin'],
  shown: ['loss', 'topFraction', 'overlapGradientHessianGradient'],
  columns: (configs) => [
    time,
    ...stateColumns,
    ...(configs.some(({ sgdNoise, etaOverB }) => sgdNoise !== undefined || etaOverB !== undefined) ? noiseColumns : []),
    ...(configs.some(({ draws }) => draws !== undefined) ? drawnColumns : []),
  ],
  rows: (document, config) =>
    'draws' in document.model
      ? (document as DrawsDocument).states.map(drawnRow)
      : (document as SolveDocument).states.map((state) => stateRow(state, config.classes)),
});

/** So many of them, each with its own quadrature where there is noise. */
function secondsOf(config: SolveConfig): number {
  const states = (config.margin ?? config.times).length * (config.draws ?? 1);
  return 0.05 + states * (config.noise > 0 ? 0.02 : 0.002);
}

function stateRow(state: SolvedState, k: number): Record<string, Cell> {
  const { levels, topFraction, noise, ...scalars } = state;
  const { lower, upper, gap, null: random } = topFraction;
  return {
    ...scalars,
    'topFraction.lower': lower,
    'topFraction.upper': upper,
    'topFraction.null': random,
    gap,
    largestEigenvalue: levelAt(levels, 1),
    eigenvalueAtCut: levelAt(levels, k),
    ...(noise && {
      'noise.flowEnergy': noise.gradientEnergy.flow,
      'noise.noiseEnergy': noise.gradientEnergy.noise,
      'noise.topFraction.lower': noise.topFraction.lower,
      'noise.topFraction.upper': noise.topFraction.upper,
      'noise.stationary.lower': noise.topFraction.stationary.lower,
      'noise.stationary.upper': noise.topFraction.stationary.upper,
      'noise.overlap': noise.overlap,
      'noise.overlapSpread': noise.overlapSpread,
      'noise.secondOrder': noise.secondOrder,
    }),
  };
}

function drawnRow({ time: at, topFraction, ...scalars }: DrawsDocument['states'][number]): Record<string, Cell> {
  const { lower, upper, null: random } = topFraction;
  const all = { ...scalars, 'topFraction.lower': lower, 'topFraction.upper': upper };
  return {
    time: at,
    ...Object.assign({}, ...Object.entries(all).map(([name, of]) => statisticCells(name, of))),
    'topFraction.null': random,
  } as Record<string, Cell>;
}

function statisticCells(name: string, { mean, standardError, quantiles }: DrawStatistics): Record<string, Cell> {
  return Object.fromEntries(
    [mean, standardError, ...quantiles].map((value, i): [string, Cell] => [`${name}${statistics[i]!}`, value]),
  );
}

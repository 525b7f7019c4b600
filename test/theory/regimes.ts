import type { Laws } from '../../theory/index.js';

/** Where a call belongs, by its arguments and those of the method that was called on its result. */
export type Regimes = (args: readonly unknown[], inner?: readonly unknown[]) => readonly string[];

export interface LawRegimes {
  readonly of: Regimes;
  /** Those in which an error must be noticed. */
  readonly all: readonly string[];
}

const size = (name: string, x: number, small: number, large: number): string =>
  `${name} ${x <= small ? 'small' : x <= large ? 'middle' : 'large'}`;
const sizes = (name: string): string[] => ['small', 'middle', 'large'].map((word) => `${name} ${word}`);
const product = (...lists: readonly (readonly string[])[]): string[] =>
  lists.reduce<string[]>(
    (all, list) => all.flatMap((one) => list.map((next) => (one === '' ? next : `${one}, ${next}`))),
    [''],
  );

interface Point {
  readonly classes: number;
  readonly noise: number;
  readonly margin: number;
  readonly correlation?: number;
  readonly bias?: boolean;
}
const ofClasses = (k: number): string => size('k', k, 4, 100);
const ofNoise = (noise: number): string => size('σ', noise, 0.1, 1);
const ofMargin = ({ noise, margin }: Point): string => size('α/α*', margin * noise ** 2, 0.1, 1);
const ofTime = (t: number): string => size('t', t, 1, 100);
const isFlat = (correlation = 0): boolean => correlation === 0;

/** All of k × σ × α for orthonormal means; means at an angle by k and the sign of ρ. */
const point: LawRegimes = {
  of: ([at]) => {
    const { classes, correlation = 0 } = at as Point;
    return isFlat(correlation)
      ? [`${ofClasses(classes)}, ${ofNoise((at as Point).noise)}, ${ofMargin(at as Point)}`]
      : [`${ofClasses(classes)}, ρ ${correlation < 0 ? '< 0' : '> 0'}`];
  },
  all: [...product(sizes('k'), sizes('σ'), sizes('α/α*')), ...product(sizes('k'), ['ρ < 0', 'ρ > 0'])],
};
/** A costly law: by each parameter alone. */
const slices: LawRegimes = {
  of: ([at]) => [ofClasses((at as Point).classes), ofNoise((at as Point).noise)],
  all: [...sizes('k'), ...sizes('σ')],
};
const classesAndNoise = (k: unknown, noise: unknown): string =>
  `${ofClasses(k as number)}, ${ofNoise(noise as number)}`;
const crossing: LawRegimes = {
  of: ([k, noise, rho]) =>
    isFlat(rho as number | undefined) ? [ofClasses(k as number), ofNoise(noise as number)] : ['ρ ≠ 0'],
  all: [...sizes('k'), ...sizes('σ'), 'ρ ≠ 0'],
};
const noiseless = (k: number, t: number): string => `${size('k', k, 4, 100)}, ${size('t', t, 1, 1e4)}`;
const byClassesAndTime: LawRegimes = {
  of: ([k, t]) => [noiseless(k as number, t as number)],
  all: product(sizes('k'), sizes('t')),
};
const byClasses: LawRegimes = { of: ([k]) => [ofClasses(k as number)], all: sizes('k') };
const byMargin: LawRegimes = {
  of: ([k, alpha]) => [`${ofClasses(k as number)}, ${size('α', alpha as number, 0.5, 10)}`],
  all: product(sizes('k'), sizes('α')),
};
const snapshotOfPoint: LawRegimes = {
  of: ([at]) => {
    const { classes, time } = at as { classes: number; time: number };
    return [noiseless(classes, time)];
  },
  all: product(sizes('k'), sizes('t')),
};
const snapshotAt: LawRegimes = {
  of: ([k, , t]) => [noiseless(k as number, t as number)],
  all: product(sizes('k'), sizes('t')),
};
/** By the error ε, which falls with time. */
const bySymmetricPoint: LawRegimes = {
  of: ([at]) => {
    const { classes, error } = at as { classes: number; error: number };
    return [`${ofClasses(classes)}, ${size('ε', error, 1e-3, 0.4)}`];
  },
  all: product(sizes('k'), sizes('ε')),
};
/** Text, in which no number can be wrong: broken/ breaks it by hand. */
const nowhere: LawRegimes = { of: () => [], all: [] };
const everywhere: LawRegimes = { of: () => ['everywhere'], all: ['everywhere'] };
const dimensionOf = (x: unknown): number =>
  x instanceof Float64Array
    ? x.length
    : ((x as { hessian?: { dimension: number } }).hessian?.dimension ??
      (x as { dimension?: number }).dimension ??
      (x as { levels?: readonly unknown[] }).levels?.length ??
      0);
const byDimension = (...names: readonly string[]): LawRegimes => ({
  of: ([x]) => [size('n', dimensionOf(x), 8, 20)],
  all: names.length > 0 ? names.map((name) => `n ${name}`) : sizes('n'),
});
const byLateTime: LawRegimes = {
  of: ([t]) => [size('t', t as number, 10, 1e6)],
  all: sizes('t'),
};
const logRatios: LawRegimes = {
  of: ([q]) => [size('k', (q as Float64Array).length + 1, 4, 100)],
  all: sizes('k'),
};
const mixture = (model: unknown): string[] => {
  const { classes, priors, noises, shape } = model as {
    classes: number;
    priors: readonly number[];
    noises: readonly number[];
    shape?: unknown;
  };
  const uneven = (x: readonly number[]): boolean => x.some((y) => y !== x[0]);
  return [
    `k = ${classes}`,
    `priors ${uneven(priors) ? 'unequal' : 'equal'}`,
    `noises ${uneven(noises) ? 'unequal' : 'equal'}`,
    `shape ${shape === undefined ? 'none' : 'given'}`,
  ];
};
const responseAt: LawRegimes = {
  of: ([model]) => {
    const { classes, noise, correlation } = model as Point;
    return [ofClasses(classes), ofNoise(noise), isFlat(correlation) ? 'ρ = 0' : 'ρ ≠ 0'];
  },
  all: [...sizes('k'), ...sizes('σ'), 'ρ = 0', 'ρ ≠ 0'],
};
const ruleName = (rule: unknown): string => {
  const { learningRate, momentum } = rule as { learningRate?: number; momentum?: number };
  return learningRate === undefined ? 'limit' : momentum === undefined ? 'plain' : 'heavy ball';
};
/** By how SGD steps and ηλ, from λ and the rule. */
const stepOfSgd = (lambda: unknown, rule: unknown): string[] => {
  const name = ruleName(rule);
  const { learningRate } = rule as { learningRate?: number };
  return [learningRate === undefined ? name : `${name}, ${size('ηλ', learningRate * (lambda as number), 0.1, 1)}`];
};
const stepsOfSgd = ['limit', ...product(['plain', 'heavy ball'], sizes('ηλ'))];
const anglesAndBiases = ({ correlation, bias = false }: Point): string[] => [
  ...(isFlat(correlation) ? [] : ['ρ ≠ 0']),
  ...(bias ? ['biases'] : []),
];
/** Is a level cut, and is there a flow? */
const gaussianGradient = (args: readonly unknown[]): string[] => {
  const [levels, m] = args as [readonly { multiplicity: number; flow?: number }[], number | undefined];
  let above = 0;
  const isWhole = levels.some(({ multiplicity }) => (above += multiplicity) === m);
  return [
    levels.some(({ flow }) => flow !== undefined && flow > 0) ? 'flow' : 'no flow',
    ...(m === undefined ? [size('n', above, 9, 100)] : [isWhole ? 'whole' : 'cut']),
  ];
};
const byCut: LawRegimes = { of: gaussianGradient, all: ['flow', 'no flow', 'whole', 'cut'] };

/** How every law is divided. A law that is missing here fails the test. */
export const regimes: Record<keyof Laws, LawRegimes> = {
  // Without noise
  symmetricPoint: byClassesAndTime,
  symmetricPointAtMargin: byMargin,
  marginRate: byMargin,
  symmetricLevels: bySymmetricPoint,
  biasLevels: bySymmetricPoint,
  symmetricSnapshot: snapshotAt,
  biasSnapshot: snapshotAt,
  symmetricSnapshotAt: snapshotOfPoint,
  biasSnapshotAt: snapshotOfPoint,
  exactFlow: {
    of: ([k], inner) => [noiseless(k as number, (inner?.[0] ?? 0) as number)],
    all: product(sizes('k'), sizes('t')),
  },
  classClock: logRatios,
  clockTime: {
    of: ([q, s]) => [`${logRatios.of([q])[0]!}, ${size('log s', s as number, -10, -0.5)}`],
    all: product(sizes('k'), sizes('log s')),
  },
  classEigenpairs: { of: ([p]) => [size('k', (p as Float64Array).length, 4, 100)], all: sizes('k') },
  exactEigenpairs: { of: ([at]) => [size('t', (at as { time: number }).time, 0.01, 1e3)], all: sizes('t') },
  exactSnapshot: {
    of: ([at]) => {
      const { classes, time } = at as { classes: number; time: number };
      return [`${size('k', classes, 4, 20)}, ${size('t', time, 1, 1e4)}`];
    },
    all: product(sizes('k'), sizes('t')),
  },
  gradientDescentMargins: {
    of: ([k, eta]) => [`${ofClasses(k as number)}, ${size('η', eta as number, 1, 1)}`],
    all: product(sizes('k'), ['η small', 'η large']),
  },
  stabilityLimit: byClasses,
  relativeLevelError: byClasses,
  splitWeights: everywhere,
  joinWeights: everywhere,
  randomWeights: byClasses,
  lateTimeWeights: byLateTime,
  lateTimeGradient: byLateTime,
  printedGradient: byLateTime,
  lateTimeHessian: byLateTime,
  // With noise
  noisyLevels: {
    of: (args) => point.of(args).map((one) => `${one}${(args[0] as Point).bias ? ', biases' : ''}`),
    all: point.all.flatMap((one) => [one, `${one}, biases`]),
  },
  marginPoint: point,
  noisyMarginRate: point,
  flowTerms: point,
  softmaxMoment: {
    of: ([at]) => [ofClasses((at as Point).classes), ofNoise((at as Point).noise), ofMargin(at as Point)],
    all: [...sizes('k'), ...sizes('σ'), ...sizes('α/α*')],
  },
  linePoint: {
    of: ([at]) => [classesAndNoise((at as Point).classes, (at as Point).noise)],
    all: product(sizes('k'), sizes('σ')),
  },
  noisySnapshot: {
    of: ([at]) => [`k ${(at as Point).classes <= 4 ? 'small' : 'middle'}, ${ofNoise((at as Point).noise)}`],
    all: product(['k small', 'k middle'], sizes('σ')),
  },
  splitSectors: { of: ([k]) => [(k as number) <= 4 ? 'k small' : 'k middle'], all: ['k small', 'k middle'] },
  joinSectors: { of: ([k]) => [(k as number) <= 4 ? 'k small' : 'k middle'], all: ['k small', 'k middle'] },
  marginClock: {
    of: ([model], inner) => {
      const { classes, noise, correlation } = model as Point;
      const at = inner === undefined ? [] : [ofTime(inner[0] as number)];
      return isFlat(correlation) ? [ofClasses(classes), ofNoise(noise), ...at] : ['ρ ≠ 0'];
    },
    all: [...sizes('k'), ...sizes('σ'), ...sizes('t'), 'ρ ≠ 0'],
  },
  flowLogTime: {
    of: ([model, margin]) => {
      const { classes, noise, correlation } = model as Point;
      return crossing.of([classes, noise, correlation, margin]);
    },
    all: crossing.all,
  },
  boundary: crossing,
  firstCrossing: crossing,
  smallNoiseLaw: {
    of: ([k]) => [(k as number) === 2 ? 'k = 2' : ofClasses(k as number)],
    all: ['k = 2', ...sizes('k')],
  },
  phaseDiagram: {
    of: ([options]) => {
      const { classes, noises, correlation } = options as {
        classes: number;
        noises: readonly number[];
        correlation?: number;
      };
      return [ofClasses(classes), ofNoise(noises[0]!), isFlat(correlation) ? 'ρ = 0' : 'ρ ≠ 0'];
    },
    all: [...sizes('k'), ...sizes('σ'), 'ρ = 0', 'ρ ≠ 0'],
  },
  linearResponse: responseAt,
  noiselessResponse: byClasses,
  sectorName: nowhere,
  collapse: slices,
  collapses: { of: slices.of, all: ['k middle', 'k large', 'σ middle', 'σ large'] },
  // The noise of SGD
  gradientCovariance: {
    of: ([at]) => {
      const { classes, noise, correlation = 0, bias = false } = at as Point;
      const angle = isFlat(correlation) ? [] : [`ρ ${correlation < 0 ? '< 0' : '> 0'}`];
      return [ofClasses(classes), ofNoise(noise), ofMargin(at as Point), ...angle, ...(bias ? ['biases'] : [])];
    },
    all: [...sizes('k'), ...sizes('σ'), ...sizes('α/α*'), 'ρ < 0', 'ρ > 0', 'biases'],
  },
  classCosine: {
    of: ([at]) => [
      ofClasses((at as Point).classes),
      ofNoise((at as Point).noise),
      ...((at as Point).margin === 0 ? [] : [ofMargin(at as Point)]),
    ],
    all: [...sizes('k'), ...sizes('σ'), ...sizes('α/α*')],
  },
  stationaryVariance: { of: ([lambda, , rule]) => stepOfSgd(lambda, rule), all: stepsOfSgd },
  stationaryEnergy: { of: ([lambda, , rule]) => stepOfSgd(lambda, rule), all: stepsOfSgd },
  noiseGain: { of: ([lambda, rule]) => stepOfSgd(lambda, rule), all: stepsOfSgd },
  stationaryNoise: {
    of: ([at, rule]) => {
      const { classes, noise } = at as Point;
      return [ofClasses(classes), ofNoise(noise), ruleName(rule), ...anglesAndBiases(at as Point)];
    },
    all: [...sizes('k'), ...sizes('σ'), 'limit', 'plain', 'heavy ball', 'ρ ≠ 0', 'biases'],
  },
  noiseAlongFlow: everywhere,
  noiseOfSteps: {
    of: ([model, rule]) => [ofClasses((model as Point).classes), ruleName(rule), ...anglesAndBiases(model as Point)],
    all: ['k small', 'k middle', 'plain', 'heavy ball', 'ρ ≠ 0', 'biases'],
  },
  noisePath: everywhere,
  noiseTakeover: everywhere,
  noisePhase: everywhere,
  noiselessSgdNoise: {
    of: ([at, , path]) => bySymmetricPoint.of([at]).map((one) => `${one}, ${path as string}`),
    all: product(bySymmetricPoint.all, ['flow', 'rest']),
  },
  shuffledVariance: {
    of: ([lambda, , rule]) => {
      const { learningRate, batch, samples } = rule as { learningRate: number; batch: number; samples: number };
      return [size('ηλm', (learningRate * (lambda as number) * samples) / batch, 0.1, 3)];
    },
    all: sizes('ηλm'),
  },
  updateCovariance: {
    of: ([lambda, , rule]) => stepOfSgd(lambda, rule),
    all: product(['plain', 'heavy ball'], sizes('ηλ')),
  },
  varianceAfter: {
    of: ([steps, , lambda, c, rule]) => {
      const { learningRate } = rule as { learningRate: number };
      const x = learningRate * (lambda as number) * (steps as number);
      return [`${c === 0 ? 'quench' : 'noise'}, ${size('ηλn', x, 0.1, 1)}`];
    },
    all: product(['quench', 'noise'], sizes('ηλn')),
  },
  expectedFraction: byCut,
  gaussianFraction: byCut,
  gaussianOverlap: { of: gaussianGradient, all: ['flow', 'no flow', ...sizes('n')] },
  // Mixtures
  mixtureFromGram: {
    of: ([at]) => [`k = ${(at as { noises: readonly number[] }).noises.length}`],
    all: ['k = 2', 'k = 3', 'k = 5'],
  },
  populationPoint: {
    of: ([model]) => mixture(model),
    all: [
      'k = 2',
      'k = 3',
      'k = 5',
      'priors equal',
      'priors unequal',
      'noises equal',
      'noises unequal',
      'shape none',
      'shape given',
    ],
  },
  tensorHermite: { of: ([nodes]) => [size('n', nodes as number, 2, 10)], all: sizes('n') },
  shiftedLattices: everywhere,
  // Observables
  topFraction: byDimension(),
  energyFraction: byDimension(),
  dominance: byDimension(),
  pastFractions: byDimension(),
  predictedChange: byDimension(),
  subspaceOverlap: byDimension(),
  gradientHessianOverlap: byDimension(),
  measuredSpectrum: byDimension(),
  denseEigen: byDimension(),
  participationRatio: byDimension(),
  effectiveRank: byDimension(),
  effectiveDimension: byDimension(),
  matrixDimension: {
    of: ([at]) => [
      `columns ${(at as { rows: number; columns: number }).columns > (at as { rows: number }).rows ? 'many' : 'few'}`,
    ],
    all: ['columns few', 'columns many'],
  },
  updateSpectrum: {
    of: ([updates]) => [size('w', (updates as readonly unknown[]).length, 6, 8)],
    all: ['w small', 'w middle'],
  },
  edgeDirections: {
    of: ([updates]) => [size('w', (updates as readonly unknown[]).length, 6, 8)],
    all: ['w small', 'w middle'],
  },
  spectralEdge: { of: ([, w]) => [size('w', w as number, 6, 8)], all: ['w small', 'w middle'] },
  randomFractionNull: everywhere,
  randomOverlapNull: everywhere,
  linearSpectrumOverlapNull: { of: ([k]) => [size('k', k as number, 4, 100)], all: sizes('k') },
};

import { laws, type Laws } from '../laws.js';

type NoisyPoint = Parameters<Laws['noisyLevels']>[0];
type NoisyLevel = ReturnType<Laws['noisyLevels']>['levels'][number];

/** A library that is broken in one place, by what is wrong there, and the theorem that must notice. */
export type BrokenLaws = Readonly<Record<string, { readonly broken: Partial<Laws>; readonly caughtBy: string }>>;

export const rescaled = (x: Float64Array, factor: number): Float64Array => x.map((value) => value * factor);

/** noisyLevels with its levels changed one by one. */
export const withNoisyLevels = (f: (level: NoisyLevel, point: NoisyPoint) => NoisyLevel): Partial<Laws> => ({
  noisyLevels: (point, digits) => {
    const spectrum = laws.noisyLevels(point, digits);
    const levels = spectrum.levels.map((level) => f(level, point)).sort((x, y) => y.ratio - x.ratio);
    return { ...spectrum, levels };
  },
});
export const enlarged = (level: NoisyLevel, factor: number): NoisyLevel => ({
  ...level,
  value: factor * level.value,
  ratio: factor * level.ratio,
});

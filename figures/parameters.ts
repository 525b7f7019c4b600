import { UsageError } from '../src/errors.js';

/** What a figure may be asked to draw otherwise. A figure names those it takes, with their defaults. */
export const figureParameters = {
  classes: { symbol: 'K', about: 'classes k', isInteger: true, low: 2, high: 100 },
  dim: { symbol: 'D', about: 'input features d, at least k', isInteger: true, low: 2, high: 1e6 },
  noise: { symbol: 'SIGMA', about: 'noise σ of a feature', isInteger: false, low: 0.05, high: 3 },
  scale: { symbol: 'DELTA', about: 'standard deviation of the entries of W(0)', isInteger: false, low: 1e-6, high: 10 },
  margin: { symbol: 'ALPHA', about: 'margin α of the start W = αB', isInteger: false, low: 0, high: 100 },
  draws: { symbol: 'N', about: 'random starts or data sets that are averaged', isInteger: true, low: 1, high: 10_000 },
} as const;

export type FigureParameter = keyof typeof figureParameters;

/** Values of some parameters. */
export type FigureValues = Readonly<Partial<Record<FigureParameter, number>>>;

/** What a figure takes: defaults, and bounds that are narrower than those of the parameter. */
export interface TakenParameters {
  readonly defaults: FigureValues;
  readonly bounds?: Readonly<Partial<Record<FigureParameter, readonly [low: number, high: number]>>>;
}

export const parameterNames = Object.keys(figureParameters) as FigureParameter[];

/**
 * The values a figure is drawn with: those given, else its defaults; d grows to k where only k is given.
 *
 * Throws UsageError for a parameter that the figure does not take, or a value it cannot draw.
 */
export function valuesFor(id: string, { defaults, bounds = {} }: TakenParameters, given: FigureValues): FigureValues {
  const taken = parameterNames.filter((name) => defaults[name] !== undefined);
  for (const name of parameterNames) {
    const value = given[name];
    if (value === undefined) continue;
    if (!taken.includes(name)) {
      const others = taken.map((one) => `--${one}`).join(', ');
      throw new UsageError(
        `the figure '${id}' takes no --${name}; it takes ${others === '' ? 'no parameter' : others}. Choose figures with --only`,
      );
    }
    const { isInteger, low, high } = figureParameters[name];
    const [least, most] = bounds[name] ?? [low, high];
    if (!(value >= least && value <= most) || (isInteger && !Number.isInteger(value))) {
      throw new UsageError(
        `the figure '${id}' takes ${isInteger ? 'an integer' : 'a number'} from ${least} to ${most} as --${name}, received ${value}; for example ${defaults[name]!}`,
      );
    }
  }
  const values = { ...defaults, ...given };
  if (values.dim === undefined || values.classes === undefined || values.dim >= values.classes) return values;
  if (given.dim === undefined) return { ...values, dim: values.classes };
  throw new UsageError(`--dim must be at least --classes, received ${values.dim} and ${values.classes}`);
}

import type { Figure } from '../../../../figures/figure.js';
import type { Job } from '../../../jobs/job.js';
import type {
  About,
  Claim,
  Experiment,
  Measurement,
  ReproducedFigure,
  Results,
  Scale,
  Statement,
} from './experiment.js';

/** Tasks by name: a list for each, one task for each seed. */
export type Needs = Readonly<Record<string, readonly Job[]>>;

type ResultOf<T> = T extends Job<infer R> ? R : never;

/** What the tasks of these names gave, under the same names: one result for each seed. */
export type ResultsOf<N extends Needs, K extends keyof N = keyof N> = {
  readonly [Name in K]: readonly ResultOf<N[Name][number]>[];
};

/** The same of the first seed alone. */
export type FirstOf<N extends Needs, K extends keyof N = keyof N> = {
  readonly [Name in K]: ResultOf<N[Name][number]>;
};

/** Declares a claim: the names it uses of what the experiment needs, and what it finds in their results. */
export type DeclareClaim<N extends Needs> = <const U extends readonly (keyof N & string)[]>(
  claim: Statement & {
    readonly uses: U;
    readonly measure: (results: ResultsOf<N, U[number]>, scale: Scale) => Measurement;
  },
) => Claim;

/** Declares a figure: of the first seed, drawn from `data`, plain JSON. */
export type DeclareFigure<N extends Needs> = <const U extends readonly (keyof N & string)[], D>(figure: {
  readonly id: string;
  readonly uses: U;
  readonly data: (results: FirstOf<N, U[number]>) => D;
  readonly draw: (data: D) => Figure;
}) => ReproducedFigure;

/** Declares a figure of all seeds. */
export type DeclareFigureOfAll<N extends Needs> = <const U extends readonly (keyof N & string)[], D>(figure: {
  readonly id: string;
  readonly uses: U;
  readonly data: (results: ResultsOf<N, U[number]>) => D;
  readonly draw: (data: D) => Figure;
}) => ReproducedFigure;

export interface Declaration<N extends Needs> extends About {
  /** Everything that is run for it. A claim or figure has only what it uses run, so that it can be run alone. */
  readonly needs: (scale: Scale) => N;
  readonly claims: (claim: DeclareClaim<N>) => readonly Claim[];
  readonly figures?: (figure: DeclareFigure<N>, figureOfAll: DeclareFigureOfAll<N>) => readonly ReproducedFigure[];
}

/**
 * An experiment from its declaration: names and results are typed from `needs` to `measure` and `data`. What a claim uses is run one seed after
 * the other.
 */
export function experiment<N extends Needs>({ needs, claims, figures, ...about }: Declaration<N>): Experiment {
  const named = (uses: readonly (keyof N & string)[], scale: Scale): [string, readonly Job[]][] => {
    const all = needs(scale);
    return uses.map((name): [string, readonly Job[]] => [name, all[name]!]);
  };
  const tasksOf = (uses: readonly (keyof N & string)[], scale: Scale): readonly Job[] =>
    seedBySeed(named(uses, scale).map(([, tasks]) => tasks));
  const resultsOf = <U extends keyof N & string>(uses: readonly U[], found: Results, scale: Scale): ResultsOf<N, U> => {
    const results = named(uses, scale).map(([name, tasks]) => [name, tasks.map((task) => found.of(task).result)]);
    return Object.fromEntries(results) as ResultsOf<N, U>;
  };
  const claim: DeclareClaim<N> = ({ uses, measure, ...statement }) => ({
    ...statement,
    tasks: (scale) => tasksOf(uses, scale),
    measure: (found, scale) => measure(resultsOf(uses, found, scale), scale),
  });
  const figure: DeclareFigure<N> = ({ id, uses, data, draw }) => ({
    id,
    tasks: (scale) => named(uses, scale).map(([, tasks]) => tasks[0]!),
    data: (found, scale) => {
      const results = named(uses, scale).map(([name, tasks]) => [name, found.of(tasks[0]!).result]);
      return data(Object.fromEntries(results) as Parameters<typeof data>[0]);
    },
    draw: (kept) => draw(kept as Parameters<typeof draw>[0]),
  });
  const figureOfAll: DeclareFigureOfAll<N> = ({ id, uses, data, draw }) => ({
    id,
    tasks: (scale) => tasksOf(uses, scale),
    data: (found, scale) => data(resultsOf(uses, found, scale)),
    draw: (kept) => draw(kept as Parameters<typeof draw>[0]),
  });
  return { ...about, claims: claims(claim), figures: figures?.(figure, figureOfAll) ?? [] };
}

/** The first of each list, then the second of each, …. */
function seedBySeed(lists: readonly (readonly Job[])[]): Job[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, seed) => lists.flatMap((list) => list.slice(seed, seed + 1))).flat();
}

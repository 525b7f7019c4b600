import { exactFlow, exactSnapshot, randomWeights } from '../exact/noiseless/index.js';
import { gradientHessianOverlap } from '../observe/gradient-hessian-overlap.js';
import { topFraction } from '../observe/top-fraction.js';
import { interval, printLine, printTable, short } from './output.js';

/** One quantity over the draws of W(0): mean with its standard error, and 5 %, 50 % and 95 % quantiles. */
export interface DrawStatistics {
  readonly mean: number;
  readonly standardError: number;
  readonly quantiles: readonly [number, number, number];
}

const quantities = ['loss', 'error', 'gradientNorm', 'overlapGradientHessianGradient'] as const;

/** One time; f_top(k) as an interval has two ends. */
export type DrawnState = Readonly<Record<(typeof quantities)[number], DrawStatistics>> & {
  readonly time: number;
  readonly topFraction: { readonly lower: DrawStatistics; readonly upper: DrawStatistics; readonly null: number };
};

/** What `solve --draws` prints: the contract for scripts. */
export interface DrawsDocument {
  readonly model: {
    readonly classes: number;
    readonly dim: number;
    readonly initial: string;
    readonly draws: number;
    readonly seed: number;
  };
  readonly states: readonly DrawnState[];
}

/** The exact solution from `draws` independent W(0), the first of which is that of a single `solve`. */
export function solveDraws(model: DrawsDocument['model'], scale: number, times: readonly number[]): DrawsDocument {
  const { classes: k, dim, draws, seed } = model;
  const solved = Array.from({ length: draws }, (_, draw) => {
    const flow = exactFlow(k, randomWeights(k, scale, seed, ...(draw === 0 ? [] : [draw]))); // the first is that of `solve`
    return times.map((time) => {
      const state = flow.at(time);
      const snapshot = exactSnapshot(state, dim);
      const { lower, upper } = topFraction(snapshot, k);
      return {
        loss: state.loss,
        error: state.errors.reduce((sum, e) => sum + e, 0) / k,
        gradientNorm: state.gradientNorm,
        overlapGradientHessianGradient: gradientHessianOverlap(snapshot),
        lower,
        upper,
      };
    });
  });
  const states = times.map((time, i): DrawnState => {
    const of = (name: keyof (typeof solved)[number][number]) => statistics(solved.map((draw) => draw[i]![name]));
    const [loss, error, gradientNorm, overlapGradientHessianGradient] = quantities.map(of) as [
      DrawStatistics,
      DrawStatistics,
      DrawStatistics,
      DrawStatistics,
    ];
    const fraction = { lower: of('lower'), upper: of('upper'), null: 1 / dim };
    return { time, loss, error, gradientNorm, topFraction: fraction, overlapGradientHessianGradient };
  });
  return { model, states };
}

function statistics(values: readonly number[]): DrawStatistics {
  const n = values.length;
  const ascending = [...values].sort((x, y) => x - y);
  const mean = ascending.reduce((sum, x) => sum + x, 0) / n;
  const variance = ascending.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const quantile = (p: number): number => {
    const at = p * (n - 1);
    const [below, above] = [ascending[Math.floor(at)]!, ascending[Math.ceil(at)]!];
    return below + (at - Math.floor(at)) * (above - below);
  };
  return {
    mean,
    standardError: Math.sqrt(variance / n),
    quantiles: [quantile(0.05), quantile(0.5), quantile(0.95)],
  };
}

export function printDraws({ model, states }: DrawsDocument): void {
  const { classes: k, dim, initial, draws } = model;
  printLine(`${k} classes in ${dim} dimensions, no noise, W(0) ${initial}, ${draws} draws`);
  printLine();
  const withError = ({ mean, standardError }: DrawStatistics): string => `${short(mean)} ± ${short(standardError, 2)}`;
  printTable(
    ['t', 'loss', 'p(wrong)', '‖G‖', `mean f_top(${k})`, '±', '5 %', 'median', '95 %', 'random', 'overlap(g,Hg)'],
    states.map((s) => {
      const { lower, upper } = s.topFraction;
      return [
        short(s.time),
        withError(s.loss),
        withError(s.error),
        withError(s.gradientNorm),
        interval({ lower: lower.mean, upper: upper.mean }),
        short(lower.standardError, 2),
        ...lower.quantiles.map((q) => short(q, 4)),
        short(s.topFraction.null),
        withError(s.overlapGradientHessianGradient),
      ];
    }),
  );
  if (states.some((s) => s.topFraction.upper.mean - s.topFraction.lower.mean > 1e-6))
    printLine('Quantiles are those of the lower end of f_top.');
}

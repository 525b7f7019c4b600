import { exactFlow, exactSnapshot, randomWeights } from '../../exact/noiseless/index.js';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import { topFraction } from '../../observe/top-fraction.js';

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

/** One draw at one time; f_top(k) by its ends. */
export type DrawnValues = Readonly<Record<(typeof quantities)[number] | 'lower' | 'upper', number>>;

/** The exact solution from one W(0) after another, at each of the times; the first is that of a single `solve`. */
export function* solvedDraws(
  { classes: k, dim, draws, seed }: DrawsDocument['model'],
  scale: number,
  times: readonly number[],
): Generator<DrawnValues[]> {
  for (let draw = 0; draw < draws; draw++) {
    const flow = exactFlow(k, randomWeights(k, scale, seed, ...(draw === 0 ? [] : [draw])));
    yield times.map((time) => {
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
  }
}

/** The exact solution from `draws` independent W(0), the first of which is that of a single `solve`. */
export function solveDraws(model: DrawsDocument['model'], scale: number, times: readonly number[]): DrawsDocument {
  const { dim } = model;
  const solved = [...solvedDraws(model, scale, times)];
  const states = times.map((time, i): DrawnState => {
    const of = (name: keyof DrawnValues) => drawStatistics(solved.map((draw) => draw[i]![name]));
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

/** Of one quantity over the draws. */
export function drawStatistics(values: readonly number[]): DrawStatistics {
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

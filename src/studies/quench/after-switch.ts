import type { BatchGradient } from '../../loss/objective.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { randomStream } from '../../numeric/random.js';
import { sampleMean } from '../../numeric/statistics/confidence-interval.js';
import { atStart, descent } from '../../train/descent.js';
import { shareOfTop, type RelaxedEnergies, type SwitchedRule } from './relaxation.js';

/** What is descended on: gradients of batches, given as rows, and of all samples. Without statistics of batches. */
export interface SwitchedLoss<V extends FloatArray> {
  readonly samples: number;
  readonly batchGradient: (weights: V, rows: Uint32Array, step: number) => Promise<Omit<BatchGradient, 'statistics'>>;
  readonly evaluate: (weights: V) => Promise<{ readonly loss: number; readonly gradient: Float64Array }>;
}

/** How a descent goes on from weights. */
export interface Switch {
  readonly rule: SwitchedRule;
  /** At which steps after the switch energies are taken, ascending; the descent ends at the last. */
  readonly steps: readonly number[];
  /** Of the gradient of all samples. */
  readonly energiesOf: (gradient: Float64Array) => Omit<RelaxedEnergies, 'step'>;
  /** Keys the batches. */
  readonly seed: number;
  readonly repeat?: number;
}

/** Energies as measured, and where the descent ended. */
export interface AfterSwitch<V extends FloatArray> {
  readonly energies: readonly RelaxedEnergies[];
  readonly weights: V;
}

/**
 * SGD from weights on under another rule, each batch drawn with replacement. Throws NumericalError where it diverges. Cost: a gradient of the batch for each step, and of all
 * samples for each step that is measured.
 */
export async function afterSwitch<V extends FloatArray>(
  { samples, batchGradient, evaluate }: SwitchedLoss<V>,
  weights: V,
  { rule: { learningRate, batch }, steps, energiesOf, seed, repeat = 0 }: Switch,
): Promise<AfterSwitch<V>> {
  const rowsAt = (step: number, count: number): Uint32Array => {
    const stream = randomStream(seed, 'after the switch', repeat, step);
    return Uint32Array.from({ length: count }, () => stream.integer(samples));
  };
  const states = descent(atStart(weights), {
    rate: () => learningRate,
    gradient: async ({ weights: at, step }) => ({
      ...(batch === null ? await evaluate(at) : await batchGradient(at, rowsAt(step, batch), step)),
      statistics: {},
    }),
  });
  const energies: RelaxedEnergies[] = [];
  const last = steps.at(-1) ?? 0;
  for await (const { step, weights: at } of states) {
    if (steps.includes(step)) energies.push({ step, ...energiesOf((await evaluate(at)).gradient) });
    if (step === last) return { energies, weights: at };
  }
  return { energies, weights };
}

/** Means over repeats, and their standard errors. */
export interface MeanEnergies {
  readonly mean: RelaxedEnergies;
  readonly errors: Omit<RelaxedEnergies, 'step'>;
  /** Of the whole top space. */
  readonly topError: number;
  /** Share of the mean energies in the top space, with its standard error by the jackknife over repeats. */
  readonly topFraction: { readonly value: number; readonly standardError: number };
}

/** Over repeats with the same steps. Errors are NaN for one repeat. */
export function meanEnergies(repeats: readonly (readonly RelaxedEnergies[])[]): MeanEnergies[] {
  return repeats[0]!.map(({ step, top }, n) => {
    const states = repeats.map((one) => one[n]!);
    const tops = top.map((_, i) => sampleMean(states.map((state) => state.top[i]!)));
    const rest = sampleMean(states.map((state) => state.rest));
    const sums = states.map((state) => state.top.reduce((sum, energy) => sum + energy, 0));
    const whole = { top: sums.reduce((sum, x) => sum + x, 0), rest: rest.value * states.length };
    const left = states.map((state, r) => shareOfTop({ top: [whole.top - sums[r]!], rest: whole.rest - state.rest }));
    const middle = left.reduce((sum, x) => sum + x, 0) / left.length;
    const scatter = left.reduce((sum, x) => sum + (x - middle) ** 2, 0);
    return {
      mean: { step, top: tops.map(({ value }) => value), rest: rest.value },
      errors: { top: tops.map(({ standardError }) => standardError), rest: rest.standardError },
      topError: sampleMean(sums).standardError,
      topFraction: {
        value: shareOfTop({ top: [whole.top], rest: whole.rest }),
        standardError: Math.sqrt(((left.length - 1) / left.length) * scatter),
      },
    };
  });
}

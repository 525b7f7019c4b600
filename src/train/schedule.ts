import { UsageError } from '../errors.js';
import { entryOf } from '../registry.js';
import { checkNumbers, positiveInteger, positiveNumber } from './number-range.js';
import { rateRule, type ChosenRate, type RateRule } from './rate-rule.js';

const rate = { ...positiveNumber, most: 1e6 } as const;

/** The schedules that a configuration may name. */
export const schedules = [
  rateRule({ name: 'constant', help: 'η_t = rate', numbers: { rate }, rateAt: ({ rate: constant }) => constant }),
  rateRule({
    name: 'step',
    help: 'η_t = rate · factor^⌊t/every⌋',
    numbers: { rate, factor: rate, every: positiveInteger },
    rateAt: ({ rate: first, factor, every }, t) => first * factor ** Math.floor(t / every),
  }),
  rateRule({
    name: 'cosine',
    help: 'η_t = last + (rate − last)(1 + cos(π t/steps))/2, and `last` from `steps` on',
    source: 'Loshchilov & Hutter 2017, Eq. (5)',
    numbers: { rate, last: { from: 0 }, steps: positiveInteger },
    rateAt: ({ rate: first, last, steps }, t) =>
      t >= steps ? last : last + ((first - last) * (1 + Math.cos((Math.PI * t) / steps))) / 2,
  }),
] as const;

/** A schedule without warm-up, as plain JSON: `{ kind: 'constant', rate: 0.1 }`. */
export type PlainSchedule = ChosenRate<(typeof schedules)[number]>;

/** How the learning rate η_t depends on the step t = 0, 1, 2, …, as plain JSON. */
export type Schedule =
  | PlainSchedule
  /** η_t = min(1, (t + 1)/steps) times what `then` gives at t (Goyal et al. 2017, §2.2). */
  | { readonly kind: 'warmup'; readonly steps: number; readonly then: Schedule };

/**
 * t → η_t, a function of t alone, so that a resumed run goes on as if it had not stopped. Throws UsageError for rates and factors
 * that are not finite and positive (`last` may be 0), for lengths that are not positive integers, and for a t that is no step.
 */
export function learningRates(schedule: Schedule): (step: number) => number {
  const rateAt = rateFunction(schedule);
  return (step) => {
    if (!Number.isInteger(step) || step < 0) throw new UsageError(`a step is an integer from 0 on, received ${step}`);
    return rateAt(step);
  };
}

/** The learning rates of a configuration: its schedule, behind its warm-up. Throws UsageError as `learningRates` does. */
export const configuredRates = ({
  schedule,
  warmup,
}: {
  readonly schedule: PlainSchedule;
  readonly warmup?: number;
}): ((step: number) => number) =>
  learningRates(warmup === undefined ? schedule : { kind: 'warmup', steps: warmup, then: schedule });

function rateFunction(schedule: Schedule): (step: number) => number {
  const owner = `the schedule '${schedule.kind}'`;
  if (schedule.kind === 'warmup') {
    const { steps, then } = schedule;
    const later = rateFunction(then);
    checkNumbers(owner, { steps: positiveInteger }, { steps });
    return (t) => Math.min(1, (t + 1) / steps) * later(t);
  }
  const { kind, ...numbers } = schedule;
  const rule = entryOf<RateRule>('schedule', schedules as readonly unknown[] as readonly RateRule[], kind);
  checkNumbers(owner, rule.numbers, numbers);
  return (t) => rule.rateAt(numbers, t);
}

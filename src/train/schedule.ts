import { UsageError } from '../errors.js';

/** How the learning rate η_t depends on the step t = 0, 1, 2, …, as plain JSON. */
export type Schedule =
  /** η_t = rate. */
  | { readonly kind: 'constant'; readonly rate: number }
  /** η_t = rate · factor^⌊t/every⌋. */
  | { readonly kind: 'step'; readonly rate: number; readonly factor: number; readonly every: number }
  /** η_t = last + (rate − last)(1 + cos(π t/steps))/2, and `last` from `steps` on (Loshchilov & Hutter 2017, Eq. (5)). */
  | { readonly kind: 'cosine'; readonly rate: number; readonly last: number; readonly steps: number }
  /** η_t = min(1, (t + 1)/steps) times what `then` gives at t (Goyal et al. 2017, §2.2). */
  | { readonly kind: 'warmup'; readonly steps: number; readonly then: Schedule };

/**
 * t → η_t, a function of t alone, so that a resumed run goes on as if it had not stopped. Throws UsageError for rates and factors
 * that are not finite and positive (`last` may be 0), for lengths that are not positive integers, and for a t that is no step.
 */
export function learningRates(schedule: Schedule): (step: number) => number {
  checkSchedule(schedule);
  return (step) => {
    if (!Number.isInteger(step) || step < 0) throw new UsageError(`a step is an integer from 0 on, received ${step}`);
    return rateAt(schedule, step);
  };
}

function rateAt(schedule: Schedule, t: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'step':
      return schedule.rate * schedule.factor ** Math.floor(t / schedule.every);
    case 'cosine': {
      const { rate, last, steps } = schedule;
      return t >= steps ? last : last + ((rate - last) * (1 + Math.cos((Math.PI * t) / steps))) / 2;
    }
    case 'warmup':
      return Math.min(1, (t + 1) / schedule.steps) * rateAt(schedule.then, t);
  }
}

function checkSchedule(schedule: Schedule): void {
  const { kind } = schedule;
  if (kind === 'warmup') checkSchedule(schedule.then);
  else check(kind, 'rate', schedule.rate, 'a number above 0', positive(schedule.rate));
  if (kind === 'step') {
    check(kind, 'factor', schedule.factor, 'a number above 0', positive(schedule.factor));
    check(kind, 'every', schedule.every, 'a positive integer', Number.isInteger(schedule.every) && schedule.every >= 1);
  }
  if (kind === 'cosine') {
    check(kind, 'last', schedule.last, 'a number from 0 on', schedule.last === 0 || positive(schedule.last));
  }
  if (kind === 'cosine' || kind === 'warmup') {
    check(kind, 'steps', schedule.steps, 'a positive integer', Number.isInteger(schedule.steps) && schedule.steps >= 1);
  }
}

function positive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function check(kind: string, field: string, value: number, legal: string, isLegal: boolean): void {
  if (!isLegal) throw new UsageError(`${field} of the schedule '${kind}' must be ${legal}, received ${value}`);
}

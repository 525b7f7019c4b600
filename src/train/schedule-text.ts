import { UsageError } from '../errors.js';
import type { PlainSchedule } from './schedule.js';

/** How schedules are written on the command line, without the rate that they begin at. */
export const scheduleTexts = 'constant, step:FACTOR,EVERY or cosine:STEPS[,LAST]';

/**
 * The schedule of a text: `constant`; `step:0.5,1000`, times FACTOR every so many steps; `cosine:2000` or `cosine:2000,1e-5`, to LAST (0) in STEPS.
 * Throws UsageError for any other text; whether its numbers are legal is for the configuration to say.
 */
export function scheduleOf(text: string, rate: number): PlainSchedule {
  const [name, argument, ...rest] = text.split(':');
  const numbers =
    argument === undefined ? [] : argument.split(',').map((part) => (/^[\d.e+-]+$/i.test(part) ? Number(part) : NaN));
  const [first, second] = numbers;
  if (rest.length === 0 && !numbers.some(Number.isNaN)) {
    if (name === 'constant' && numbers.length === 0) return { kind: 'constant', rate };
    if (name === 'step' && numbers.length === 2) return { kind: 'step', rate, factor: first!, every: second! };
    if (name === 'cosine' && (numbers.length === 1 || numbers.length === 2)) {
      return { kind: 'cosine', rate, last: second ?? 0, steps: first! };
    }
  }
  throw new UsageError(`'${text}' is no schedule; legal are ${scheduleTexts}, for example cosine:1000`);
}

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { learningRates, type PlainSchedule, type Schedule } from '../../src/train/schedule.js';
import { scheduleOf } from '../../src/train/schedule-text.js';

const rates = (schedule: Schedule, steps: readonly number[]): number[] => steps.map(learningRates(schedule));

describe('learningRates', () => {
  it('stays constant', () => {
    expect(rates({ kind: 'constant', rate: 0.1 }, [0, 1, 1e9])).toEqual([0.1, 0.1, 0.1]);
  });

  it('decays by a factor every so many steps', () => {
    const schedule: Schedule = { kind: 'step', rate: 0.8, factor: 0.5, every: 10 };
    expect(rates(schedule, [0, 9, 10, 19, 20, 30])).toEqual([0.8, 0.8, 0.4, 0.4, 0.2, 0.1]);
  });

  it('falls along half a cosine from the rate to the last rate, and stays there', () => {
    const schedule: Schedule = { kind: 'cosine', rate: 1, last: 0.2, steps: 12 };
    const expected = [1, 0.2 + 0.4 * (1 + Math.sqrt(3) / 2), 0.2 + 0.4 * 1.5, 0.6, 0.2 + 0.4 * 0.5, 0.2, 0.2];
    rates(schedule, [0, 2, 4, 6, 8, 12, 500]).forEach((rate, i) => {
      expect(Math.abs(rate - expected[i]!)).toBeLessThan(4 * Number.EPSILON);
    });
    const all = rates(
      schedule,
      Array.from({ length: 13 }, (_, t) => t),
    );
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    expect(rates({ ...schedule, last: 0 }, [12])).toEqual([0]);
  });

  it('warms up linearly, in front of any schedule, which is not delayed', () => {
    const then: Schedule = { kind: 'step', rate: 1, factor: 0.5, every: 6 };
    const schedule: Schedule = { kind: 'warmup', steps: 4, then };
    expect(rates(schedule, [0, 1, 2, 3, 4, 5, 6])).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 0.5]);
    expect(rates({ kind: 'warmup', steps: 2, then: schedule }, [0, 1])).toEqual([0.125, 0.5]);
  });

  it('names the field, the range and the value of what is illegal, also inside a warmup', () => {
    const refuse = (schedule: Schedule, message: RegExp): void => {
      expect(() => learningRates(schedule)).toThrow(UsageError);
      expect(() => learningRates({ kind: 'warmup', steps: 1, then: schedule })).toThrow(message);
    };
    refuse({ kind: 'constant', rate: 0 }, /rate of the schedule 'constant' must be a number above 0, received 0/);
    refuse({ kind: 'constant', rate: NaN }, /received NaN/);
    refuse({ kind: 'step', rate: 1, factor: -1, every: 1 }, /factor of the schedule 'step'/);
    refuse({ kind: 'step', rate: 1, factor: 1, every: 0.5 }, /every of .* a positive integer, received 0.5/);
    refuse({ kind: 'cosine', rate: 1, last: -1, steps: 5 }, /last of .* a number from 0 on, received -1/);
    refuse({ kind: 'cosine', rate: 1, last: 0, steps: 0 }, /steps of the schedule 'cosine'/);
    refuse({ kind: 'warmup', steps: 0, then: { kind: 'constant', rate: 1 } }, /steps of the schedule 'warmup'/);
    expect(() => rates({ kind: 'constant', rate: 1 }, [-1])).toThrow(/a step is an integer from 0 on, received -1/);
  });
});

describe('schedules on the command line', () => {
  it.each<[string, PlainSchedule]>([
    ['constant', { kind: 'constant', rate: 0.3 }],
    ['step:0.5,1000', { kind: 'step', rate: 0.3, factor: 0.5, every: 1000 }],
    ['cosine:200', { kind: 'cosine', rate: 0.3, last: 0, steps: 200 }],
    ['cosine:200,1e-5', { kind: 'cosine', rate: 0.3, last: 1e-5, steps: 200 }],
  ])('%s', (text, schedule) => {
    expect(scheduleOf(text, 0.3)).toEqual(schedule);
  });

  it.each([
    '',
    'linear',
    'constant:1',
    'step:0.5',
    'cosine',
    'cosine:',
    'cosine:1,2,3',
    'cosine:x',
    'cosine:1:2',
    'cosine:5, ',
    'cosine:0x10',
  ])("refuses '%s'", (text) => {
    expect(() => scheduleOf(text, 0.3)).toThrow(/legal are constant, step:FACTOR,EVERY or cosine:STEPS\[,LAST\]/);
  });
});

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/errors.js';
import { judge, shownTarget } from '../../../../src/studies/reproduce/engine/verdict.js';

describe('judge', () => {
  it('gives mean and standard deviation of the seeds', () => {
    expect(judge({ kind: 'none' }, [0.9, 0.94])).toEqual({
      ours: 0.9199999999999999,
      spread: expect.closeTo(0.04 / Math.SQRT2, 12) as number,
      verdict: 'shown',
    });
    expect(judge({ kind: 'none' }, [0.5]).spread).toBe(0);
  });

  it('allows half a unit of the last printed digit and twice the spread, of which one unit counts', () => {
    const paper = { kind: 'value', value: 0.96 } as const;
    expect(judge(paper, [0.9651]).verdict).toBe('outside');
    expect(judge(paper, [0.9649]).verdict).toBe('within');
    expect(judge(paper, [0.952, 0.948]).verdict).toBe('within'); // mean 0.95, 2 s = 0.0057
    expect(judge(paper, [0.956, 0.9361]).verdict).toBe('within'); // mean 0.94605, 2 s = 0.028, of which 0.01
    expect(judge(paper, [0.955, 0.9345]).verdict).toBe('outside'); // mean 0.94475
    expect(judge(paper, [0.937, 0.923]).verdict).toBe('outside'); // mean 0.93, 2 s = 0.020
    expect(judge(paper, [0.946, 0.944]).verdict).toBe('outside');
  });

  it('never excuses the farther of two values by its scatter', () => {
    const paper = { kind: 'value', value: 0.86 } as const;
    expect(judge(paper, [0.8892, 0.8894]).verdict).toBe('outside'); // 0.029 off
    expect(judge(paper, [0.885, 0.9076]).verdict).toBe('outside'); // 0.036 off, 2 s = 0.032
    for (const scatter of [0, 0.001, 0.01, 0.1]) {
      expect(judge(paper, [0.8751 - scatter, 0.8753 + scatter]).verdict).toBe('outside');
    }
  });

  it('holds a bound against every seed, not against their mean', () => {
    const atLeast = { kind: 'at least', bound: 0.9, says: 'close to 1' } as const;
    expect(judge(atLeast, [0.9, 0.99]).verdict).toBe('within');
    expect(judge(atLeast, [0.89, 0.99]).verdict).toBe('outside');
    const atMost = { kind: 'at most', bound: 0.3, says: 'small' } as const;
    expect(judge(atMost, [0.1, 0.3]).verdict).toBe('within');
    expect(judge(atMost, [0.1, 0.31]).verdict).toBe('outside');
    expect(shownTarget(atMost)).toBe('small (≤ 0.3)');
  });

  it('holds a count against that of every seed', () => {
    const count = { kind: 'exactly', value: 10 } as const;
    expect(judge(count, [10, 10]).verdict).toBe('within');
    expect(judge(count, [9, 11]).verdict).toBe('outside');
    expect(shownTarget(count)).toBe('exactly 10');
  });

  it('has no verdict without values', () => {
    expect(() => judge({ kind: 'none' }, [])).toThrow(UsageError);
  });
});

import { describe, expect, it } from 'vitest';
import { withReasons } from '../../../../src/studies/reproduce/engine/reasons.js';
import type { Row } from '../../../../src/studies/reproduce/engine/rows.js';

const row = (change: Partial<Row>): Row => ({
  id: 'main',
  experiment: 'toy',
  statement: 'the row',
  paper: 0.96,
  ours: 0.9,
  spread: 0.01,
  values: [0.89, 0.91],
  verdict: 'outside',
  reason: null,
  variationOf: null,
  beside: {},
  seconds: 1,
  settings: {},
  ...change,
});
const varied = (statement: string, ours: number | null): Row =>
  row({ id: statement, statement, ours, spread: ours === null ? null : 0.01, variationOf: 'main' });
const reasonOf = (...rows: Row[]): string | null => withReasons(rows)[0]!.reason;

describe('withReasons', () => {
  it('names what moves a value that is outside, the strongest first, and what does not', () => {
    // 2 √(0.01² + 0.01²) = 0.0283
    expect(reasonOf(row({}), varied('a', 0.93), varied('b', 0.928), varied('c', 0.85))).toBe(
      '0.060 below the paper. Moved by: c (−0.050); a (+0.030). Not moved by more than the spread of the seeds: b (+0.028).',
    );
  });

  it('says what is not known yet', () => {
    expect(reasonOf(row({}))).toBe('0.060 below the paper. Nothing was varied.');
    expect(reasonOf(row({}), varied('a', null))).toBe('0.060 below the paper. 1 variation is not yet run.');
  });

  it('says how far a value is that is within, and leaves other reasons and rows as they are', () => {
    expect(reasonOf(row({ ours: 0.965, verdict: 'within' }))).toBe('0.005 above the paper.');
    expect(reasonOf(row({ reason: 'known' }))).toBe('known');
    expect(reasonOf(row({ paper: 'close to 1 (≥ 0.9)' }))).toBeNull();
    expect(reasonOf(row({ ours: null, verdict: 'not yet run' }))).toBeNull();
  });
});

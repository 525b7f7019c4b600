import { describe, expect, it } from 'vitest';
import {
  byEdge,
  byGap,
  outlierGap,
  reasonOf,
} from '../../../../../src/studies/reproduce/experiments/outliers/rules.js';
import type { ClassStructure } from '../../../../../src/studies/reproduce/probes/class-structure.js';

const structure = (eigenvalues: readonly number[]): ClassStructure => ({
  classes: 10,
  eigenvalues,
  residuals: eigenvalues.map(() => 0),
  between: [5, 4, 3],
  cross: [2, 1],
  own: 1,
  within: 3.5,
});
/** Ten eigenvalues that fall by 1.1, others below, with these ratios after the ranks given. */
const falling = (ratios: Record<number, number>): ClassStructure => {
  const values = [100];
  for (let rank = 1; rank < 40; rank++) values.push(values.at(-1)! / (ratios[rank] ?? 1.1));
  return structure(values);
};

describe('reasonOf', () => {
  const { of, unclear } = byGap(outlierGap);
  const reason = (...found: ClassStructure[]) => reasonOf(found.map(of), 10, unclear).reason;

  it('says nothing where the count is the one expected', () => {
    expect(reason(falling({ 10: 3 }), falling({ 10: 1.4 }))).toBeUndefined();
  });

  it('compares C − 1 with the model with biases, and tells where another gap is as large', () => {
    expect(reason(falling({ 9: 3 }))).toBe('C − 1, as by the same rule in the exact model with biases (9)');
    expect(reason(falling({ 9: 1.57, 7: 1.56 }))).toMatch(/\(9\), but by a hair: 1\.57 after 9, 1\.56 after 7$/);
    expect(reason(falling({ 9: 3 }), falling({ 8: 3 }))).toBe('another count');
  });

  it('sees no gap where none would be seen', () => {
    expect(reason(falling({ 9: 1.2 }))).toMatch(/by eye there is no gap/);
  });

  it('counts above an edge by the class parts', () => {
    expect(byEdge(({ between }) => between).of(structure([1]))).toEqual({ count: 2, ratio: 4 / 3.5 });
  });
});

import { describe, expect, it } from 'vitest';
import { powerOfTen } from '../../figures/axes.js';

describe('powerOfTen', () => {
  it('writes exponents as superscripts, and 1 and 10 without', () => {
    expect([-12, -1, 0, 1, 2, 30].map(powerOfTen)).toEqual(['10⁻¹²', '10⁻¹', '1', '10', '10²', '10³⁰']);
  });
});

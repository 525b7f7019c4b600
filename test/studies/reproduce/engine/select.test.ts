import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/errors.js';
import { experiments } from '../../../../src/studies/reproduce/experiments/index.js';
import { selected } from '../../../../src/studies/reproduce/engine/select.js';

const idsOf = (names: readonly string[]): string[] =>
  selected(experiments, names).flatMap(({ claims, figures = [] }) => [...claims, ...figures].map(({ id }) => id));

describe('selected', () => {
  it('selects experiments by their ids, and everything by none', () => {
    expect(selected(experiments, undefined)).toEqual(experiments);
    expect(selected(experiments, ['fig1a', 'fig2a']).map(({ id }) => id)).toEqual(['fig1a', 'fig2a']);
  });

  it('selects single rows, and the figures of that name', () => {
    expect(idsOf(['table1-softplus'])).toEqual(['table1-softplus']);
    expect(idsOf(['fig1a-late'])).toEqual(['fig1a-late']);
    expect(idsOf(['fig1e'])).toEqual(['fig1e-late', 'fig1e']);
  });

  it('takes names that overlap', () => {
    expect(idsOf(['table1', 'table1-softmax'])).toEqual(idsOf(['table1']));
    expect(idsOf(['fig1c', 'fig1e-late'])).toEqual(idsOf(['fig1c-f']));
  });

  it('refuses a name that selects nothing, with those there are', () => {
    expect(() => selected(experiments, ['fig1a', 'fig9'])).toThrow(UsageError);
    expect(() => selected(experiments, ['fig9'])).toThrow(/'fig9'.*table1, .*fig1a/);
    expect(() => selected(experiments, [''])).toThrow(UsageError);
  });
});

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { chosenCollections, collections } from '../../../src/studies/reproduce/collections.js';

const chosen = (...names: string[]) => chosenCollections(names).map(({ folder, only }) => ({ folder, only }));

describe('chosenCollections', () => {
  it('is all of them where nothing is named', () => {
    expect(chosenCollections(undefined).map(({ folder, only }) => ({ folder, only }))).toEqual(
      collections.map(({ folder }) => ({ folder, only: undefined })),
    );
  });

  it('takes names of the paper, later works by their prefix, and all of these by a star', () => {
    expect(chosen('fig1a', 'table1-softmax')).toEqual([{ folder: '.', only: ['fig1a', 'table1-softmax'] }]);
    expect(chosen('after:*')).toEqual([{ folder: 'after', only: undefined }]);
    const { id } = collections[1]!.experiments[0]!;
    expect(chosen(`after:${id}`, 'fig1a')).toEqual([
      { folder: '.', only: ['fig1a'] },
      { folder: 'after', only: [id] },
    ]);
    expect(chosen(id)).toEqual([{ folder: 'after', only: [id] }]);
  });

  it('refuses names that select nothing, each by itself, with all there are', () => {
    for (const name of ['', 'fig9', 'after:', 'after:fig1a', '*'])
      expect(() => chosenCollections(['fig1a', name]), name).toThrow(UsageError);
    expect(() => chosenCollections(['fig9'])).toThrow(/'fig9'.*table1, .*after:/);
  });
});

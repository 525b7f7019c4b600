import { describe, expect, it } from 'vitest';
import { experiment } from '../../../../src/studies/reproduce/engine/declare.js';
import type { Results } from '../../../../src/studies/reproduce/engine/experiment.js';
import type { Probe } from '../../../../src/studies/reproduce/engine/probe.js';
import type { Job } from '../../../../src/jobs/job.js';
import type { Finished } from '../../../../src/jobs/result-store.js';
import { probeTask } from '../../../../src/studies/reproduce/engine/task.js';

const double: Probe<number, { readonly twice: number }> = {
  name: 'double',
  revision: 1,
  run: (x) => Promise.resolve({ twice: 2 * x }),
};
const word: Probe<string, string> = { name: 'word', revision: 1, run: (x) => Promise.resolve(x) };
const doubles = (...of: number[]) => of.map((x) => probeTask(double, x, { seconds: 1 }));
const words = (...of: string[]) => of.map((x) => probeTask(word, x, { seconds: 1 }));

const declared = experiment({
  id: 'declared',
  title: 'Declared',
  source: 'Nowhere',
  data: null,
  about: '',
  needs: (scale) => ({
    numbers: scale === 'full' ? doubles(1, 2, 3) : doubles(1),
    names: words('a', 'b'),
    unused: words('c'),
  }),
  claims: (claim) => [
    claim({
      id: 'declared-both',
      statement: 'both',
      target: { kind: 'none' },
      uses: ['numbers', 'names'],
      measure: (found, scale) => ({
        values: found.numbers.map(({ twice }) => twice),
        settings: { scale, names: found.names.map((name) => name.toUpperCase()), given: Object.keys(found) },
      }),
    }),
    claim({
      id: 'declared-nothing',
      statement: 'nothing',
      target: { kind: 'none' },
      uses: [],
      measure: (found) => ({ values: [0], settings: { given: Object.keys(found) } }),
    }),
  ],
  figures: (figure, figureOfAll) => [
    figure({
      id: 'declared',
      uses: ['numbers', 'names'],
      data: ({ numbers, names }) => `${numbers.twice} ${names}`,
      draw: (drawn) => {
        throw new Error(drawn.toUpperCase());
      },
    }),
    figureOfAll({
      id: 'declared-all',
      uses: ['names', 'numbers'],
      data: ({ numbers, names }) => `${numbers.map(({ twice }) => twice).join(' ')} ${names.join(' ')}`,
      draw: (all) => {
        throw new Error(all.toUpperCase());
      },
    }),
  ],
});
const [both, nothing] = declared.claims;
const [drawn, ofAll] = declared.figures;

/** Executes on the spot. */
const results: Results = {
  of: <R>(task: Job<R>) => {
    const result = task.work === 'double' ? { twice: 2 * (task.arguments as number) } : task.arguments;
    return { result, seconds: 1, machine: '' } as Finished<R>;
  },
};
const argumentsOf = (tasks: readonly Job[]): unknown[] => tasks.map((task) => task.arguments);

describe('experiment', () => {
  it('has what a claim uses run, one seed after the other, and nothing else', () => {
    expect(argumentsOf(both!.tasks('full'))).toEqual([1, 'a', 2, 'b', 3]);
    expect(argumentsOf(both!.tasks('quick'))).toEqual([1, 'a', 'b']);
    expect(nothing!.tasks('full')).toEqual([]);
  });

  it('hands a claim the results of the names it uses, one for each seed', () => {
    expect(both!.measure(results, 'full')).toEqual({
      values: [2, 4, 6],
      settings: { scale: 'full', names: ['A', 'B'], given: ['numbers', 'names'] },
    });
    expect(nothing!.measure(results, 'quick').settings).toEqual({ given: [] });
  });

  it('draws a figure of the first seed', () => {
    expect(argumentsOf(drawn!.tasks('full'))).toEqual([1, 'a']);
    expect(drawn!.data(results, 'full')).toBe('2 a');
    expect(() => drawn!.draw('data')).toThrow('DATA');
  });

  it('draws a figure of all seeds', () => {
    expect(argumentsOf(ofAll!.tasks('full'))).toEqual(['a', 1, 'b', 2, 3]);
    expect(ofAll!.data(results, 'full')).toBe('2 4 6 a b');
    expect(() => ofAll!.draw('data')).toThrow('DATA');
  });

  it('refuses by types a name that is not needed, a result that is not used, and one taken for another', () => {
    const facts = { id: 'x', title: '', source: '', data: null, about: '' };
    const row = { id: 'x', statement: '', target: { kind: 'none' } } as const;
    experiment({
      ...facts,
      needs: () => ({ numbers: doubles(1), names: words('a') }),
      claims: (claim) => [
        // @ts-expect-error 'number' is not a name
        claim({ ...row, uses: ['number'], measure: () => ({ values: [0], settings: {} }) }),
        // @ts-expect-error names are not used
        claim({ ...row, uses: ['numbers'], measure: ({ names }) => ({ values: [0], settings: { names } }) }),
        // @ts-expect-error nothing is used
        claim({ ...row, uses: [], measure: ({ numbers }) => ({ values: [0], settings: { numbers } }) }),
        // @ts-expect-error names are words
        claim({ ...row, uses: ['names'], measure: ({ names }) => ({ values: [names[0]!.twice], settings: {} }) }),
      ],
    });
  });
});

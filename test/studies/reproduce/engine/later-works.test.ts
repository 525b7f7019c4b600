import { expect, it } from 'vitest';
import type { Experiment } from '../../../../src/studies/reproduce/engine/experiment.js';
import { explanationsTable, worksTable } from '../../../../src/studies/reproduce/engine/later-works.js';
import { laterHead } from '../../../../src/studies/reproduce/engine/page-head.js';
import { pageOf } from '../../../../src/studies/reproduce/engine/page.js';
import { rowOf, type Row } from '../../../../src/studies/reproduce/engine/rows.js';

const explains = { by: 'noise law', otherwise: 'contradicted', says: 'pure noise | has it' } as const;

/** A claim with values that are given. */
const claim = (id: string, values: readonly number[], more: object = {}): Experiment['claims'][number] => ({
  id,
  statement: `what ${id} says`,
  target: { kind: 'at most', bound: 1, says: 'small' },
  tasks: () => [],
  measure: () => ({ values, settings: {} }),
  ...more,
});

const experiment: Experiment = {
  id: 'edge',
  title: 'The edge: σ₂, first!',
  source: 'Somebody',
  data: null,
  about: 'About it.',
  claims: [
    claim('edge-first', [0.25, 0.75]),
    claim('edge-noise', [0.5], { explains }),
    claim('edge-law', [0.5, 2], { explains }),
  ],
  figures: [],
  work: {
    arxiv: '2603.15678',
    name: 'Spectral Edge Dynamics',
    definition: 'σ of updates.',
    isOurDefinition: true,
    claim: 'It is small.',
    headline: 'edge-first',
  },
};

const results = { of: () => ({ result: null, seconds: 0, machine: '' }) as never };
const rows: Row[] = experiment.claims.map((one) =>
  rowOf(experiment, one, 'full', {
    results,
    isFinished: () => true,
    failures: new Map(),
    missingData: undefined,
  }),
);
const section = { experiment, rows, figures: [{ id: 'edge-figure' }] };

it('has a row for each work: definition, claim, ours, verdict, figure', () => {
  expect(rows.map(({ reference }) => reference)).toEqual(Array(3).fill('arXiv:2603.15678'));
  const [heading, table] = worksTable([section]);
  expect(heading).toBe('## Each work in one row');
  expect(table!.split('\n').slice(2)).toEqual([
    '| Spectral Edge Dynamics, [arXiv:2603.15678](https://arxiv.org/abs/2603.15678) | σ of updates. (ours: theirs is not published) | It is small. ' +
      '| what edge-first says: 0.25, 0.75 | small (≤ 1) | within | [The edge: σ₂, first!](#the-edge-σ₂-first), [edge-figure](figures/edge-figure.png) |',
  ]);
});

it('says what theory makes of each claim, by the bound of its row', () => {
  const [, table] = explanationsTable([section]);
  expect(table!.split('\n').slice(2)).toEqual([
    '| Spectral Edge Dynamics | noise law | pure noise \\| has it | what edge-noise says: 0.5 | small (≤ 1) | explained |',
    '| Spectral Edge Dynamics | noise law | pure noise \\| has it | what edge-law says: 0.5, 2 | small (≤ 1) | **contradicted** |',
  ]);
});

it('is nothing where no later work is repeated, and stands before the sections of a page that has one', () => {
  const { work, ...without } = experiment;
  expect(work).toBeDefined();
  expect(worksTable([{ ...section, experiment: without }])).toEqual([]);
  expect(explanationsTable([{ ...section, rows: rows.slice(0, 1) }])).toEqual([]);
  const page = pageOf({
    head: laterHead,
    scale: 'full',
    sections: [{ experiment, rows, figures: [] }],
    seconds: 0,
    machines: [],
    version: '0',
  });
  const places = [
    '# After the paper',
    '## Each work in one row',
    '## What the noise law',
    '## The edge',
    '## Cited for the fact',
  ].map((text) => page.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBe(0);
  expect(page).toContain('npm run reproduce -- --only after:edge`');
});

import { describe, expect, it, vi } from 'vitest';
import { collections } from '../../../../src/studies/reproduce/collections.js';
import { experiments } from '../../../../src/studies/reproduce/experiments/index.js';
import { laterExperiments } from '../../../../src/studies/reproduce/experiments/later.js';
import { missingData } from '../../../../src/studies/reproduce/engine/missing-data.js';
import { workOrder } from '../../../../src/studies/reproduce/engine/work-order.js';
import { isTrainTask } from '../../../../src/studies/reproduce/engine/task.js';
import { checkTrainConfig } from '../../../../src/train/train-config.js';

const all = collections.flatMap((collection) => collection.experiments);
const claims = all.flatMap((experiment) => experiment.claims.map((claim) => ({ experiment, claim })));
const there = all.filter((experiment) => missingData(experiment) === undefined);

describe('the experiments', () => {
  it('have ids of their own, which begin with that of the experiment or of the row they vary', () => {
    const ids = claims.map(({ claim }) => claim.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { experiment, claim } of claims) {
      expect(claim.id).toMatch(/^[a-z0-9-]+$/);
      const panel = experiment.id === 'fig1c-f' ? 'fig1' : experiment.id;
      expect(claim.id.startsWith(panel), claim.id).toBe(true);
      if (claim.variationOf !== undefined) expect(ids).toContain(claim.variationOf);
    }
    const figures = all.flatMap(({ figures: own = [] }) => own.map(({ id }) => id));
    expect(new Set(figures).size).toBe(figures.length);
  });

  it.each(['full', 'quick'] as const)('have legal configurations at %s scale, two seeds at least', (scale) => {
    for (const { claims: own } of there) {
      for (const { id, tasks } of own) {
        const seeds = new Set<number>();
        for (const task of workOrder([{ ...there[0]!, claims: [{ id, tasks }] as never, figures: [] }], scale)) {
          if (!isTrainTask(task)) continue;
          expect(checkTrainConfig(task.config)).toEqual(task.config);
          seeds.add(task.config.seed);
        }
        if (id.startsWith('table1') || id.startsWith('fig')) expect(seeds.size, id).toBeGreaterThan(1);
      }
    }
  });

  it('of later works: three seeds at least for the row that stands for one, a figure, and a row for a theory or the reason why there is none', () => {
    expect(laterExperiments.length).toBeGreaterThan(8);
    for (const { id, work, claims: own, figures, about } of laterExperiments) {
      expect(work?.arxiv, id).toMatch(/^\d{4}\.\d{5}$/);
      const headline = own.find((claim) => claim.id === work!.headline)!;
      expect(headline.tasks('full').length, id).toBeGreaterThan(2);
      expect(figures.length, id).toBeGreaterThan(0);
      if (own.every(({ explains }) => explains === undefined)) expect(about, id).toMatch(/noise law/);
    }
  });

  it('measure the numbers of Table 1 on all images, and share what is equal', () => {
    const table = experiments.find(({ id }) => id === 'table1')!;
    const papers = table.claims.filter(({ variationOf }) => variationOf === undefined);
    expect(papers.flatMap(({ target }) => (target.kind === 'value' ? [target.value] : []))).toEqual([
      0.96, 0.96, 0.96, 0.97, 0.86,
    ]);
    for (const { tasks } of papers) {
      for (const task of tasks('full')) {
        if (isTrainTask(task))
          expect(task.config).toMatchObject({ data: { samples: null }, window: { length: 1000, every: 10 } });
      }
    }
    const keys = workOrder(there, 'full').map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('do the rows of the paper before what varies them', () => {
    const order = workOrder(there, 'full').map(({ key }) => key);
    const varied = claims.find(({ claim }) => claim.id === 'table1-softmax-epochs')!.claim.tasks('full');
    const last = experiments
      .find(({ id }) => id === 'convnet')!
      .claims.at(-1)!
      .tasks('full');
    expect(order.indexOf(varied[0]!.key)).toBeGreaterThan(order.indexOf(last[0]!.key));
  });

  it('that need CIFAR-10 say so where it is not there', () => {
    vi.stubEnv('CIFAR10_DIR', undefined);
    expect(experiments.filter(({ data }) => data === 'cifar10').map(missingData)).toEqual([
      'needs CIFAR-10 (CIFAR10_DIR)',
      'needs CIFAR-10 (CIFAR10_DIR)',
    ]);
    vi.stubEnv('CIFAR10_DIR', '/somewhere');
    expect(experiments.map(missingData).filter((missing) => missing !== undefined)).toEqual([]);
    vi.unstubAllEnvs();
  });
});

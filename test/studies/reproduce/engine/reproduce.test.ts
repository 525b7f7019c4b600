import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../../src/errors.js';
import { lockFolder } from '../../../../src/files/folder-lock.js';
import { sealedJson } from '../../../../src/files/sealed-json.js';
import { isLockName } from '../../../../src/files/lock-steps.js';
import type { Experiment } from '../../../../src/studies/reproduce/engine/experiment.js';
import { redraw } from '../../../../src/studies/reproduce/engine/reproduced-figures.js';
import { reproduce, type ReproduceOptions } from '../../../../src/studies/reproduce/reproduce.js';
import type { Row } from '../../../../src/studies/reproduce/engine/rows.js';
import { trainTask } from '../../../../src/studies/reproduce/engine/task.js';
import { trainDefaults } from '../../../../src/train/train-config.js';
import { toy } from './toy-experiment.js';
import { written } from './written.js';

const base = mkdtempSync(join(tmpdir(), 'reproduce-'));
const whole = join(base, 'whole');
const run = (out: string, options: Partial<ReproduceOptions> = {}, experiments: readonly Experiment[] = [toy]) =>
  reproduce(experiments, { scale: 'full', out, jobs: 2, ...options });

beforeAll(async () => {
  await run(whole);
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

describe('reproduce', () => {
  it('writes the page, a row for each claim, and the figures', () => {
    const rows = JSON.parse(readFileSync(join(whole, 'results.json'), 'utf8')) as Row[];
    expect(rows.map(({ id, verdict, values }) => [id, verdict, values.length])).toEqual([
      ['toy-overlap', 'outside', 2],
      ['toy-overlap-rate', 'outside', 2],
      ['toy-preserved', 'within', 1],
    ]);
    expect(rows[0]).toMatchObject({ paper: 0.5, seconds: expect.any(Number) as number, settings: { seeds: [1, 2] } });
    expect(rows[0]!.reason).toMatch(/^0\.\d{3} below the paper\. (Moved|Not moved) by.*: a larger rate/);
    const page = readFileSync(join(whole, 'README.md'), 'utf8');
    expect(page).toContain('| overlap(g, Hg) \\| late | 0.5 |');
    expect(page).toContain('Of 2 rows, variations of a setting not counted, 1 are within, 1 outside');
    expect(page).toContain('![mlp:6 on mixture: the top 3 subspace and the next](figures/toy-maps.png)');
    expect(readdirSync(join(whole, 'figures')).sort()).toEqual(
      ['csv', 'json', 'md', 'png', 'svg'].map((x) => `toy-maps.${x}`),
    );
  });

  it('draws figures again from the data beside them, and renews their captions', async () => {
    const out = join(base, 'redrawn');
    cpSync(whole, out, { recursive: true });
    const page = readFileSync(join(out, 'README.md'), 'utf8');
    writeFileSync(
      join(out, 'README.md'),
      page.replace('the top 3 subspace', 'an old title').replace(/^Overlap Tr.*$/m, 'An old caption.'),
    );
    for (const extension of ['csv', 'md', 'png', 'svg']) rmSync(join(out, 'figures', `toy-maps.${extension}`));
    const drawn = await redraw([toy], out);
    expect(drawn.map(({ id }) => id)).toEqual(['toy-maps']);
    expect(written(out)).toEqual(written(whole));
    await expect(redraw([toy], join(base, 'nothing'))).rejects.toMatchObject({ name: 'UsageError' });
    const data = join(out, 'figures', 'toy-maps.json');
    writeFileSync(data, sealedJson({ ...(JSON.parse(readFileSync(data, 'utf8')) as object), data: {} }));
    await expect(redraw([toy], out)).rejects.toThrow(/cannot be drawn from its data .*another version/);
    cpSync(join(whole, 'figures'), join(out, 'figures'), { recursive: true });
    writeFileSync(join(out, 'README.md'), 'another page');
    await expect(redraw([toy], out)).rejects.toMatchObject({ name: 'DataError' });
  });

  it('writes the same bytes whatever the number of jobs and the order of selections', async () => {
    const out = join(base, 'one');
    await run(out, { jobs: 1, only: ['toy-preserved'] });
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('not yet run');
    await run(out, { jobs: 1 });
    expect(written(out)).toEqual(written(whole));
  });

  it('keeps what the page had where the runs behind it are not there, and says so', async () => {
    const out = join(base, 'cloned');
    cpSync(whole, out, { recursive: true });
    rmSync(join(out, 'runs'), { recursive: true });
    const { rows, figures } = await run(out, { only: ['toy-overlap-rate'] });
    const before = JSON.parse(readFileSync(join(whole, 'results.json'), 'utf8')) as Row[];
    expect(rows.map(({ isEarlier }) => isEarlier)).toEqual([true, undefined, true]);
    expect(rows.map(({ id, values, verdict, beside }) => ({ id, values, verdict, beside }))).toEqual(
      before.map(({ id, values, verdict, beside }) => ({ id, values, verdict, beside })),
    );
    expect(figures.map(({ id }) => id)).toEqual(['toy-maps']);
    const page = readFileSync(join(out, 'README.md'), 'utf8');
    expect(page).toContain(
      'Of all rows 2 were measured earlier, by runs that are not in this folder: toy-overlap, toy-preserved.',
    );
    expect(page).toContain('figures/toy-maps.png');
    const { rows: quick } = await run(out, { scale: 'quick', only: ['toy-overlap-rate'] });
    expect(quick[0]).toMatchObject({ verdict: 'not yet run', ours: null });
    await run(out);
    expect(written(out)).toEqual(written(whole));
    writeFileSync(join(out, 'results.json'), '{');
    await expect(run(out)).rejects.toThrow(/results\.json is no JSON .*; restore it, or move it away/);
    for (const damaged of [null, 1, { id: 'toy-overlap' }, { ...before[0], values: ['x'] }]) {
      writeFileSync(join(out, 'results.json'), JSON.stringify([before[1], damaged]));
      await expect(run(out)).rejects.toThrow(/entry 2 is no row of a page; restore it/);
    }
  });

  it('writes beside the page of another reproduction in a folder of its own, whichever was first', async () => {
    const out = join(base, 'two');
    cpSync(whole, join(out, 'after'), { recursive: true });
    await run(out);
    expect(written(out)).toMatchObject(written(whole));
    const outer = join(base, 'outer');
    cpSync(whole, join(outer, 'quick', 'after'), { recursive: true });
    await run(outer, { only: ['toy-preserved'] });
    writeFileSync(join(base, 'mixed.txt'), 'mine');
    await expect(run(base)).rejects.toThrow(/is not empty/);
  });

  it('repeats nothing that is finished', async () => {
    const out = join(base, 'again');
    cpSync(whole, out, { recursive: true });
    let started = -1;
    await run(out, {
      onStart: ({ tasks }) => {
        started = tasks;
      },
    });
    expect(started).toBe(0);
    expect(readFileSync(join(out, 'README.md'))).toEqual(readFileSync(join(whole, 'README.md')));
  });

  it('stops at a signal with everything kept, and goes on', async () => {
    const out = join(base, 'stopped');
    const stop = new AbortController();
    const reason = new Error('enough');
    const stopped = run(out, {
      signal: stop.signal,
      onProgress: ({ finished }) => {
        if (finished === 2) stop.abort(reason);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    expect(readdirSync(out).filter(isLockName)).toEqual([]);
    await run(out);
    expect(written(out)).toEqual(written(whole));
  });

  it('shows why a task failed in its row, and does the others', async () => {
    const bad = {
      ...trainDefaults,
      model: 'softmax',
      steps: 1,
      data: { ...trainDefaults.data, source: 'mixture:3,5,0.3,20' },
    };
    const tasks = () => [trainTask({ ...bad, top: 3, subspace: 4 }, 1)];
    const wrong = { ...toy.claims[0]!, id: 'toy-wrong', statement: 'wrong', tasks };
    const { rows, failures } = await run(join(base, 'failed'), {}, [{ ...toy, claims: [wrong, toy.claims[2]!] }]);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['not run', 'within']);
    expect(rows[0]!.reason).toMatch(/^failed: top must lie between 4/);
    expect([...failures.values()]).toMatchObject([{ name: 'UsageError', exitCode: 2 }]);
  });

  it('says why a row that was run has no value', async () => {
    const [first] = toy.claims;
    const without = { ...first!, measure: () => ({ values: [], reason: 'no run learnt it', settings: {} }) };
    const out = join(base, 'no-value');
    cpSync(whole, out, { recursive: true });
    const { rows } = await run(out, {}, [{ ...toy, claims: [without] }]);
    expect(rows).toMatchObject([{ verdict: 'no value', ours: null, reason: 'no run learnt it' }]);
    const page = readFileSync(join(out, 'README.md'), 'utf8');
    expect(page).toContain('1 without a value, 0 not yet run, 0 not run');
    expect(page).toContain(': no run learnt it');
  });

  it('stops at once where a page cannot be written', async () => {
    const out = join(base, 'unwritten');
    const [first, ...others] = toy.claims;
    const tasks = () => first!.tasks('full').slice(0, 1);
    const broken = {
      ...first!,
      tasks,
      measure: () => {
        throw new Error('nothing to be measured');
      },
    };
    await expect(run(out, { jobs: 1 }, [{ ...toy, claims: [broken, ...others] }])).rejects.toThrow(
      'nothing to be measured',
    );
    expect(readdirSync(out).filter(isLockName)).toEqual([]);
    expect(readdirSync(join(out, 'runs')).length).toBeLessThan(readdirSync(join(whole, 'runs')).length);
  });

  it('says what is missing of data', async () => {
    const needs: Experiment = { ...toy, data: 'cifar10' };
    const { rows } = await run(join(base, 'missing'), {}, [needs]);
    expect(rows.map(({ verdict, reason, ours }) => [verdict, reason, ours])).toEqual(
      toy.claims.map(() => ['not run', 'needs CIFAR-10 (CIFAR10_DIR)', null]),
    );
    expect(readFileSync(join(base, 'missing', 'README.md'), 'utf8')).toContain(
      '**not run: needs CIFAR-10 (CIFAR10_DIR)**',
    );
  });

  it('refuses what it does not know, a folder in use, and a damaged result', async () => {
    await expect(run(join(base, 'x'), { only: ['toy', 'fig9'] })).rejects.toThrow(UsageError);
    const out = join(base, 'damaged');
    cpSync(whole, out, { recursive: true });
    const release = lockFolder(out);
    await expect(run(out)).rejects.toThrow(/is in use by process \d+/);
    await expect(run(out)).rejects.toThrow(UsageError);
    release();
    const [task] = readdirSync(join(out, 'runs'));
    writeFileSync(join(out, 'runs', task!, 'result.json'), '{"result":');
    await expect(run(out)).rejects.toThrow(DataError);
  });
});

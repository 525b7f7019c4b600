import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collections } from '../../../src/studies/reproduce/collections.js';
import { table } from '../../../src/studies/reproduce/engine/markdown.js';
import { redraw } from '../../../src/studies/reproduce/engine/reproduced-figures.js';
import type { Row } from '../../../src/studies/reproduce/engine/rows.js';
import { judge, shownTarget, verdictRule } from '../../../src/studies/reproduce/engine/verdict.js';

describe.each(collections)('the committed page, $head.title', ({ folder: place, experiments }) => {
  const folder = join(import.meta.dirname, '../../../reproduction', place);
  const rows = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Row[];
  const page = readFileSync(join(folder, 'README.md'), 'utf8');
  const drawable = experiments.filter(({ data }) => data !== 'cifar10').flatMap(({ figures }) => figures);

  it('has a row for each claim of the code, all run but those that need CIFAR-10', () => {
    const claims = experiments.flatMap((experiment) => experiment.claims.map((claim) => ({ experiment, claim })));
    expect(rows.map(({ id, statement }) => [id, statement])).toEqual(
      claims.map(({ claim: { id, statement } }) => [id, statement]),
    );
    for (const { experiment, id, verdict, values } of rows) {
      const needsData = experiments.find((one) => one.id === experiment)!.data === 'cifar10';
      expect(verdict === 'not run', id).toBe(needsData);
      expect(['not yet run', 'no value'], id).not.toContain(verdict);
      expect(values.every(Number.isFinite), id).toBe(true);
    }
  });

  it('has the verdicts that the rule of the code gives to the values, and shows the rule and the rows', () => {
    const targets = new Map(experiments.flatMap(({ claims }) => claims.map(({ id, target }) => [id, target])));
    for (const { id, values, ours, spread, verdict, paper } of rows) {
      expect(shownTarget(targets.get(id)!), id).toBe(paper);
      if (values.length > 0) expect({ id, ...judge(targets.get(id)!, values) }).toEqual({ id, ours, spread, verdict });
    }
    expect(page).toContain(verdictRule);
    for (const { id } of experiments) {
      const own = rows.filter(({ experiment }) => experiment === id);
      for (const some of [true, false].map((main) => own.filter((row) => (row.variationOf === null) === main))) {
        if (some.length > 0) expect(page).toContain(table(some));
      }
    }
    const counted = rows.filter(({ variationOf }) => variationOf === null);
    const count = (verdict: Row['verdict']): number => counted.filter((row) => row.verdict === verdict).length;
    expect(page).toContain(
      `Of ${counted.length} rows, variations of a setting not counted, ${count('within')} are within, ${count('outside')} outside`,
    );
  });

  it('is a full run, with its figures, and without holes', () => {
    expect(new Set(rows.map(({ settings }) => settings.scale))).toEqual(new Set(['full']));
    expect(page).not.toMatch(/undefined|NaN|quick run\*\*/);
    const shown = [...page.matchAll(/!\[[^\]]*\]\((figures\/[^)]+)\)/g)].map((match) => match[1]!);
    expect(shown.length).toBeGreaterThan(5);
    for (const path of shown) expect(existsSync(join(folder, path)), path).toBe(true);
    expect(shown.sort()).toEqual(drawable.map(({ id }) => `figures/${id}.png`).sort());
  });

  it('shows the figures that are drawn from the data beside them', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'committed-page-'));
    try {
      for (const name of ['README.md', 'manifest.json']) cpSync(join(folder, name), join(copy, name));
      for (const name of readdirSync(join(folder, 'figures')).filter((one) => one.endsWith('.json')))
        cpSync(join(folder, 'figures', name), join(copy, 'figures', name));
      const [one, other] = drawable.map(({ id }) => id) as [string, string];
      cpSync(join(folder, 'figures', `${other}.json`), join(copy, 'figures', `${one}.json`));
      await expect(redraw(experiments, copy)).rejects.toThrow(
        `${one}.json: it holds the data of "${other}"; restore it`,
      );
      cpSync(join(folder, 'figures', `${one}.json`), join(copy, 'figures', `${one}.json`));
      const drawn = await redraw(experiments, copy);
      expect(drawn.map(({ id }) => `${id}.csv`).sort()).toEqual(
        readdirSync(join(folder, 'figures')).filter((name) => name.endsWith('.csv')),
      );
      for (const name of [
        'README.md',
        ...drawn.flatMap(({ id }) => ['csv', 'md', 'svg'].map((e) => `figures/${id}.${e}`)),
      ])
        expect(readFileSync(join(copy, name), 'utf8') === readFileSync(join(folder, name), 'utf8'), name).toBe(true);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordsFigure } from '../../figures/records.js';
import { NumericalError, UsageError } from '../../src/errors.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { loadRun } from '../../src/train/load-run.js';
import { columnsOf, recordsCsv } from '../../src/train/observables/columns.js';
import { askedObservables, observables } from '../../src/train/observables/index.js';
import { observable, type Observable } from '../../src/train/observables/observable.js';
import { recordJsonSchema, recordSchema } from '../../src/train/observables/record.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { train } from '../../src/train/train.js';

const runtime = await nativeRuntime();
const list: readonly Observable[] = observables;
const everything: readonly Observable[] = [...observables, ...askedObservables];

/** The run of test/golden/train-records.jsonl. */
const config: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:3',
  data: { ...trainDefaults.data, source: 'mixture:3,4,0.2,60' },
  batch: 10,
  steps: 6,
  measureEvery: 3,
  top: 4,
  updates: 3,
  window: { length: 4, every: 10 },
  accuracy: 1e-6,
  precision: 'f64',
};
const golden = readFileSync('test/golden/train-records.jsonl', 'utf8');

let folder: string;
let document: TrainDocument;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'observables-'));
  document = await train(config, { runtime, out: join(folder, 'run') });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the list of observables', () => {
  it('says of each what it is, once, and in which unit', () => {
    expect(new Set(everything.map(({ id }) => id)).size).toBe(everything.length);
    expect(new Set(everything.map(({ meaning }) => meaning)).size).toBe(everything.length);
    for (const { id, meaning, unit, needs } of everything) {
      expect(id).toMatch(/^[a-z][a-zA-Z]+$/);
      expect(meaning.length, id).toBeGreaterThan(10);
      expect(unit.length, id).toBeGreaterThan(0);
      expect(needs.length, id).toBeGreaterThan(0);
    }
    const columns = columnsOf(everything).map(({ id }) => id);
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('holds all that its folder defines', async () => {
    const parts = ['columns', 'index', 'measured', 'observable', 'record'];
    const files = readdirSync('src/train/observables').map((name) => basename(name, '.ts'));
    const defined = await Promise.all(
      files
        .filter((name) => !parts.includes(name))
        .map((name) => import(`../../src/train/observables/${name}.ts`) as Promise<Readonly<Record<string, unknown>>>),
    );
    const values = defined.flatMap((module) => Object.values(module).filter((value) => typeof value === 'object'));
    expect(new Set(values)).toEqual(new Set(everything));
  });

  it('makes every field of a record, in its order, and the schema of it', () => {
    const ids = list.map(({ id }) => id);
    for (const record of document.records) expect(Object.keys(record)).toEqual(ids);
    const schema = recordJsonSchema(list) as Readonly<Record<'properties' | 'required', object>>;
    expect(Object.keys(schema.properties)).toEqual([...ids, 'seal']);
    expect(schema.required).toEqual(ids);
    const asked = recordJsonSchema(list, askedObservables) as typeof schema;
    expect(Object.keys(asked.properties)).toEqual([...everything.map(({ id }) => id), 'seal']);
    expect(asked.required).toEqual(ids);
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: { gradientNorm: { type: 'number', description: 'length ‖g‖ of the gradient [loss/θ]' } },
    });
  });

  it('gives each computation what it needs and nothing else', async () => {
    const seen: string[][] = [];
    const spy = observable({
      id: 'spy',
      meaning: 'what it was given',
      unit: '–',
      needs: ['layout', 'rate'],
      schema: z.number(),
      compute: (given) => {
        seen.push(Object.keys(given));
        return given.rate;
      },
    });
    await train({ ...config, steps: 0 }, { runtime, observables: [spy] });
    expect(seen).toEqual([['layout', 'rate']]);
  });
});

describe('records', () => {
  /** The last digits depend on the processor: numbers are compared, all else to the byte. */
  const numbersOf = (text: string): number[] => (text.match(/(?<=[:[,])-?\d[\d.e+-]*/g) ?? []).map(Number);
  const without = (text: string): string => text.replace(/(?<=[:[,])-?\d[\d.e+-]*/g, '#');

  it('are those of the frozen run', () => {
    const text = readFileSync(join(folder, 'run', 'records.jsonl'), 'utf8').replace(/,"seal":\{[^}]*\}\}$/gm, '}');
    expect(without(text)).toBe(without(golden));
    const [ours, theirs] = [numbersOf(text), numbersOf(golden)];
    expect(theirs.length).toBeGreaterThan(150);
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs[i]!)));
    });
  });

  it('satisfy their schema, which takes no field away and none beside', () => {
    const schema = recordSchema(observables);
    for (const line of golden.trim().split('\n')) {
      const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
      expect(schema.parse(record)).toEqual(record);
      for (const { id } of list) {
        const less = Object.fromEntries(Object.entries(record).filter(([name]) => name !== id));
        expect(schema.safeParse(less).success, `without ${id}`).toBe(false);
        expect(schema.safeParse({ ...record, [id]: { of: 'another kind' } }).success, id).toBe(false);
      }
      expect(schema.safeParse({ ...record, more: 1 }).success).toBe(false);
    }
  });

  it('are a CSV with every number of every column', () => {
    const columns = columnsOf(observables);
    const [header, ...rows] = recordsCsv(document, columns)
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const column = (name: string): string[] => rows.map((row) => row[header!.indexOf(name)]!);
    const { records } = document;
    expect(header).toHaveLength(columns.length + columns.filter((one) => 'within' in one).length);
    for (const row of rows) expect(row).toHaveLength(header!.length);
    expect(column('step')).toEqual(['0', '3', '6']);
    expect(column('loss').map(Number)).toEqual(records.map(({ loss }) => loss));
    expect(column('gap').map(Number)).toEqual(records.map(({ topFraction }) => topFraction.gap));
    expect(column('eigenvalueRatio').map(Number)).toEqual(records.map(({ eigenvalues: e }) => e[2]! / e[3]!));
    expect(column('testAccuracy')).toEqual(['', '', '']);
    expect(column('subspaceOverlap.lower')).toEqual([
      '',
      ...records.slice(1).map((r) => `${r.subspaceOverlap!.top.lower}`),
    ]);
    expect(column('topFraction.upper').map(Number)).toEqual(records.map((r) => r.topFractionBounds!.upper));
  });
});

describe('observables of your own', () => {
  const sharpness = observable({
    id: 'sharpness',
    meaning: 'ηλ₁',
    unit: '1',
    needs: ['pairs', 'rate'],
    schema: z.number(),
    compute: ({ pairs, rate }) => rate * pairs.values[0]!,
    columns: { sharpness: { heading: 'ηλ₁', of: (record) => record.sharpness } },
  });

  it('are recorded behind the others, which they leave as they are; the run names them, and its folder is read with them or without', async () => {
    const out = join(folder, 'own');
    const own = await train(config, { runtime, out, observables: [sharpness] });
    expect(own.run).toEqual({ ...document.run, observables: ['sharpness'] });
    expect(own.records).toEqual(
      document.records.map((record) => ({ ...record, sharpness: 0.1 * record.eigenvalues[0]! })),
    );
    expect(loadRun(out, [sharpness]).records).toEqual(own.records);
    expect(loadRun(out).records).toEqual(own.records);
    expect(own.records[0]!.sharpness).toBeGreaterThan(0);
    expect(recordsCsv(own, columnsOf([...observables, sharpness])).split('\r\n')[0]).toMatch(/,sharpness$/);
    const { caption } = recordsFigure(own, ['sharpness'], [...observables, sharpness]);
    expect(caption).toMatch(/ηλ₁: ηλ₁\.$/);
    expect((await train(config, { runtime, out, observables: [sharpness] })).records).toEqual(own.records);
    await expect(train(config, { runtime, out })).rejects.toThrow(/run\.observables was \["sharpness"\] there/);
  });

  it('are refused where a name is taken, or a value is not what their schema says', async () => {
    const run = (change: object): Promise<unknown> =>
      train({ ...config, steps: 0 }, { runtime, observables: [{ ...sharpness, ...change }] });
    await expect(run({ id: 'loss' })).rejects.toThrow(
      new UsageError("two observables are named 'loss'; choose a name that is not taken"),
    );
    await expect(run({ columns: { gap: { heading: '', of: () => 1 } } })).rejects.toThrow(
      /two columns are named 'gap'/,
    );
    const broken = run({ compute: () => NaN });
    await expect(broken).rejects.toThrow(/step 0 gave what cannot be recorded: sharpness: .*received NaN/);
    await expect(broken).rejects.toBeInstanceOf(NumericalError);
  });
});

describe('docs/observables.md', () => {
  it('is what the list says; npx vitest run test/train/observables.test.ts -u writes it', async () => {
    const row = (cells: readonly string[]): string =>
      `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
    const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
      [header, header.map(() => '-'), ...rows].map(row).join('\n');
    const { run } = document;
    const heading = ({ heading: text }: ReturnType<typeof columnsOf>[number]): string =>
      typeof text === 'string' ? text : text({ ...run, subspace: 10 });
    const page = `# What a record of a training run holds

Made from the list in src/train/observables. m is that of f_top(m), θ are the weights, g is the gradient of the full training loss, λ an eigenvalue of its Hessian,
η the learning rate. \`train --schema records\` prints the JSON Schema; [extending.md](extending.md) adds another.

${table(
  ['field', 'meaning', 'unit', 'needs'],
  everything.map(({ id, meaning, unit, needs }) => [code([id]), meaning, unit, code(needs)]),
)}

## Columns

Numbers of a record, for \`train --columns\` and \`--csv\`, and for \`figures --run DIR --show\`; here for m = 10.

${table(
  ['column', 'shown as', 'meaning', 'in the table'],
  columnsOf(everything).map((one) => [code([one.id]), heading(one), one.meaning, one.isShown ? 'yes' : '']),
)}
`;
    const formatted = await format(page, { ...(await resolveConfig('docs/observables.md')), parser: 'markdown' });
    await expect(formatted).toMatchFileSnapshot('../../docs/observables.md');
  });
});

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { DataError, UsageError } from '../../src/errors.js';
import { formatSafetensors, parseSafetensors } from '../../src/files/safetensors.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { loadRun } from '../../src/train/load-run.js';
import { observable } from '../../src/train/observables/observable.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { runFormat } from '../../src/train/run-format.js';
import { trainingRevision } from '../../src/train/revision.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';
import { captured } from '../cli/captured.js';

const runtime = await nativeRuntime();
const config: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  data: { ...trainDefaults.data, source: 'mixture:3,4,0.2,60' },
  batch: 10,
  steps: 4,
  measureEvery: 2,
  top: 4,
  keepWeights: 'last',
};

let [whole, folder] = ['', ''];
beforeAll(async () => {
  whole = mkdtempSync(join(tmpdir(), 'run-format-'));
  await train(config, { runtime, out: join(whole, 'run') });
  folder = join(whole, 'damaged');
});
afterAll(() => {
  rmSync(whole, { recursive: true });
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(whole, 'run'), folder, { recursive: true });
});

const change = (name: string, by: (text: string) => string): void => {
  const path = join(folder, name);
  const [before, after] = [readFileSync(path, 'utf8'), by(readFileSync(path, 'utf8'))];
  expect(after).not.toBe(before);
  writeFileSync(path, after);
};
const inLine = (i: number, from: RegExp, to: string) => (text: string) =>
  text
    .split('\n')
    .map((line, at) => (at === i ? line.replace(from, to) : line))
    .join('\n');
const resume = (): Promise<unknown> => train(config, { runtime, out: folder });

describe('records that are read', () => {
  it.each([
    ['a number that is a word', inLine(1, /"loss":[\d.]+/, '"loss":"low"'), /loss: .*expected number.*received "low"/],
    ['a list with a hole', inLine(1, /"residuals":\[[^,]+/, '"residuals":[null'), /residuals\.0: .*received null/],
    ['a missing field', inLine(1, /"stop":"[^"]+",/, ''), /stop: .*received undefined/],
    ['a field of another version', inLine(1, /"stop"/, '"margin":1,"stop"'), /record: .*"margin"/],
    ['a line that is half there', inLine(1, /,"stop".*/, ''), /JSON/],
    ['a line twice', (text: string) => text.replace(/^(.*\n)/, '$1$1'), /step: must be above 0.*received 0/],
  ])('with %s are refused, with file, line, field and what to do', (_, damage, words) => {
    change('records.jsonl', damage);
    const load = (): unknown => loadRun(folder);
    expect(load).toThrow(DataError);
    expect(load).toThrow(`${join(folder, 'records.jsonl')}, line 2: `);
    expect(load).toThrow(words);
    expect(load).toThrow(/; restore the file or, if another version wrote it, run it again in another folder$/);
  });

  it('are checked where a run is taken up again', async () => {
    change('records.jsonl', inLine(0, /"residualsFrom":"recurrence"/, '"residualsFrom":"recurrance"'));
    await expect(resume()).rejects.toThrow(/records\.jsonl, line 1: residualsFrom: .*received "recurrance"/);
    await expect(resume()).rejects.toBeInstanceOf(DataError);
  });

  it('are checked where they are drawn', async () => {
    change('records.jsonl', inLine(2, /"time":/, '"tims":'));
    const { code, stdout, stderr } = await captured(() =>
      runCli(['figures', '--run', folder, '--out', join(whole, 'figures')]),
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/records\.jsonl, line 3: time: .*received undefined/);
  });

  it('end before a line that is still being written', () => {
    change('records.jsonl', (text) => `${text}{"step":6,"ti`);
    expect(loadRun(folder).records).toHaveLength(3);
  });
});

describe('the format of a run folder', () => {
  const checkpoint = (entries: Readonly<Record<string, string | undefined>>): void => {
    const path = join(folder, 'checkpoint.safetensors');
    const { tensors, metadata } = parseSafetensors(new Uint8Array(readFileSync(path)), path);
    const changed = new Map(
      Object.entries({ ...Object.fromEntries(metadata), ...entries }).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value] as const],
      ),
    );
    writeFileSync(path, formatSafetensors(tensors, changed));
  };
  const manifest = (entries: object): void => {
    change('manifest.json', (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...entries }));
  };

  it('is told by its manifest, with the revision of training', () => {
    const found = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as object;
    expect(found).toMatchObject({ format: runFormat, revision: trainingRevision });
    expect(Object.keys(found)[0]).toBe('format');
  });

  it.each([
    [
      'none',
      { format: undefined },
      DataError,
      /manifest\.json: the format .*'tiny-subspace run 3', received none, as before/,
    ],
    [
      'another',
      { format: 'tiny-subspace run 9' },
      DataError,
      /received "tiny-subspace run 9"; run it again in another/,
    ],
    [
      'another revision',
      { revision: 0 },
      UsageError,
      /recorded at revision 0 of training, and this is revision \d+, .*other records/,
    ],
    ['no revision', { revision: undefined }, UsageError, /revision undefined/],
    ['no run', { run: undefined }, DataError, /describes no run/],
  ])('refuses to read a run with %s', (_, entries, kind, words) => {
    manifest(entries);
    expect(() => loadRun(folder)).toThrow(kind);
    expect(() => loadRun(folder)).toThrow(words);
  });

  it.each([
    ['the format before', { format: 'tiny-subspace training 1' }, DataError, /received "tiny-subspace training 1"/],
    ['no format', { format: undefined }, DataError, /received none/],
    ['another revision', { revision: '0' }, UsageError, /belongs to another run: it was recorded at revision 0/],
    ['no revision', { revision: undefined }, UsageError, /revision null/],
  ])('refuses to take up a run with %s, and leaves it as it is', async (_, entries, kind, words) => {
    checkpoint(entries);
    const before = readFileSync(join(folder, 'records.jsonl'), 'utf8');
    await expect(resume()).rejects.toThrow(words);
    await expect(resume()).rejects.toBeInstanceOf(kind);
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).toBe(before);
  });
});

describe('what a folder says of its run', () => {
  it.each([
    ['no configuration', (run: Record<string, unknown>) => ({ ...run, config: undefined }), /config/],
    ['an empty one', (run: Record<string, unknown>) => ({ ...run, config: {} }), /config\.model/],
    ['no data', (run: Record<string, unknown>) => ({ ...run, data: null }), /data: .*received null/],
    ['a word for m', (run: Record<string, unknown>) => ({ ...run, subspace: '3' }), /subspace: .*received "3"/],
    [
      'a number for observables',
      (run: Record<string, unknown>) => ({ ...run, observables: 5 }),
      /observables: .*received 5/,
    ],
  ])('is held against its schema: %s', (_, by, words) => {
    change('manifest.json', (text) => {
      const manifest = JSON.parse(text) as { run: Record<string, unknown> };
      return JSON.stringify({ ...manifest, run: by(manifest.run) });
    });
    expect(() => loadRun(folder)).toThrow(DataError);
    expect(() => loadRun(folder)).toThrow(words);
  });

  it('is read even where its records are a folder', () => {
    rmSync(join(folder, 'records.jsonl'));
    mkdirSync(join(folder, 'records.jsonl'));
    expect(() => loadRun(folder)).toThrow(DataError);
  });

  it('keeps its records from another run, also where the checkpoint is gone', async () => {
    rmSync(join(folder, 'checkpoint.safetensors'));
    const records = readFileSync(join(folder, 'records.jsonl'), 'utf8');
    const other = train({ ...config, seed: 9 }, { runtime, out: folder });
    await expect(other).rejects.toThrow(/seed was 1 there and is 9 now/);
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).toBe(records);
    await expect(resume()).rejects.toThrow(
      /3 lines, and the checkpoint they belong to is missing: restore checkpoint\.safetensors/,
    );
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).toBe(records);
  });

  it.each([
    ['window', '"x"'],
    ['window', 'null'],
    ['updates', '4294967296'],
    ['follow', '5'],
    ['time', 'null'],
    ['step', '"x"'],
    ['records', '{"count":-1,"bytes":0,"chain":""}'],
  ])('a checkpoint whose %s is %s is damaged, and its records stay', async (name, value) => {
    const path = join(folder, 'checkpoint.safetensors');
    const { tensors, metadata } = parseSafetensors(new Uint8Array(readFileSync(path)), path);
    writeFileSync(path, formatSafetensors(tensors, new Map([...metadata, [name, value]])));
    const records = readFileSync(join(folder, 'records.jsonl'), 'utf8');
    await expect(resume()).rejects.toThrow(DataError);
    await expect(resume()).rejects.toThrow(new RegExp(`checkpoint\\.safetensors: .*${name}`));
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).toBe(records);
  });
});

it('observables of the caller’s own cannot change the run', async () => {
  const greedy = observable({
    id: 'greedy',
    meaning: 'weights that it sets to 0',
    unit: '1',
    needs: ['weights', 'gradient'],
    schema: z.number(),
    compute: ({ weights, gradient }) => {
      weights.fill(0);
      gradient.fill(0);
      return 0;
    },
  });
  const losses = ({ records }: TrainDocument): number[] => records.map(({ loss }) => loss);
  expect(losses(await train(config, { runtime, observables: [greedy] }))).toEqual(
    losses(await train(config, { runtime })),
  );
});

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TinySubspaceError } from '../../src/errors.js';
import { tableCsv, tableParquet, type Table } from '../../src/studies/sweep/table/index.js';
import { loadRun } from '../../src/train/load-run.js';
import type { TrainRecord } from '../../src/train/train-document.js';
import { drawTable } from '../../web/views/runs/draw-table.js';
import { groupFiles } from '../../web/views/runs/group-files.js';
import { readRun } from '../../web/views/runs/read-run.js';
import { readTableFile } from '../../web/views/runs/read-table.js';
import type { FileHandle } from '../../web/views/runs/run-file.js';
import { copyOf, handlesOf, temporaryFolder, trainedFolder } from './runs-folders.js';

/** What the command line says of a folder, as if it lay in the folder that the page names. */
function wordsOfCommandLine(folder: string): string {
  try {
    loadRun(folder);
    return '';
  } catch (error) {
    if (error instanceof TinySubspaceError) return error.message.replaceAll(folder, basename(folder));
    throw error;
  }
}

const readFolder = (folder: string) => readRun({ name: basename(folder), files: handlesOf(folder) });
const isPrefix = (some: readonly TrainRecord[], all: readonly TrainRecord[]): void => {
  expect(some).toEqual(all.slice(0, some.length));
};

describe('a run folder that is read as the page reads it', () => {
  let folder: string;
  let records: readonly TrainRecord[];
  beforeAll(async () => {
    folder = await trainedFolder(temporaryFolder(), 'one');
    ({ records } = loadRun(folder));
  });

  it('has the records of the command line, and is intact', async () => {
    const found = await readFolder(folder);
    expect(found).toMatchObject({ problems: [], subspace: 3, records });
    expect(found.run).toEqual(loadRun(folder).run);
    expect(found.notes.join('; ')).toContain('5 records intact');
    expect(found.notes.join('; ')).toContain('5 files of weights intact');
  });

  const damages: Readonly<Record<string, (copy: string) => void>> = {
    'a line that was altered': (copy) => {
      edit(copy, 'records.jsonl', (text) => text.replace(/("step":20,.*?"loss":)\d/s, '$19'));
    },
    'a line that was left out': (copy) => {
      edit(copy, 'records.jsonl', (text) =>
        text
          .split('\n')
          .filter((_, i) => i !== 2)
          .join('\n'),
      );
    },
    'records that were cut off': (copy) => {
      edit(copy, 'records.jsonl', (text) => text.slice(0, -2000));
    },
    'a manifest that was altered': (copy) => {
      edit(copy, 'manifest.json', (text) => text.replace('"seed": 1', '"seed": 2'));
    },
    'a manifest that is no JSON': (copy) => {
      edit(copy, 'manifest.json', (text) => text.slice(0, 100));
    },
    'a folder of another format': (copy) => {
      edit(copy, 'manifest.json', (text) => text.replace('tiny-subspace run 3', 'tiny-subspace run 2'));
    },
    'no manifest': (copy) => {
      rmSync(join(copy, 'manifest.json'));
    },
    'no checkpoint': (copy) => {
      rmSync(join(copy, 'checkpoint.safetensors'));
    },
    'a checkpoint that was altered': (copy) => {
      const path = join(copy, 'checkpoint.safetensors');
      const bytes = readFileSync(path);
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(path, bytes);
    },
  };
  function edit(copy: string, file: string, change: (text: string) => string): void {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, change(text));
    expect(readFileSync(path, 'utf8')).not.toBe(text);
  }

  it.each(Object.keys(damages))(
    'with %s says it in the words of the command line, and shows what is intact',
    async (name) => {
      const copy = copyOf(folder, 'one');
      damages[name]!(copy);
      const found = await readFolder(copy);
      const words = wordsOfCommandLine(copy);
      expect(words).not.toBe('');
      expect(found.problems).toContain(words);
      isPrefix(found.records, records);
    },
  );

  it('says which weights and which config.json were altered', async () => {
    const copy = copyOf(folder, 'one');
    edit(copy, 'config.json', (text) => text.replace('"seed": 1', '"seed": 2'));
    const weights = join(copy, 'weights/step-00000020.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(weights, bytes);
    rmSync(join(copy, 'weights/step-00000030.safetensors'));
    const found = await readFolder(copy);
    expect(found.problems).toHaveLength(2);
    expect(found.problems[0]).toContain('one/config.json was altered since the run began');
    expect(found.problems[1]).toContain('one/weights/step-00000020.safetensors was altered since it was written');
    expect(found.notes.join()).toContain('one/weights/step-00000030.safetensors is missing');
    expect(found.records).toEqual(records);
  });

  it('is read as it is now where it is served while it goes on', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (address: string, options?: { readonly headers: { readonly Range: string } }) => {
      asked.push(address);
      const bytes = readFileSync(join(folder, address));
      const [, begin, end] = /=(\d+)-(\d+)/.exec(options?.headers.Range ?? '') ?? [];
      return Promise.resolve(
        begin === undefined
          ? new Response(bytes)
          : new Response(bytes.subarray(Number(begin), Number(end) + 1), { status: 206 }),
      );
    });
    try {
      const files = handlesOf(folder).map(({ path, bytes }) => ({ path, bytes: path === 'records.jsonl' ? 100 : bytes, from: path })); // prettier-ignore
      const found = await readRun({ name: 'one', files });
      expect(found).toMatchObject({ problems: [], records });
      expect(asked.slice(0, 2)).toEqual(['checkpoint.safetensors', 'records.jsonl']); // the records that it counts are there before it is
      expect(asked.filter((path) => !path.startsWith('weights/')).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'manifest.json', 'records.jsonl']); // prettier-ignore
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('needs no manifest where weights say of which run the records are, and says where nothing does', async () => {
    const of = (...paths: string[]): FileHandle[] => handlesOf(folder).filter(({ path }) => paths.includes(path));
    const both = await readRun({ name: 'files', files: of('records.jsonl', 'weights/step-00000040.safetensors') });
    expect(both).toMatchObject({ records, subspace: 3, run: null });
    expect(both.notes.join()).toContain('of the run that the weights beside them are of');
    const alone = await readRun({ name: 'files', files: of('records.jsonl') });
    expect(alone).toMatchObject({ records, subspace: 3, run: null });
    expect(alone.notes.join()).toContain('nothing here says of which run');
  });

  it('is never a surprise, however its files are damaged', async () => {
    const files = handlesOf(folder);
    const bytesOf = new Map(
      await Promise.all(
        files.map(async (file) => [file.path, new Uint8Array(await (file.from as Blob).arrayBuffer())] as const),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.map(({ path }) => path)),
        fc.constantFrom('cut', 'flip', 'garbage', 'gone', 'deep', 'numbers'),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        async (path, how, place, garbage) => {
          const whole = bytesOf.get(path)!;
          const at = Math.floor(place * whole.length);
          const flipped = whole.slice();
          flipped[at]! ^= 1 + (garbage[0]! % 255);
          const changed: Readonly<Record<string, BlobPart>> = {
            cut: whole.slice(0, at),
            flip: flipped,
            garbage: new Uint8Array(garbage),
            deep: '['.repeat(200_000) + '\n',
            numbers: new TextDecoder('latin1').decode(whole).replace(/:\d/g, ':NaN'),
          };
          const damaged = files.flatMap((file): FileHandle[] => {
            if (file.path !== path) return [file];
            if (how === 'gone') return [];
            const from = new Blob([changed[how]!]);
            return [{ path, bytes: from.size, from }];
          });
          const found = await readRun({ name: 'one', files: damaged });
          isPrefix(found.records, records);
          const isTold = found.problems.length > 0 || found.notes.join().includes('missing');
          const isUnread = path === 'config.json' && how === 'gone';
          expect(isTold || isUnread).toBe(true);
        },
      ),
      { seed: 1, numRuns: 120 },
    );
  });

  it('reads slices: a checkpoint of 100 GB costs its header', async () => {
    const huge = 1e11;
    let read = 0;
    const head = readFileSync(join(folder, 'checkpoint.safetensors'));
    const from = {
      slice: (begin: number, end: number) => {
        read += end - begin;
        return new Blob([head.subarray(begin, end)]);
      },
    } as unknown as Blob;
    const files = handlesOf(folder).map((file) =>
      file.path === 'checkpoint.safetensors' ? { ...file, bytes: huge, from } : file,
    );
    const found = await readRun({ name: 'one', files });
    expect(read).toBeLessThan(head.length);
    expect(found.problems.join()).toContain('one/checkpoint.safetensors');
    isPrefix(found.records, records);
  });
});

describe('files that are dropped together', () => {
  it('are runs, tables, weights, and others', () => {
    const files = [
      'a/one/manifest.json',
      'a/one/records.jsonl',
      'a/one/weights/step-0.safetensors',
      'a/two/records.jsonl',
      'a/results.csv',
      'b/plan.json',
      'w.safetensors',
      'x.txt',
    ].map((path) => ({ path }));
    const { runs, tables, others } = groupFiles(files);
    expect(runs.map(({ name, files: own }) => [name, own.map(({ path }) => path)])).toEqual([
      ['a/one', ['manifest.json', 'records.jsonl', 'weights/step-0.safetensors']],
      ['a/two', ['records.jsonl']],
      ['w.safetensors', ['w.safetensors']],
    ]);
    expect(tables.map(({ path }) => path)).toEqual(['a/results.csv']);
    expect(others).toEqual(['b/plan.json', 'x.txt']);
  });

  it('takes the folder of a sweep for its tables and its runs, and for no run that is damaged', () => {
    const [own, work] = [['manifest.json', 'sweep.json', 'progress.json', 'results.csv', 'results.parquet', 'summary.csv', 'runs/a/result.json'], ['manifest.json', 'records.jsonl']]; // prettier-ignore
    for (const folder of ['', 's/']) {
      const of = [...own, ...work.map((path) => `runs/a/work/${path}`), 'notes.txt'].map((path) => `${folder}${path}`);
      const { runs, tables, others } = groupFiles(of.map((path) => ({ path })));
      expect(runs.map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
        [`${folder}runs/a/work`, work],
      ]);
      expect(tables.map(({ path }) => path)).toEqual([`${folder}results.parquet`, `${folder}summary.csv`]);
      expect(others).toEqual([`${folder}notes.txt`]);
    }
    const { tables } = groupFiles([{ path: 'sweep.json' }, { path: 'results.csv' }]);
    expect(tables).toEqual([{ path: 'results.csv' }]);
  });
});

describe('a sweep table', () => {
  const column = (name: string, type: 'number' | 'integer', values: number[]) => ({ name, type, meaning: '', values });
  const table: Table = {
    rows: 4,
    columns: [
      column('batch', 'integer', [16, 16, 64, 64]),
      column('seed', 'integer', [1, 2, 1, 2]),
      column('topFraction', 'number', [0.5, 0.75, 0.75, 1]),
    ],
  };
  const handle = (path: string, content: BlobPart): FileHandle => {
    const from = new Blob([content]);
    return { path, bytes: from.size, from };
  };
  const means = [
    { x: 16, mean: 0.625, low: 0.5, high: 0.75, seeds: 2 },
    { x: 64, mean: 0.875, low: 0.75, high: 1, seeds: 2 },
  ];

  it.each([
    ['results.csv', tableCsv(table)],
    ['results.parquet', new Uint8Array(tableParquet(table))],
    ['summary.csv', 'batch,topFraction.mean,topFraction.se,topFraction.n\n16,0.625,0.125,2\n64,0.875,0.125,2\n'],
  ])('%s is means over seeds with their standard errors', async (path, content) => {
    const { table: read } = await readTableFile(handle(path, content));
    const { curves, chosen, problem } = drawTable(read, { where: [] });
    expect(problem).toBeUndefined();
    expect(chosen.x).toBe('batch');
    expect(curves).toHaveLength(1);
    expect(curves[0]!.points).toMatchObject(means);
  });

  it('says why nothing is drawn', () => {
    expect(drawTable(table, { x: 'seed', where: [] }).problem).toContain('batch');
    expect(drawTable(table, { x: 'nothing', where: [] }).problem).toContain('the table has no column');
    expect(drawTable(table, { where: ['?'] }).problem).toContain('is no condition on rows');
  });

  it('is refused in words where it is damaged', async () => {
    const bytes = new Uint8Array(tableParquet(table));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.boolean(), async (at, isCut) => {
        const changed = bytes.slice(0, isCut ? at : bytes.length);
        if (!isCut) changed[at]! ^= 255;
        await expect(readTableFile(handle('results.parquet', changed))).rejects.toThrow(/results\.parquet/);
      }),
      { seed: 1, numRuns: 40 },
    );
    await expect(readTableFile(handle('results.csv', 'a,b\n1'))).rejects.toThrow(/line 2 has 1 cells|cut off/);
    await expect(readTableFile(handle('results.csv', new Uint8Array([0xff, 0xfe, 0])))).rejects.toThrow(
      'no CSV file in UTF-8',
    );
  });
});

it('the example that comes with the page is a whole run folder of the present command line', () => {
  const example = copyOf('web/public/example-run', 'example-run');
  expect(loadRun(example).records).toHaveLength(11);
  expect(existsSync(join(example, 'tiny-subspace.lock'))).toBe(false);
});

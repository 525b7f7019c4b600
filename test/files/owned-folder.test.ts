import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { DataError, UsageError } from '../../src/errors.js';
import { claimFiles, inOwnFolder } from '../../src/files/owned-folder.js';
import { sealedJson } from '../../src/files/sealed-json.js';
import { captured } from '../cli/captured.js';

const kind = { name: 'tiny-subspace example', subfolders: ['parts'] };
const leftover = (name: string): string => `${name}.0123456789abcdef.tiny-subspace-tmp`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owned-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Every file with its content. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]),
  );

const write = (name: string, text: string): void => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};

describe('inOwnFolder', () => {
  it('works in a new or empty folder, also where a killed process left its first file half-written', async () => {
    expect(await inOwnFolder(join(folder, 'new', 'deep'), kind, async () => Promise.resolve(5))).toBe(5);
    const emptied = join(folder, 'emptied');
    mkdirSync(emptied);
    writeFileSync(join(emptied, leftover('manifest.json')), '{"for');
    await inOwnFolder(emptied, kind, async () => Promise.resolve());
    expect(readdirSync(emptied)).toEqual([]);
  });

  it('clears only half-written files of its own, and gives the folder back when the work fails', async () => {
    write('manifest.json', sealedJson({ format: 'tiny-subspace example 1', files: [] }));
    for (const name of ['data.json.1', 'w.safetensors.3', 'lock', leftover('a.json'), `parts/${leftover('b')}`])
      write(name, 'x');
    write('other/' + leftover('c'), 'x');
    await expect(inOwnFolder(folder, kind, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const names = Object.keys(contents()).map((path) => path.slice(folder.length + 1));
    expect(names.sort()).toEqual(['data.json.1', 'lock', 'manifest.json', 'other/' + leftover('c'), 'w.safetensors.3']);
  });

  it.each([
    [
      'files of somebody else',
      { 'notes.txt': 'mine' },
      /is not empty and is no 'tiny-subspace example' folder: it has no manifest\.json/,
    ],
    ['another manifest.json', { 'manifest.json': '{"name":"app"}' }, /it has no manifest\.json of one/],
    [
      'a manifest.json of another kind',
      { 'manifest.json': '{"format":"tiny-subspace run 3"}' },
      /says 'tiny-subspace run 3'/,
    ],
    ['a folder', { 'weights/mine.safetensors': 'x' }, /not empty/],
    ['a lock of somebody else', { lock: '1' }, /not empty/],
  ])('refuses a folder with %s, and touches nothing', async (_, files, words) => {
    for (const [name, text] of Object.entries(files)) write(name, text);
    write(leftover('x.json'), 'x');
    const before = contents();
    const attempt = inOwnFolder(folder, kind, () => Promise.reject(new Error('worked')));
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(words);
    await expect(attempt).rejects.toThrow(/nothing in it was touched: choose a new or an empty folder$/);
    expect(contents()).toEqual(before);
  });

  it('refuses a file in its place', async () => {
    write('file', 'x');
    await expect(inOwnFolder(join(folder, 'file'), kind, () => Promise.resolve())).rejects.toThrow(DataError);
  });
});

describe('claimFiles', () => {
  it('names files in the manifest, once, and refuses one that was there before it was named', () => {
    claimFiles(folder, kind, ['b.csv', 'a.csv']);
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ format: 'tiny-subspace example 1', files: ['a.csv', 'b.csv'] });
    write('a.csv', 'ours');
    claimFiles(folder, kind, ['a.csv']);
    write('c.csv', 'mine');
    expect(() => {
      claimFiles(folder, kind, ['a.csv', 'c.csv']);
    }).toThrow(/c\.csv is there already and was not written by this program; move it away/);
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(manifest);
  });

  it('refuses a manifest that was altered', () => {
    claimFiles(folder, kind, ['a.csv']);
    write('manifest.json', readFileSync(join(folder, 'manifest.json'), 'utf8').replace('a.csv', 'b.csv'));
    expect(() => {
      claimFiles(folder, kind, ['b.csv']);
    }).toThrow(/manifest\.json: it was altered since it was written.*restore it, or choose another folder/);
  });
});

describe('commands with --out', () => {
  const mine = {
    'README.md': '# Mine',
    'config.json': '{}',
    lock: 'mine',
    'data.json.1': 'mine',
    'weights/w.safetensors.3': 'mine',
    'collapse.png': 'mine',
  };

  it.each([
    [
      'train',
      '--model',
      'softmax',
      '--backend',
      'plain',
      '--dtype',
      'f64',
      '--data',
      'mixture:2,2,0.1,20',
      '--steps',
      '1',
    ],
    ['measure', '--data', 'mixture:2,2,0.1,20', '--steps', '1'],
    ['figures', '--only', 'spectrum'],
    ['reproduce', '--quick', '--only', 'table1'],
    ['compare', '--ladder'],
  ])('%s leaves a folder of somebody else as it is', async (...args) => {
    for (const [name, text] of Object.entries(mine)) write(name, text);
    const before = contents();
    const { code, stdout, stderr } = await captured(() => runCli([...args, '--out', folder]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('is not empty');
    expect(contents()).toEqual(before);
    expect(existsSync(join(folder, 'tiny-subspace.lock'))).toBe(false);
  });
});

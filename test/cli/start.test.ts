import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';

const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** Names on stderr every module that is imported and, at the end, every one that was required. */
const tracer = dataUrl(`
  import { createRequire, register } from 'node:module';
  register(${JSON.stringify(
    dataUrl(`
      import { writeSync } from 'node:fs';
      export function load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); }
    `),
  )});
  const { cache } = createRequire(process.execPath);
  process.on('exit', () => { console.error(Object.keys(cache).join('\\n')); });
`);

/** What a command loads, in a process of its own: the packages, tsx apart, and the folders of this one. */
function loaded(...args: string[]): { readonly packages: readonly string[]; readonly folders: readonly string[] } {
  const main = ['--import', 'tsx', '--import', tracer, 'src/cli/main.ts'];
  const { status, stderr } = spawnSync(process.execPath, [...main, ...args], { encoding: 'utf8' });
  expect(status).toBe(args.includes('--redis') ? 2 : 0); // nobody listens there
  const found = (pattern: RegExp): string[] =>
    [...new Set([...stderr.matchAll(pattern)].map(([, name]) => name!))].sort();
  return {
    packages: found(/\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/g).filter(
      (name) => !['tsx', 'esbuild', '@esbuild'].includes(name.split('/')[0]!),
    ),
    folders: found(/\/((?:src\/[a-z]+|theory|figures)(?=\/)(?:\/[a-z]+(?=\/))?)\/[\w/-]+\.ts/g),
  };
}

const heavy = /^(mathjs|fast-check|zod|protobufjs|onnxruntime-.*|chart\.js|@napi-rs\/.*)$/;

describe('a command loads what it uses', () => {
  it('the help of all commands: none of them', () => {
    expect(loaded('--help')).toEqual({ packages: ['commander'], folders: ['src/cli'] });
  });

  it('solve: the model without noise', () => {
    const { packages, folders } = loaded('solve');
    expect(packages.filter((name) => !printing.includes(name))).toEqual(['@noble/hashes', 'commander', 'pure-rand']);
    expect(folders).toEqual([
      'src/cli',
      'src/exact/noiseless',
      'src/exact/noisy', // the names of sectors
      'src/numeric',
      'src/numeric/kernels',
      'src/numeric/quadrature',
      'src/observe',
      'src/studies/solve',
    ]);
  });

  it.each([
    ['solve', '--noise', '0.3'],
    ['boundary', '--help'],
    ['verify', '--help'],
  ])('%s %s: no theorems, networks, figures or schemas', (...args) => {
    const { packages, folders } = loaded(...args);
    expect(packages).toContain('commander');
    expect(packages.filter((name) => heavy.test(name))).toEqual([]);
    expect(folders.filter((name) => /^(theory|figures|src\/(train|tensor|files))/.test(name))).toEqual([]);
  });

  it('simulate: the loop of train, and nothing that runs networks or reads files', () => {
    const { packages, folders } = loaded('simulate', '--help');
    expect(packages.filter((name) => heavy.test(name))).toEqual([]);
    expect(folders.filter((name) => /^(theory|figures|src\/(tensor|files))/.test(name))).toEqual([]);
  });

  it('derive: mathjs in one file, and nothing of the model but its errors', () => {
    const { packages, folders } = loaded('derive', '--classes', 'k');
    expect(packages.filter((name) => heavy.test(name))).toEqual(['mathjs']);
    expect(folders).toEqual(['src/cli', 'src/numeric', 'src/studies/solve', 'theory/derive', 'theory/exact']);
  });

  it('worker: BullMQ and ioredis once it connects', () => {
    const queue = ['bullmq', 'ioredis'];
    const { packages, folders } = loaded('worker', '--help');
    expect(folders).toContain('src/jobs/redis');
    expect(packages.filter((name) => queue.includes(name))).toEqual([]);
    expect(loaded('worker', '--redis', 'redis://127.0.0.1:1').packages).toEqual(expect.arrayContaining(queue));
  });

  it('sees what is loaded: train checks its configuration by zod', () => {
    const { packages, folders } = loaded('train', '--help');
    expect(packages).toContain('zod');
    expect(folders).toContain('src/train');
  });
});

/** Tables. */
const printing = [
  'cli-table3',
  'string-width',
  'strip-ansi',
  'ansi-regex',
  'emoji-regex',
  'is-fullwidth-code-point',
  '@colors/colors',
];

describe('the table of commands', () => {
  it.each(commands.map(({ name, load }) => [name, load] as const))(
    '%s: takes options, --json among them',
    async (_, load) => {
      const command = await load(new AbortController().signal);
      expect(command.options.map(({ long }) => long)).toContain('--json');
      expect({ name: command.name(), description: command.description() }).toEqual({ name: '', description: '' });
    },
  );
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { formatSafetensors } from '../../src/files/safetensors.js';
import { captured } from './captured.js';
import { hostileText, unshown } from './hostile.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exit-codes-'));
  const write = (name: string, content: string | Uint8Array): void => {
    writeFileSync(join(folder, name), content);
  };
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  mkdirSync(join(folder, 'folder'));
  mkdirSync(join(folder, 'run', 'manifest.json'), { recursive: true });
  mkdirSync(join(folder, 'records', 'records.jsonl'), { recursive: true });
  write('file', 'hello');
  write('empty', '');
  write('latin1', Uint8Array.of(0x22, 0xe9, 0x22));
  write('nothing.safetensors', formatSafetensors(new Map(), new Map()));
  write('deep.json', `{"model":${nested(50_000)}}`);
  write('deep-object.json', `{"data":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`);
  write('shallow.json', `{"model":${nested(10)}}`);
  write('twice.json', '{"steps":1,"st\\u0065ps":2}');
  write('proto.json', '{"__proto__":{"steps":1}}');
  write('large.json', '{"steps":1e400}');
  write('long.json', `{"model":"${'x'.repeat(1e7)}"}`);
  write('key.json', '{"\\nerror: \\u001b[31m\\u202e":1}');
  write('list.json', '[1]');
  write('null.json', 'null');
  write('schema.json', '{"$schema":"x"}');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const train = 'train --data mixture:3,4,0.3,60 --model softmax --backend plain --dtype f64 --steps 1 --top 3';
const layers = (count: number): string => Array<number>(count).fill(2).join();

/** Command line, DIR a folder of files; exit code; what stderr says. */
const table: readonly (readonly [line: string, code: number, says: string])[] = [
  ['solve', 0, ''],
  ['--version', 0, ''],
  ['train --help', 0, ''],
  [`${train} --config DIR/schema.json`, 0, ''],
  ['compare --classes 2 --noise 0.3 --seeds 1 --replicas 3 --samples 16 --times 0.1 --dim 0', 1, ''],
  ['sovle', 2, "unknown command 'sovle' (Did you mean solve?) (add --help for usage)"],
  ['solve --clases 3', 2, "unknown option '--clases' (Did you mean --classes?)"],
  ['solve extra', 2, 'too many arguments'],
  ['solve --classes', 2, 'argument missing'],
  [`solve --times ${'1,'.repeat(100_000)}x`, 2, "'x' is not a number"],
  ['spectrum', 2, "required option '--checkpoint <FILE>' not specified"],
  ['solve --margin 701', 2, '--margin without noise goes up to 700'],
  [`${train} --config DIR/shallow.json`, 2, 'expected string'],
  [`${train} --config DIR/proto.json`, 2, 'Unrecognized key: "__proto__"'],
  [`${train} --config DIR/large.json`, 2, 'received Infinity'],
  [`${train} --config DIR/long.json`, 2, 'characters left out'],
  [`${train} --config DIR/key.json`, 2, '\\nerror: \\u001b[31m\\u202e'],
  [`${train} --config DIR/list.json`, 2, 'must hold one JSON object, received [1]'],
  [`${train} --config DIR/null.json`, 2, 'must hold one JSON object, received null'],
  [`${train} --init-from DIR/file --init-map DIR/none`, 2, 'TENSOR=PARAMETER'],
  [`${train} --init-from DIR/file --init-map a=`, 2, 'TENSOR=PARAMETER'],
  [`${train} --model mlp:${layers(501)}`, 2, 'at most 500 hidden layers, received 501'],
  [`${train} --model mlp:${layers(5001)}`, 2, 'at most 500 hidden layers, received 5001'],
  ['reproduce --redraw --out DIR/file', 2, 'holds no page'],
  [`${train} --config DIR/deep.json`, 3, 'it is nested deeper than 16 levels'],
  [`${train} --config DIR/deep-object.json`, 3, 'it is nested deeper than 16 levels'],
  [`${train} --config DIR/twice.json`, 3, 'it holds the key "steps" twice'],
  [`${train} --config DIR/file`, 3, 'is no readable JSON file'],
  [`${train} --config DIR/empty`, 3, 'is no readable JSON file'],
  [`${train} --config DIR/latin1`, 3, 'it is no UTF-8 text'],
  [`${train} --config DIR/folder`, 3, 'it is a directory, not a file'],
  [`${train} --config DIR/none`, 3, 'there is no such file'],
  [`${train} --config DIR/file/none`, 3, 'DIR/file/none'],
  [`${train} --init-from DIR/file --init-map DIR/deep.json`, 3, 'it is nested deeper than 16 levels'],
  [`${train} --init-from DIR/file --init-map DIR/folder`, 3, 'it is a directory, not a file'],
  [`${train} --init-from DIR/folder`, 3, 'DIR/folder'],
  [`${train} --init-from DIR/none`, 3, 'DIR/none'],
  [`${train} --init-from DIR/file`, 3, 'DIR/file'],
  [`${train} --init-from DIR/nothing.safetensors`, 3, 'does not fit the network'],
  [`${train} --out DIR/file`, 3, 'DIR/file'],
  [`${train} --out DIR/file/none`, 3, 'DIR/file/none'],
  ['spectrum --checkpoint DIR/folder', 3, 'DIR/folder'],
  ['spectrum --checkpoint DIR/file', 3, 'DIR/file'],
  ['spectrum --checkpoint DIR/none', 3, 'DIR/none'],
  ['spectrum --checkpoint DIR/nothing.safetensors', 3, 'does not say which run it is of'],
  ['figures --run DIR/file', 3, 'is no run folder'],
  ['figures --run DIR/none', 3, 'is no run folder'],
  ['figures --run DIR/folder', 3, 'is no run folder'],
  ['figures --run DIR/run', 3, 'manifest.json could not be read'],
  ['figures --only collapse --out DIR/file', 3, 'DIR/file'],
  ['reproduce --only fig1a --out DIR/file', 3, 'DIR/file'],
  ['simulate --method gd --lr 1e6 --steps 50', 4, 'gradient descent diverged'],
];

const one = async (args: readonly string[]) => {
  const { code, stderr } = await captured(() => runCli(args));
  return { code, stderr };
};

it.each(table.map(([line, ...rest]) => [line.replace(train, 'train').slice(0, 100), ...rest, line] as const))(
  '%s: exit code %d',
  async (_, code, says, line) => {
    const found = await one(line.split(' ').map((word) => word.replace('DIR', folder)));
    expect(found.code, found.stderr).toBe(code);
    if (code < 2) expect(found.stderr).toBe('');
    else expectOneLine(found.stderr);
    expect(found.stderr).toContain(says.replace('DIR', folder));
  },
);

/** `error: ` and one line of no more than some screens that a terminal shows as it is. */
function expectOneLine(stderr: string): void {
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr.slice(0, -1)).not.toMatch(unshown);
  expect(stderr.length).toBeLessThanOrEqual(2100);
}

describe('five hundred hostile names and configurations', () => {
  const argument = hostileText.map((word) => word.replaceAll('\0', ''));
  /** Below the folder, whatever is in the name. */
  const path = argument.map((name) => join(folder, `x${name.replaceAll('/', '')}`));
  const value = fc.oneof(
    hostileText,
    fc.jsonValue({ maxDepth: 6 }),
    fc.constantFrom<unknown>(1e308, -1, 0.5, '', null, [], {}, 'x'.repeat(5000)),
  );
  const keys = ['model', 'data', 'source', 'follow', 'window', 'measureEvery', 'optimizer', 'schedule', 'kind', 'seed'];
  const configuration = fc.dictionary(fc.oneof(fc.constantFrom(...keys, '__proto__', 'toString'), hostileText), value, {
    maxKeys: 3,
  });
  const inFile = (content: fc.Arbitrary<string | Uint8Array>): fc.Arbitrary<string> =>
    content.map((bytes) => {
      const file = join(folder, 'hostile');
      writeFileSync(file, bytes);
      return file;
    });
  const tensors = fc.dictionary(hostileText, fc.constantFrom(1, 3, 12), { maxKeys: 4 }).map((sizes) =>
    formatSafetensors(
      new Map(
        Object.entries(sizes)
          .filter(([name]) => name !== '__metadata__')
          .map(([name, size]) => [name, { dtype: 'F32', shape: [size], data: new Float32Array(size) }]),
      ),
      new Map(),
    ),
  );
  const list = fc.array(fc.oneof(fc.integer({ min: -1, max: 4 }), argument), { minLength: 1, maxLength: 5 });
  const option = (flag: string, arbitrary: fc.Arbitrary<string>, command = train) =>
    arbitrary.map((word) => [...command.split(' '), `${flag}=${word}`]);
  const lines: readonly fc.Arbitrary<readonly string[]>[] = [
    ...['--model', '--data', '--init', '--init-from', '--init-map', '--config', '--classes', '--columns'].map((flag) =>
      option(flag, argument),
    ),
    option(
      '--model',
      list.map((widths) => `mlp:${widths.join()}`),
      train.replace('--backend plain --dtype f64 ', ''),
    ),
    option(
      '--data',
      list.map((numbers) => `mixture:${numbers.join()}`),
    ),
    ...['--init-from', '--config'].map((flag) => option(flag, path)),
    option('--config', inFile(configuration.map((config) => JSON.stringify(config)))),
    option('--config', inFile(configuration.map((config) => JSON.stringify(config).replaceAll('"', '')))),
    option('--config', inFile(fc.uint8Array({ maxLength: 40 }))),
    option('--init-map', inFile(configuration.map((config) => JSON.stringify(config))), `${train} --init-from none`),
    option('--init-from', inFile(tensors)),
    option(
      '--init-map',
      argument.map((name) => `a=${name}`),
      `${train} --init-from none`,
    ),
    option('--checkpoint', inFile(tensors), 'spectrum'),
    option('--checkpoint', path, 'spectrum'),
    option('--run', path, 'figures'),
    option('--only', argument, 'figures'),
    option(
      '--only',
      argument.map((id) => `${id}!`),
      'reproduce',
    ),
    option('--times', argument, 'solve'),
    argument.map((word) => [`x${word}`]),
    argument.map((word) => ['solve', `--${word}x`]),
    argument.map((word) => ['solve', word]),
  ];

  it('have an exit code of the contract and one line that a terminal shows as it is', async () => {
    const codes = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(...lines), async (args) => {
        const { code, stderr } = await one(args);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        expect([0, 2, 3, 4]).toContain(code);
        if (code !== 0) expectOneLine(stderr);
      }),
      { seed: 5, numRuns: 500 },
    );
    for (const code of [2, 3]) expect(codes.get(code)).toBeGreaterThan(50);
  });
});

describe('a process of its own', () => {
  const typed = async (line: string, { stdout = 'ignore', stderr = 'pipe' }: Streams) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...line.split(' ')], {
      stdio: ['ignore', stdout, stderr],
    });
    if (stdout === 'pipe') child.stdout!.destroy(); // a reader that has seen enough
    const ended = once(child, 'exit') as Promise<[number | null]>;
    return { stderr: child.stderr === null ? '' : await text(child.stderr), code: (await ended)[0] };
  };
  interface Streams {
    readonly stdout?: number | 'pipe' | 'ignore';
    readonly stderr?: number | 'pipe';
  }

  it('keeps the exit code of a failed claim where nobody reads the results', async () => {
    const line = 'compare --classes 2 --noise 0.3 --seeds 1 --replicas 3 --samples 16 --times 0.1 --dim 0';
    expect(await typed(line, { stdout: 'pipe' })).toEqual({ code: 1, stderr: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('keeps its exit code where nothing can be said', async () => {
    const full = openSync('/dev/full', 'w');
    const found = await Promise.all([
      typed('solve --classes 1', { stderr: full }),
      typed('solve', { stdout: full, stderr: full }),
    ]);
    closeSync(full);
    expect(found.map(({ code }) => code)).toEqual([2, 3]);
  });

  it('takes what it did not expect for a bug: exit code 70, where it was in lines of its own', async () => {
    const thrown = `const soon = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      clearInterval(soon);
      throw new Error('a\\nerror: b');
    }, 1)`;
    const line = 'train --data mixture:3,4,0.3,60 --model softmax --steps 10000000 --measure-every 10000000 --top 3';
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--import',
        `data:text/javascript,${encodeURIComponent(thrown)}`,
        'src/cli/main.ts',
        ...line.split(' '),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const ended = once(child, 'exit');
    expect(await text(child.stderr)).toMatch(/^Error: a\\nerror: b\n( {4}at [^\n]+\n)+$/);
    expect(await ended).toEqual([70, null]);
  });

  it('writes results whole or says that it did not', async () => {
    const file = join(folder, 'results.json');
    const limited = spawn(
      'bash',
      [
        '-c',
        `ulimit -f 8; exec "$0" --import tsx src/cli/main.ts solve --init random:1 --classes 30 --levels 900 --json > "$1"`,
        process.execPath,
        file,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const ended = once(limited, 'exit');
    expect(await text(limited.stderr)).toMatch(/^error: the results could not be written: EFBIG[^\n]*\n$/);
    expect(await ended).toEqual([3, null]);
  });
});

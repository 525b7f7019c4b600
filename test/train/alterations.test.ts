import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TinySubspaceError } from '../../src/errors.js';
import { spectrum } from '../../src/studies/spectrum/spectrum.js';
import { loadRun } from '../../src/train/load-run.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import type { TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

/** Small, and with everything a folder can hold: eigenpairs, updates, a window, momentum. */
const config: TrainConfig = {
  ...softmaxDefaults,
  data: { ...softmaxDefaults.data, source: 'mixture:3,4,0.2,60' },
  optimizer: { kind: 'momentum', momentum: 0.5 },
  batch: 10,
  steps: 6,
  measureEvery: 2,
  top: 4,
  tolerance: 1e-6,
  window: { length: 4, every: 1 },
  updates: 2,
  keepWeights: 'all',
};

const base = mkdtempSync(join(tmpdir(), 'alterations-'));
const [whole, folder, other] = [join(base, 'whole'), join(base, 'altered'), join(base, 'other')];
let files: readonly string[] = [];
let document = '';

const filesOf = (path: string): string[] =>
  (
    readdirSync(path, { recursive: true, withFileTypes: true }) as {
      isFile(): boolean;
      parentPath: string;
      name: string;
    }[]
  )
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(path.length + 1))
    .sort();

beforeAll(async () => {
  document = JSON.stringify(await train(config, { out: whole }));
  await train({ ...config, seed: 2 }, { out: other });
  files = filesOf(whole);
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

interface Alteration {
  readonly file: string;
  readonly how: string;
  /** The new bytes; undefined where the file is taken away. */
  readonly by: (bytes: Buffer) => Buffer | undefined;
}

const lines = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n');
const joined = (all: readonly string[]): Buffer => Buffer.from(all.join('\n'), 'latin1');
const at = (share: number, length: number): number => Math.min(length - 1, Math.floor(share * length));
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Ways to alter a file; places are shares of its length. */
const ways: fc.Arbitrary<Pick<Alteration, 'how' | 'by'>> = fc.oneof(
  fc.tuple(share, fc.integer({ min: 0, max: 7 })).map(([where, bit]) => ({
    how: `bit ${bit} at ${where}`,
    by: (bytes: Buffer) => {
      const i = at(where, bytes.length);
      bytes[i]! ^= 1 << bit;
      return bytes;
    },
  })),
  share.map((where) => ({ how: `cut at ${where}`, by: (bytes: Buffer) => bytes.subarray(0, at(where, bytes.length)) })),
  share.map((where) => ({
    how: `eight bytes of zero at ${where}`,
    by: (bytes: Buffer) => bytes.fill(0, at(where, bytes.length), Math.min(bytes.length, at(where, bytes.length) + 8)),
  })),
  fc.tuple(share, share).map(([a, b]) => ({
    how: `lines ${a} and ${b} exchanged`,
    by: (bytes: Buffer) => {
      const all = lines(bytes);
      const [i, j] = [at(a, all.length), at(b, all.length)];
      return joined(all.with(i, all[j]!).with(j, all[i]!));
    },
  })),
  share.map((where) => ({
    how: `line ${where} twice`,
    by: (bytes: Buffer) =>
      joined(lines(bytes).flatMap((line, i, all) => (i === at(where, all.length) ? [line, line] : [line]))),
  })),
  share.map((where) => ({
    how: `line ${where} left out`,
    by: (bytes: Buffer) => joined(lines(bytes).filter((_, i, all) => i !== at(where, all.length))),
  })),
  fc.tuple(share, fc.constantFrom('7', '0', '-', 'e5', '.')).map(([where, digit]) => ({
    how: `${digit} for a digit at ${where}`,
    by: (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      const i = text.slice(at(where, text.length)).search(/\d/);
      if (i < 0) return bytes;
      const place = at(where, text.length) + i;
      return Buffer.from(text.slice(0, place) + digit + text.slice(place + 1), 'latin1');
    },
  })),
  fc.constantFrom(...['{"step":9}\n', 'x\n', '\0\0\0', '\ufeff']).map((text) => ({
    how: `${JSON.stringify(text)} behind it`,
    by: (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(text)]),
  })),
  fc.constant({ how: 'taken away', by: () => undefined }),
  fc.constant({ how: 'emptied', by: () => Buffer.alloc(0) }),
);

/** What it does to whoever reads the folder again: a refusal or a notice, or nothing at all. */
async function noticed(): Promise<{ readonly words: string[]; readonly harm: string[] }> {
  const [words, harm]: [string[], string[]] = [[], []];
  const attempt = async (what: () => unknown): Promise<unknown> => {
    try {
      return await what();
    } catch (error) {
      if (!(error instanceof TinySubspaceError)) throw error;
      words.push(error.message);
      return undefined;
    }
  };
  const wanted = JSON.parse(document) as { readonly records: object };
  const loaded = (await attempt(() => loadRun(folder))) as { readonly records: object } | undefined;
  if (loaded !== undefined && JSON.stringify(loaded.records) !== JSON.stringify(wanted.records)) harm.push('loadRun');
  for (const name of files.filter((file) => file.startsWith('weights/') && existsSync(join(folder, file)))) {
    const bytes = readFileSync(join(folder, name));
    const options = {
      curvature: 'hessian',
      layers: [],
      top: 1,
      bottom: 0,
      tolerance: 1e-6,
      densityProducts: 0,
    } as const;
    if (bytes.equals(readFileSync(join(whole, name)))) continue;
    const found = await attempt(() =>
      spectrum({ ...options, checkpoint: join(folder, name), traceProducts: 0, split: false, seed: 1 }),
    );
    if (found !== undefined) harm.push('spectrum');
  }
  const resumed = await attempt(() =>
    train(config, {
      out: folder,
      onNotice: (text) => {
        words.push(text);
      },
    }),
  );
  if (resumed !== undefined && JSON.stringify(resumed) !== document) harm.push('train');
  return { words, harm };
}

/** Files that are as before, when a run was taken up again; a manifest has one more session. */
function unhealed(): string[] {
  return files.filter((name) => {
    if (name === 'manifest.json' || !existsSync(join(folder, name))) return false;
    return !readFileSync(join(folder, name)).equals(readFileSync(join(whole, name)));
  });
}

it('whatever is altered in a run folder is noticed in words, or changes nothing: 30 ways for each of its files', async () => {
  let [silent, refused, harmless] = [0, 0, 0];
  const seen: string[] = [];
  for (const file of files) {
    await fc.assert(
      fc.asyncProperty(ways, async ({ how, by }) => {
        rmSync(folder, { recursive: true, force: true });
        cpSync(whole, folder, { recursive: true });
        const before = readFileSync(join(whole, file));
        const after = by(Buffer.from(before));
        if (after?.equals(before) === true) return;
        if (after === undefined) rmSync(join(folder, file));
        else writeFileSync(join(folder, file), after);
        const { words, harm } = await noticed();
        if (words.length > 0) refused++;
        else if (harm.length > 0 || unhealed().length > 0) {
          silent++;
          seen.push(`${file}, ${how}: ${[...harm, ...unhealed()].join(', ')}`);
        } else harmless++;
        for (const text of words)
          expect(text).toMatch(/; .*(restore|remove|choose|give|point|begin|run it again)|missing/);
      }),
      { numRuns: 50, seed: 1, interruptAfterTimeLimit: 100_000 },
    );
  }
  process.stderr.write(JSON.stringify({ silent, refused, harmless }) + seen.slice(0, 20).join('\n') + '\n');
  expect(seen).toEqual([]);
  expect(refused + harmless).toBeGreaterThanOrEqual(400);
});

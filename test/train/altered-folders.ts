import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { TinySubspaceError } from '../../src/errors.js';
import { spectrum } from '../../src/studies/spectrum/spectrum.js';
import { loadRun } from '../../src/train/load-run.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import type { TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

/** Small, and with everything a folder can hold: eigenpairs, updates, a window, momentum. */
export const alteredConfig: TrainConfig = {
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

interface Alteration {
  readonly file: string;
  readonly how: string;
  /** The new bytes; undefined where the file is taken away. */
  readonly by: (bytes: Buffer) => Buffer | undefined;
}

const lines = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n');
const joined = (all: readonly string[]): Buffer => Buffer.from(all.join('\n'), 'latin1');
const at = (share: number, length: number): number => Math.min(length - 1, Math.floor(share * length));
/** Anywhere with the same probability: fast-check prefers ends. */
const share = fc.noBias(fc.integer({ min: 0, max: 999_999 })).map((part) => part / 1e6);

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

/** What became of the alterations: noticed in words, without any effect, or neither. */
export interface Outcome {
  noticed: number;
  harmless: number;
  readonly silent: string[];
}

/** What whoever reads a folder again is told, and what it changed for them. */
async function readAgain(
  folder: string,
  {
    whole,
    files,
    document,
    run,
  }: {
    readonly whole: string;
    readonly files: readonly string[];
    readonly document: string;
    readonly run: TrainConfig;
  },
): Promise<{ readonly words: string[]; readonly harm: string[] }> {
  const [words, harm]: [string[], string[]] = [[], []];
  const attempt = async <T>(what: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await what();
    } catch (error) {
      if (!(error instanceof TinySubspaceError)) throw error;
      words.push(error.message);
      return undefined;
    }
  };
  const isSame = (name: string): boolean => readFileSync(join(folder, name)).equals(readFileSync(join(whole, name)));
  const wanted = JSON.parse(document) as { readonly records: readonly object[] };
  const loaded = await attempt(() => loadRun(folder));
  const seen = loaded?.records.length ?? 0;
  if (loaded !== undefined && JSON.stringify(loaded.records) !== JSON.stringify(wanted.records.slice(0, seen)))
    harm.push('loadRun');
  for (const name of files.filter(
    (file) => file.startsWith('weights/') && existsSync(join(folder, file)) && !isSame(file),
  )) {
    const only = { layers: [], top: 1, bottom: 0, tolerance: 1e-6, densityProducts: 0, traceProducts: 0, split: false };
    const found = await attempt(() =>
      spectrum({ ...only, checkpoint: join(folder, name), curvature: 'hessian', seed: 1 }),
    );
    if (found !== undefined) harm.push('spectrum');
  }
  const onNotice = (text: string): void => {
    words.push(text);
  };
  const resumed = await attempt(() => train(run, { out: folder, onNotice }));
  if (resumed !== undefined && JSON.stringify(resumed) !== document) harm.push('train');
  return { words, harm };
}

/**
 * Alters each file of a run folder in `perFile` ways, one at a time, and reads it again: draws it, takes the spectrum of its weights, and goes on with it. `until`: the run was interrupted
 * before this step, with records that its last checkpoint does not count.
 */
export async function alterEach(run: TrainConfig, perFile: number, until = Infinity): Promise<Outcome> {
  const base = mkdtempSync(join(tmpdir(), 'alterations-'));
  try {
    const [finished, whole, folder] = ['finished', 'whole', 'altered'].map((name) => join(base, name)) as [
      string,
      string,
      string,
    ];
    const document = JSON.stringify(await train(run, { out: finished }));
    await interrupted(run, whole, until);
    const files = filesOf(whole);
    const outcome: Outcome = { noticed: 0, harmless: 0, silent: [] };
    for (const file of files) {
      const property = fc.asyncProperty(ways, async ({ how, by }) => {
        const before = readFileSync(join(whole, file));
        const after = by(Buffer.from(before));
        fc.pre(after?.equals(before) !== true);
        rmSync(folder, { recursive: true, force: true });
        cpSync(whole, folder, { recursive: true });
        if (after === undefined) rmSync(join(folder, file));
        else writeFileSync(join(folder, file), after);
        const { words, harm } = await readAgain(folder, { whole, files, document, run });
        for (const text of words) expect(text).toMatch(/restore|remove|choose|give|point|begin|again|missing/);
        if (words.length > 0) outcome.noticed++;
        else if (harm.length > 0 || differing(folder, finished).length > 0) {
          outcome.silent.push(`${file}, ${how}: ${[...harm, ...differing(folder, finished)].join(', ')}`);
        } else outcome.harmless++;
      });
      await fc.assert(property, { numRuns: perFile, seed: 1, endOnFailure: true });
    }
    return outcome;
  } finally {
    rmSync(base, { recursive: true });
  }
}

/** Runs until a step, and leaves a finished record behind the last checkpoint. */
async function interrupted(run: TrainConfig, out: string, until: number): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ step }: { readonly step: number }): void => {
    if (step >= until) stop.abort(new Error('interrupted'));
  };
  const ended = train(run, { out, signal: stop.signal, onProgress });
  if (until === Infinity) {
    await ended;
    return;
  }
  await expect(ended).rejects.toThrow('interrupted');
  const kept = readFileSync(join(out, 'checkpoint.safetensors'));
  const first = readFileSync(join(out, 'records.jsonl'));
  await train({ ...run }, { out });
  const ahead = readFileSync(join(out, 'records.jsonl')).subarray(first.length).toString();
  writeFileSync(join(out, 'checkpoint.safetensors'), kept);
  writeFileSync(join(out, 'records.jsonl'), first.toString() + ahead.slice(0, ahead.indexOf('\n') + 20));
}

/** Files that a finished run has and that are others here; missing ones too, the manifest, which has one more session, left out. */
function differing(folder: string, finished: string): string[] {
  return filesOf(finished).filter((name) => {
    if (name === 'manifest.json') return false;
    return (
      !existsSync(join(folder, name)) || !readFileSync(join(folder, name)).equals(readFileSync(join(finished, name)))
    );
  });
}

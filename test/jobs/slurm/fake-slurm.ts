import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';

/** A Slurm that only keeps books, and the test that is its cluster. */
export interface FakeSlurm {
  readonly folder: string;
  /** The commands it was given, those that begin so. */
  readonly calls: (beginning: string) => string[];
  /** Arrays, by number, and the folders of their submissions. */
  readonly arrays: () => ReadonlyMap<string, string>;
  readonly states: () => Readonly<Record<string, string>>;
  /** It takes an array as if sbatch had been called; its tasks wait. */
  readonly accept: (array: number, folder: string, name: string, tasks: number) => void;
  /** `status`: a wait status, 256 times the exit code, or a signal. */
  readonly set: (task: string, state: string, status?: number) => void;
  /** It no longer knows a task. */
  readonly forget: (task: string) => void;
  readonly write: (name: 'down' | `answer-${number}` | 'sacct' | 'config', text: string) => void;
  readonly up: () => void;
  readonly remove: () => void;
}

/** Puts its commands on the path, before those that are there. */
export function fakeSlurm(): FakeSlurm {
  const folder = mkdtempSync(join(tmpdir(), 'fake-slurm-'));
  const at = (...names: string[]): string => join(folder, ...names);
  for (const name of ['bin', 'arrays', 'tasks']) mkdirSync(at(name));
  for (const name of ['sbatch', 'squeue', 'scancel', 'scontrol', 'sacct']) {
    symlinkSync(resolve('test/jobs/slurm/fake-slurm.sh'), at('bin', name));
  }
  writeFileSync(at('config'), 'MaxArraySize            = 1001\nAccountingStorageType   = accounting_storage/none\n');
  vi.stubEnv('FAKE_SLURM', folder);
  vi.stubEnv('PATH', `${at('bin')}:${process.env.PATH}`);
  const put = (path: string, text: string): void => {
    writeFileSync(at('new'), text);
    renameSync(at('new'), path);
  };
  const fieldsOf = (task: string): string[] => readFileSync(at('tasks', task), 'utf8').trim().split('|');
  return {
    folder,
    calls: (beginning) =>
      existsSync(at('calls'))
        ? readFileSync(at('calls'), 'utf8')
            .split('\n')
            .filter((line) => line.startsWith(beginning))
        : [],
    arrays: () =>
      new Map(readdirSync(at('arrays')).map((array) => [array, readFileSync(at('arrays', array), 'utf8').trim()])),
    states: () => Object.fromEntries(readdirSync(at('tasks')).map((task) => [task, fieldsOf(task)[0]!])),
    accept(array, folder, name, tasks) {
      put(at('arrays', String(array)), folder);
      for (let i = 0; i < tasks; i++) put(at('tasks', `${array}_${i}`), `PENDING|0|None|${name}\n`);
    },
    set(task, state, status = 0) {
      put(at('tasks', task), [state, status, 'None', fieldsOf(task)[3]].join('|') + '\n');
    },
    forget(task) {
      rmSync(at('tasks', task));
    },
    write(name, text) {
      put(at(name), text);
    },
    up() {
      rmSync(at('down'));
    },
    remove() {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    },
  };
}

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { DataError, UsageError } from '../errors.js';

/** A folder that the page may read: of a run, or of a sweep. */
export interface RunFolder {
  /** What the page calls it. */
  readonly name: string;
  readonly path: string;
}

/** A file of such a folder. */
export interface RunFile {
  /** Within the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** Folders that the page opens at once. */
const most = 100;

/** One of these makes a folder one of a run or of a sweep. */
const telling = ['records.jsonl', 'results.csv', 'results.parquet'];
const named = [...telling, 'manifest.json', 'config.json', 'checkpoint.safetensors', 'summary.csv', 'differences.csv', 'sweep.json']; // prettier-ignore

/**
 * The folders at these paths, each once; those that end alike are called as they are written. Throws DataError for one that is missing, or is
 * neither of a run nor of a sweep; UsageError for more than the page opens.
 */
export function runFolders(paths: readonly string[]): RunFolder[] {
  const all = paths.map((path) => resolve(path));
  const own = [...new Set(all)];
  if (own.length > most) throw new UsageError(`the page opens at most ${most} folders, received ${own.length}`);
  return own.map((path) => {
    const written = paths[all.indexOf(path)]!;
    refuseOther(path, written);
    const isAlone = own.filter((one) => basename(one) === basename(path)).length === 1;
    return { name: isAlone ? basename(path) : written, path };
  });
}

function refuseOther(path: string, written: string): void {
  if (!existsSync(path)) throw new DataError(`${written} is not there; name the folder of a run or of a sweep`);
  if (!statSync(path).isDirectory())
    throw new DataError(`${written} is a file; name the folder of a run or of a sweep that it is in`);
  const files = filesOf({ name: written, path });
  if (files.some((file) => telling.includes(file.path) || file.path.startsWith('weights/'))) return;
  throw new DataError(
    `${written} is no folder of a run or of a sweep: it holds neither ${telling.join(' nor ')} nor weights/….safetensors; name one that train or sweep has written with --out`,
  );
}

/** What the page may read of a folder, as it is now. Links that lead out of it, and what is no plain file, are left out. */
export function filesOf({ path: folder }: RunFolder): RunFile[] {
  const names = [
    ...named,
    ...namesIn(join(folder, 'weights'))
      .filter((name) => name.endsWith('.safetensors') && !name.startsWith('.'))
      .map((name) => `weights/${name}`),
  ];
  return names
    .map((path) => ({ path, bytes: sizeWithin(folder, path) }))
    .filter((file): file is RunFile => file.bytes !== undefined);
}

/** None where there is no such folder, or it cannot be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The size of a plain file that is in the folder itself. */
function sizeWithin(folder: string, path: string): number | undefined {
  try {
    const real = realpathSync(join(folder, path));
    const stat = statSync(real);
    return stat.isFile() && real.startsWith(realpathSync(folder) + sep) ? stat.size : undefined;
  } catch {
    return undefined; // it is not there, or has gone meanwhile
  }
}

import { join } from 'node:path';
import type { FolderKind } from '../../files/owned-folder.js';

/** The folder of a sweep: results of all that was ever run in it, the description that was run last, and its tables. */
export const sweepFolder: FolderKind = { name: 'tiny-subspace sweep', subfolders: ['runs'] };

/** What a sweep writes beside its runs. */
export const sweepFiles = {
  description: 'sweep.json',
  progress: 'progress.json',
  results: ['results.csv', 'results.parquet'],
  summary: 'summary.csv',
  differences: 'differences.csv',
  runs: 'runs.csv',
} as const;

/** The path of one of them. */
export const inSweep = (folder: string, file: string): string => join(folder, file);

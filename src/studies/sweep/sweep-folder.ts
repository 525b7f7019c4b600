import type { FolderKind } from '../../files/owned-folder.js';

/** The folder of a sweep: results of all that was ever run in it, the description that was run last, and its tables. */
export const sweepFolder: FolderKind = { name: 'tiny-subspace sweep', subfolders: ['runs'] };

/** What a sweep writes beside its runs. */
export const sweepFiles = {
  description: 'sweep.json',
  progress: 'progress.json',
  csv: 'results.csv',
  parquet: 'results.parquet',
  summary: 'summary.csv',
  differences: 'differences.csv',
  runs: 'runs.csv',
} as const;

/** Those of them that are tables. */
export const tableFiles = [
  sweepFiles.csv,
  sweepFiles.parquet,
  sweepFiles.summary,
  sweepFiles.differences,
  sweepFiles.runs,
];

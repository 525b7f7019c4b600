/** The module whose process executes runs: compiled, or the source where that is run. */
export const sweepWorker: URL = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
);

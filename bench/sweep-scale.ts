import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealedJson } from '../src/files/sealed-json.js';
import { localEngine } from '../src/jobs/local/local-engine.js';
import { resultStore } from '../src/jobs/result-store.js';
import { planSweep, type SweepPlan } from '../src/studies/sweep/plan.js';
import { runSweep } from '../src/studies/sweep/run-sweep.js';
import { toyCommand } from '../test/studies/sweep/toy-command.js';
import { line } from './ratio.js';

/**
 * A sweep of 100,000 runs (or RUNS, in thousands) that do nothing, all but a hundred of them finished: seconds and the peak of memory so far to plan it, to take it up (which runs the
 * hundred), to gather its tables again, and to read the table.
 *
 *   npx tsx bench/sweep-scale.ts [THOUSANDS]
 */
const thousands = Number(process.argv[2] ?? 100);
const root = mkdtempSync(join(tmpdir(), 'sweep-scale-'));
const out = join(root, 'sweep');
const engine = localEngine({
  worker: new URL('../test/studies/sweep/toy-sweep-worker.ts', import.meta.url),
  processes: 2,
});

/** Peak of this process so far, in GB. */
const peak = (): number => (1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1])) / 1e9;
async function timed<T>(name: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await run();
  line(name, (performance.now() - began) / 1000, peak());
  return result;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const base = { steps: 1 };
const grid = [{ x: range(thousands) }, { y: range(100) }];

line('', 'seconds', 'peak GB');
const plan = await timed('plan', () => planSweep({ command: 'toy', base, grid, seeds: '1..10' }, [toyCommand]));
leaveResults(plan);
await timed('take up', () => runSweep(plan, { out, engine }));
await timed('gather', () => runSweep(plan, { out, engine }));
await timed('read', async () => {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(out, 'results.parquet')) });
  if (rows.length !== 1000 * thousands) throw new Error(`${rows.length} rows`);
});
rmSync(root, { recursive: true });

/** As workers leave them, without waiting for the disk. */
function leaveResults({ runs }: SweepPlan): void {
  const store = resultStore(out);
  for (const { job, point } of runs.slice(100)) {
    const folder = store.folderOf(job);
    const result = { values: [Number(point.x) + Number(point.y) / 128] };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'result.json'), sealedJson({ key: job.key, result, seconds: 0, machine: 'here' }));
  }
  writeFileSync(join(out, 'manifest.json'), sealedJson({ format: 'tiny-subspace sweep 1', files: [] }));
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetReadObjects, asyncBufferFromFile } from 'hyparquet';
import { sealedJson } from '../../../src/files/sealed-json.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { planSweep, type SweepPlan } from '../../../src/studies/sweep/plan.js';
import { runSweep } from '../../../src/studies/sweep/run-sweep.js';
import { toyCommand } from './toy-command.js';

const base = mkdtempSync(join(tmpdir(), 'sweep-scale-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});
const worker = new URL('./toy-sweep-worker.ts', import.meta.url);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const out = join(base, 'sweep');
let plan: SweepPlan;

/** Seconds that work takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
const gigabytes = (): number => process.memoryUsage.rss() / 1e9;

describe('a sweep of 100,000 runs', () => {
  beforeAll(async () => {
    const seconds = await timed(async () => {
      plan = await planSweep(
        { command: 'toy', base: { steps: 1 }, grid: [{ x: range(100) }, { y: range(100) }], seeds: '1..10' },
        [toyCommand],
      );
    });
    expect(plan.runs).toHaveLength(100_000);
    expect(seconds).toBeLessThan(60);
    // all but a hundred are finished: as a worker leaves them, without waiting for the disk
    const store = resultStore(out);
    for (const { job, point } of plan.runs.slice(100)) {
      mkdirSync(store.folderOf(job), { recursive: true });
      const result = { values: [Number(point.x) + Number(point.y) / 128] };
      writeFileSync(
        join(store.folderOf(job), 'result.json'),
        sealedJson({ key: job.key, result, seconds: 0, machine: 'here' }),
      );
    }
  }, 600_000);

  it('is planned, taken up and gathered in a minute and a gigabyte each, and its table read in ten seconds', async () => {
    writeFileSync(join(out, 'manifest.json'), sealedJson({ format: 'tiny-subspace sweep 1', files: [] }));
    let left = 0;
    const resumed = await timed(() =>
      runSweep(plan, {
        out,
        engine: localEngine({ worker, processes: 2 }),
        onStart: (jobs) => (left = jobs.length),
      }),
    );
    expect(left).toBe(100);
    const gathered = await timed(() => runSweep(plan, { out, engine: localEngine({ worker, processes: 2 }) }));
    const read = await timed(async () => {
      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(out, 'results.parquet')) });
      expect(rows).toHaveLength(100_000);
    });
    process.stdout.write(`resumed ${resumed} s, gathered ${gathered} s, read ${read} s, ${gigabytes()} GB\n`);
    expect(resumed).toBeLessThan(120);
    expect(gathered).toBeLessThan(60);
    expect(read).toBeLessThan(10);
    expect(gigabytes()).toBeLessThan(1);
  }, 600_000);
});

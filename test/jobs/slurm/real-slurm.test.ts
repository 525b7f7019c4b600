import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jobOf } from '../../../src/jobs/job.js';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs, type JobsProgress } from '../../../src/jobs/run-jobs.js';
import { slurmEngine } from '../../../src/jobs/slurm/slurm-engine.js';
import { count, echoJob, failing, fatal, sum } from '../toy-works.js';
import { startSlurmNode, whyNoSlurm, type SlurmNode } from './slurm-node.js';

const missing = whyNoSlurm();
const base = mkdtempSync(join(tmpdir(), 'real-slurm-'));
const worker = new URL('../toy-worker.ts', import.meta.url);
let node: SlurmNode | undefined;
beforeAll(async () => {
  if (missing !== undefined) return;
  node = await startSlurmNode();
  vi.stubEnv('SLURM_CONF', node.conf);
});
afterAll(async () => {
  await node?.stop();
  rmSync(base, { recursive: true });
});

const engine = () => slurmEngine({ worker, processesPerTask: 2, settleSeconds: 0.5, pollSeconds: 0.3 });
const numbers = [1, 2, 3].map((x) => echoJob(x));
const total = jobOf(sum, { of: numbers.map(({ key }) => key) }, { after: numbers, seconds: 1 });
const long = jobOf(count, { to: 60, ms: 50 }, { seconds: 200 });

describe('a real Slurm', () => {
  it('works on jobs as local processes do, whatever becomes of tasks and processes', async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const [store, local] = ["it's here", 'local'].map((name) => resultStore(join(base, name))) as [
      ReturnType<typeof resultStore>,
      ReturnType<typeof resultStore>,
    ];
    const dying = jobOf(fatal, { times: 1, log: join(base, 'deaths'), by: 'SIGKILL' }, { seconds: 1 });
    const typed = jobOf(failing, { typed: true }, { seconds: 1 });
    let cancelled = false;
    const failures = await runJobs([long, dying, typed, total], {
      store,
      engine: engine(),
      onProgress({ running }) {
        if (cancelled || !running.has(long)) return;
        cancelled = true;
        node!.ask(
          'scancel',
          '--signal=KILL',
          '--full',
          readFileSync(join(store.path, 'slurm/1/number'), 'utf8').trim() + '_0',
        );
      },
    });
    expect(cancelled).toBe(true);
    expect([...failures]).toEqual([
      [typed.key, { name: 'DataError', exitCode: 3, message: 'no such data', attempts: 1 }],
    ]);
    expect(store.of(dying).result).toEqual({ before: 1 });
    expect(attemptsAt(store.path)).toBeGreaterThan(2);
    await runJobs([long, total], { store: local, engine: localEngine({ worker, processes: 2 }) });
    for (const job of [long, total, ...numbers])
      expect(store.of<unknown>(job).result).toEqual(local.of<unknown>(job).result);
  });

  it('stops its tasks with what is done kept, and goes on from there', async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const store = resultStore(join(base, 'stopped'));
    const stop = new AbortController();
    const reason = new Error('enough');
    const reached = (): number => Number(readFileSync(join(store.workFolderOf(long), 'at'), 'utf8'));
    const stopped = runJobs([long], { store, engine: engine(), signal: stop.signal });
    stopped.catch(() => undefined); // awaited below
    await vi.waitFor(
      () => {
        expect(reached()).toBeGreaterThan(10);
      },
      { timeout: 60_000 },
    );
    stop.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    expect(node!.ask('squeue', '--noheader')).toBe('');
    expect(readFileSync(join(store.path, 'slurm/1/logs/0.log'), 'utf8')).toContain('stopped');
    const at = reached();
    expect(at).toBeGreaterThan(10);
    expect(at).toBeLessThan(59);
    const shares: number[] = [];
    const onProgress = ({ running }: JobsProgress) => shares.push(running.get(long) ?? 0);
    expect(await runJobs([long], { store, engine: engine(), onProgress })).toEqual(new Map());
    expect(store.of(long).result).toEqual({ at: 60 });
    expect(shares.filter((share) => share > 0 && share < at / 60)).toEqual([]);
  });
});

/** Submissions of a store. */
function attemptsAt(path: string): number {
  let n = 0;
  while (existsSync(join(path, 'slurm', String(n + 1)))) n += 1;
  return n;
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs } from '../../../src/jobs/run-jobs.js';
import { randomStream } from '../../../src/numeric/random.js';
import { chaosJobs } from './slurm-driver.js';
import { startSlurmNode, whyNoSlurm, type SlurmNode } from './slurm-node.js';

const missing = whyNoSlurm();
const base = mkdtempSync(join(tmpdir(), 'slurm-chaos-'));
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

/** A driver that is killed after so many ms; what it said, at last its failures if it came to its end before. */
async function drive(
  store: string,
  ms: number,
): Promise<{ readonly failures?: unknown[]; readonly notices: string[] }> {
  const driver = fork(new URL('slurm-driver.ts', import.meta.url), [store], { execArgv: ['--import', 'tsx'] });
  const notices: string[] = [];
  let failures: unknown[] | undefined;
  driver.on('message', (message: { readonly notice: string } | { readonly failures: unknown[] }) => {
    if ('notice' in message) notices.push(message.notice);
    else failures = message.failures;
  });
  const timer = setTimeout(() => driver.kill('SIGKILL'), ms);
  await once(driver, 'exit');
  clearTimeout(timer);
  return { ...(failures && { failures }), notices };
}

it('100 runs come out once each, as undisturbed ones do, whatever is killed: tasks, drivers, the controller', async ({
  skip,
}) => {
  if (missing !== undefined) skip(missing);
  const [store, local] = ['slurm', 'local'].map((name) => resultStore(join(base, name))) as [
    ReturnType<typeof resultStore>,
    ReturnType<typeof resultStore>,
  ];
  const worker = new URL('../toy-worker.ts', import.meta.url);
  await runJobs(chaosJobs, { store: local, engine: localEngine({ worker, processes: 4 }) });

  const random = randomStream(1, 'chaos');
  const over = new AbortController();
  let [cancelled, restarts] = [0, 0];
  const chaos = (async () => {
    for (let round = 1; !over.signal.aborted; round++) {
      await pause(1000);
      const tasks = node!.ask('squeue', '--noheader', '--array', '--states=RUNNING', '--format=%i').trim().split('\n');
      const victim = tasks[Math.floor(random.uniform() * tasks.length)]!;
      if (victim !== '' && cancelled < 40) {
        node!.ask('scancel', ...(round % 3 === 0 ? [] : ['--signal=KILL', '--full']), victim);
        cancelled += 1;
      }
      if (round === 8 || round === 20) {
        await node!.controller('down');
        await pause(3000);
        await node!.controller('up');
        restarts += 1;
      }
    }
  })();
  let [kills, notices]: [number, string[]] = [0, []];
  let failures: unknown[] | undefined;
  while (failures === undefined) {
    const said = await drive(store.path, kills < 5 ? 3000 + 8000 * random.uniform() : 600_000);
    failures = said.failures;
    notices = [...notices, ...said.notices];
    if (failures === undefined) kills += 1;
  }
  over.abort();
  await chaos;
  expect(failures).toEqual([]);
  expect([kills, restarts]).toEqual([5, 2]);
  expect(cancelled).toBeGreaterThan(10);
  expect(notices.some((text) => text.includes('of an earlier start'))).toBe(true);
  for (const job of chaosJobs) {
    expect(JSON.stringify(store.of(job).result)).toBe(JSON.stringify(local.of(job).result));
  }
  expect(readdirSync(join(store.path, 'runs')).sort()).toEqual(readdirSync(join(local.path, 'runs')).sort());
}, 900_000);

import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../src/jobs/engine.js';
import { localEngine } from '../src/jobs/local/local-engine.js';
import { redisEngine } from '../src/jobs/redis/redis-engine.js';
import { slurmEngine } from '../src/jobs/slurm/slurm-engine.js';
import { planSweep, type SweepPlan } from '../src/studies/sweep/plan.js';
import { runSweep } from '../src/studies/sweep/run-sweep.js';
import { sweepWorker } from '../src/studies/sweep/worker-module.js';
import { onnxRuntime } from '../src/tensor/engine/index.js';
import type { TrainConfig } from '../src/train/train-config.js';
import { train } from '../src/train/train.js';
import { hasRedis, startRedis } from '../test/jobs/redis/redis-server.js';
import { startSlurmNode, whyNoSlurm } from '../test/jobs/slurm/slurm-node.js';
import { line } from './ratio.js';

/**
 * A study of 27 runs (batch × rate × seed of an MLP on MNIST) on each engine that is there, two runs at a time, against two single processes that train half of the configurations each, one after the
 * other: wall time, efficiency, and whether the tables are the same. Then 27 runs of a moment, one at a time: seconds that a run costs beyond itself, start-up included.
 *
 *   npx tsx bench/sweep-engines.ts
 */
const grid = [{ batch: [16, 64, 256] }, { lr: [0.02, 0.05, 0.1] }];
const study = { model: 'mlp:100,100', samples: 1000, steps: 200, measureEvery: 100, top: 10, tolerance: 1e-2 };
const plan = await planSweep({ base: study, grid, seeds: '1..3' });
const short = { model: 'softmax', data: { source: 'mixture:3,10,0.2,500' }, steps: 20, measureEvery: 20, top: 5 };
const shortPlan = await planSweep({ base: short, grid, seeds: '1..3' });
const configs = plan.runs.map(({ config }) => (config as { readonly config: TrainConfig }).config);
const processes = 2;
const root = mkdtempSync(join(tmpdir(), 'sweep-engines-'));

/** Trains every second configuration, in this process. */
async function trainHalf(which: number): Promise<void> {
  const runtime = await onnxRuntime();
  for (const [i, config] of configs.entries()) {
    if (i % processes === which) await train(config, { runtime, out: join(root, 'single', String(i)) });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** An engine of so many processes, and what ends it. */
type Start = (jobs: number) => Promise<{ readonly engine: Engine; readonly stop: () => Promise<unknown> }>;

const exited = (child: ChildProcess): Promise<unknown> => once(child, 'exit');
const single = (): Promise<unknown> =>
  Promise.all(
    Array.from({ length: processes }, (_, which) =>
      exited(fork(import.meta.filename, [String(which)], { execArgv: ['--import', 'tsx'] })),
    ),
  );

async function onEngine(engine: Engine, of: SweepPlan): Promise<{ wall: number; own: number; tables: string[] }> {
  const out = join(root, `${engine.name} ${of === plan ? 'study' : 'short'}`);
  const wall = await seconds(async () => {
    const { failures } = await runSweep(of, { out, engine });
    if (failures.size > 0) throw new Error([...failures.values()][0]!.message);
  });
  const runs = readFileSync(join(out, 'runs.csv'), 'utf8').trim().split('\r\n').slice(1);
  const own = runs.reduce((sum, row) => sum + Number(/,finished,([\d.]+),/.exec(row)![1]), 0);
  const tables = ['results.csv', 'results.parquet', 'summary.csv', 'differences.csv'];
  return { wall, own, tables: tables.map((name) => readFileSync(join(out, name)).toString('base64')) };
}

if (process.argv[2] !== undefined) {
  await trainHalf(Number(process.argv[2]));
} else {
  line('', 'wall s', 'efficiency', 'same tables', 's a run more');
  const reference = await seconds(single);
  line('two processes', reference);
  const engines: [string, Start][] = [
    [
      'local',
      (jobs) =>
        Promise.resolve({
          engine: localEngine({ worker: sweepWorker, processes: jobs }),
          stop: () => Promise.resolve(),
        }),
    ],
    ...(hasRedis ? [['redis', onRedis] as [string, Start]] : []),
    ...(whyNoSlurm() === undefined ? [['slurm', onSlurm] as [string, Start]] : []),
  ];
  let first: string[] | undefined;
  for (const [name, start] of engines) {
    const both = await start(processes);
    const { wall, tables } = await onEngine(both.engine, plan);
    await both.stop();
    const one = await start(1);
    const { wall: all, own } = await onEngine(one.engine, shortPlan);
    await one.stop();
    first ??= tables;
    const areSame = tables.every((table, i) => table === first![i]);
    line(name, wall, reference / wall, String(areSame), (all - own) / shortPlan.runs.length);
  }
  rmSync(root, { recursive: true });
}

async function onRedis(jobs: number): ReturnType<Start> {
  const redis = await startRedis();
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'worker', '--redis', redis.url, '--jobs', String(jobs)];
  const worker = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await once(worker.stderr, 'data'); // it takes jobs
  return {
    engine: redisEngine({ url: redis.url, retries: 1 }),
    stop: async () => {
      worker.kill('SIGTERM');
      await exited(worker);
      await redis.close();
    },
  };
}

async function onSlurm(jobs: number): ReturnType<Start> {
  const node = await startSlurmNode();
  process.env.SLURM_CONF = node.conf;
  return {
    engine: slurmEngine({ worker: sweepWorker, processesPerTask: jobs, taskSeconds: 3600 }),
    stop: () => node.stop(),
  };
}

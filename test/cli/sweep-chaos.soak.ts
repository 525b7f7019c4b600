import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { hasRedis, startRedis } from '../jobs/redis/redis-server.js';
import { startSlurmNode, whyNoSlurm } from '../jobs/slurm/slurm-node.js';
import { isShortened } from '../soak-times.js';

const base = mkdtempSync(join(tmpdir(), 'sweep-chaos-'));
/** What every process of these tests has in its environment, whoever starts it. Its temporary folders are in `base`. */
const mark = `SWEEP_CHAOS=${base}`;
/** How many runs there are, and how often the driver is killed. */
const [runs, kills] = isShortened ? [40, 2] : [100, 5];
const sweep =
  'sweep --data mixture:3,10,0.2,300 --model softmax --backend plain --steps 200 --measure-every 50 --top 3' +
  ` --grid lr=0.05,0.1,0.2,0.3,0.5 --grid batch=10,30,100,all --seeds 1..${runs / 20} --retries 1000`;

/** The command line as a process. What it says is kept, all of it together. */
function command(line: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...line.split(' ')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env, SWEEP_CHAOS: base, TMPDIR: base },
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return child;
}
let said = '';

beforeAll(async () => {
  expect(await once(command(`${sweep} --jobs 2 --out ${join(base, 'undisturbed')}`), 'exit')).toEqual([0, null]);
  expect(tablesIn('undisturbed')['results.csv']!.trimEnd().split('\n')).toHaveLength(1 + runs * 5);
});
afterEach(async () => {
  await expect.poll(ours, { timeout: 15_000 }).toEqual([]);
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

/** So often something is killed beside the driver: a machine that takes long to start a process comes to an end, too. */
const most = 12 * kills;

/** What chaos there is beside that of the driver. */
interface Chaos {
  /** Called every second, with how many there were, at most so often. */
  readonly strike: (second: number, driver: ChildProcess) => Promise<void> | void;
  /** Seconds that a driver has at most, as often as it is killed; less where runs are fast. */
  readonly life: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the sweep in a folder until a driver comes to its end; the first of them are killed. */
async function drive(name: string, options: string, { strike, life, env }: Chaos): Promise<void> {
  const line = `${sweep} ${options} --out ${join(base, name)}`;
  said = '';
  let driver = command(line, env);
  let ended = once(driver, 'exit');
  let killed = 0;
  const isOver = (): boolean => driver.exitCode !== null;
  for (let second = 1; !isOver(); second++) {
    await Promise.race([pause(1000), ended]);
    if (second <= most && !isOver()) await strike(second, driver);
    const isDue = second % life === 0 || finishedIn(name) >= 14 * (killed + 1);
    if (killed === kills || !isDue || !driver.kill('SIGKILL')) continue;
    await ended;
    killed += 1;
    driver = command(line, env);
    ended = once(driver, 'exit');
  }
  expect({ exit: driver.exitCode, killed, said }).toMatchObject({ exit: 0, killed: kills });
  const odd = said.split('\n').filter((line) => /Warning|bug|^\s+at /.test(line));
  expect({ odd, said: odd.length > 0 ? said : '' }).toEqual({ odd: [], said: '' });
}

/** All runs are there, none twice, none failed; and every table has the bytes of the undisturbed one. */
function expectUndisturbed(name: string): void {
  expect(tablesIn(name)).toEqual(tablesIn('undisturbed'));
  const parquet = (folder: string): Buffer => readFileSync(join(base, folder, 'results.parquet'));
  expect(parquet(name).equals(parquet('undisturbed'))).toBe(true);
  const rows = readFileSync(join(base, name, 'runs.csv'), 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1);
  expect(rows).toHaveLength(runs);
  expect(rows.filter((row) => !/,finished,[\d.]+,"[^"]*",,$/.test(row))).toEqual([]);
  expect(readdirSync(join(base, name, 'runs'))).toHaveLength(runs);
  const progress = JSON.parse(readFileSync(join(base, name, 'progress.json'), 'utf8')) as object;
  expect(progress).toMatchObject({ state: 'ended', total: runs, finished: runs, failed: 0 });
}

const tablesIn = (name: string): Record<string, string> =>
  Object.fromEntries(
    ['results.csv', 'summary.csv', 'differences.csv'].map((file) => [
      file,
      readFileSync(join(base, name, file), 'utf8'),
    ]),
  );

const finishedIn = (name: string): number => {
  const folder = join(base, name, 'runs');
  return existsSync(folder)
    ? readdirSync(folder).filter((key) => existsSync(join(folder, key, 'result.json'))).length
    : 0;
};

/** Processes of these tests. */
const ours = (): number[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && environmentOf(pid).includes(mark))
    .map(Number);

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // it ended
  }
}

const childrenOf = (pid: number): number[] =>
  existsSync(`/proc/${pid}/task/${pid}/children`)
    ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    : [];

/** One of some, undefined of none. */
function picker(name: string): <T>(some: readonly T[]) => T | undefined {
  const random = randomStream(1, 'sweep-chaos', name);
  return (some) => some[Math.floor(random.uniform() * some.length)];
}

describe.skipIf(process.platform !== 'linux')(`${runs} runs, whatever is killed`, () => {
  it(`local: workers every second, the driver ${kills} times`, async () => {
    const pick = picker('local');
    let killed = 0;
    await drive('local', '--jobs 2', {
      life: 5,
      strike(_, driver) {
        const victim = pick(childrenOf(driver.pid!).filter((pid) => environmentOf(String(pid)).includes(mark)));
        if (victim === undefined) return;
        process.kill(victim, 'SIGKILL');
        killed += 1;
      },
    });
    expect(killed).toBeGreaterThan(3 * kills);
    expectUndisturbed('local');
  });

  it.skipIf(!hasRedis)(`redis: workers every second, the driver ${kills} times, Redis as well`, async () => {
    const redis = await startRedis('--appendonly', 'yes');
    const pick = picker('redis');
    const start = (): ChildProcess => command(`worker --jobs 1 --redis ${redis.url}`);
    const workers = Array.from({ length: Math.max(3, availableParallelism()) }, start);
    let [killed, restarts] = [0, 0];
    try {
      await drive('redis', `--engine redis --redis ${redis.url}`, {
        life: 5,
        async strike(second) {
          const at = pick(workers.map((_, i) => i))!;
          workers[at]!.kill('SIGKILL');
          workers[at] = start();
          killed += 1;
          if (second !== 8 && second !== 18) return;
          await redis.kill();
          await redis.start();
          restarts += 1;
        },
      });
    } finally {
      for (const worker of workers) worker.kill('SIGKILL');
      await redis.close();
    }
    expect(killed).toBeGreaterThan(3 * kills);
    expect(restarts).toBeGreaterThan(0);
    expectUndisturbed('redis');
  });

  it(`slurm: array tasks, the driver ${kills} times, the controller`, async ({ skip }) => {
    const missing = whyNoSlurm();
    if (missing !== undefined) skip(missing);
    const node = await startSlurmNode();
    const pick = picker('slurm');
    let [cancelled, restarts] = [0, 0];
    try {
      await drive('slurm', '--engine slurm', {
        env: { SLURM_CONF: node.conf },
        life: 12,
        async strike(second) {
          if (second === 7 || second === 27) {
            await node.controller('down');
            await pause(3000);
            await node.controller('up');
            restarts += 1;
          }
          if (second % 5 !== 3) return;
          const running = node.ask('squeue', '--noheader', '--array', '--states=RUNNING', '--format=%i');
          const victim = pick(running.split('\n').filter(Boolean));
          if (victim === undefined) return;
          node.ask('scancel', ...(second % 2 === 0 ? [] : ['--signal=KILL', '--full']), victim);
          cancelled += 1;
        },
      });
    } finally {
      await node.stop();
    }
    expect(cancelled).toBeGreaterThan(kills / 2);
    expect(restarts).toBeGreaterThan(0);
    expectUndisturbed('slurm');
  });
});

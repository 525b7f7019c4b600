import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { stopSignals } from '../../src/files/stop-signals.js';
import { randomStream } from '../../src/numeric/random.js';
import { slack } from '../slack.js';
import { isShortened } from '../soak-times.js';

const base = mkdtempSync(join(tmpdir(), 'processes-'));
const started = (
  line: string,
  stdio: ('ignore' | 'inherit' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'],
): ChildProcess => spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...line.split(' ')], { stdio });
beforeAll(async () => {
  const run = `train --data mixture:3,20,0.3,20000 --model mlp:100,100 --steps 2 --measure-every 2 --top 3 --out ${join(base, 'run')}`;
  expect(await once(started(run, ['ignore', 'ignore', 'inherit']), 'exit')).toEqual([0, null]);
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

/** Commands that would run for minutes, OUT a folder for their results. */
const inOrder = {
  train: 'train --data mixture:3,10,0.3,2000 --model mlp:20 --steps 1000000 --measure-every 1000000 --top 3 --out OUT',
  measure: 'measure --data mixture:3,10,0.2,1000 --steps 1000000 --every 1000000 --top 10 --out OUT',
  figures: 'figures --out OUT',
  sweep:
    'sweep --data mixture:3,10,0.3,2000 --model mlp:20 --steps 1000000 --measure-every 1000000 --top 3 --grid lr=0.1,0.2 --out OUT',
  reproduce: 'reproduce --only fig1a --jobs 2 --out OUT',
  compare: 'compare --seeds 100',
  'compare --ladder': 'compare --ladder --out OUT',
  'compare --sgd-noise': 'compare --sgd-noise 0.5/64',
  spectrum: `spectrum --checkpoint ${join(base, 'run', 'weights', 'step-00000002.safetensors')} --density 100000`,
  demo: 'demo --out OUT',
  verify: 'verify',
};
/** They finish the figure that is being drawn. */
const drawing = ['figures', 'demo'];

const atOnce = {
  solve: 'solve --classes 1000 --dim 1000 --init random:1 --times 1,2,3,4,5,6,7,8',
  response: 'response --draws 1000000 --classes 300 --dim 300',
  simulate: 'simulate --steps 10000000 --every 10000000',
};

/** Each command with every signal; where soaks are shortened with one, another for the next. */
const withSignals = (commands: Readonly<Record<string, string>>) =>
  Object.entries(commands).map(
    ([name, line], i) => [name, line, isShortened ? [stopSignals[i % stopSignals.length]!] : stopSignals] as const,
  );

const isSigned = process.platform === 'linux';

describe.skipIf(!isSigned).each(withSignals(inOrder))('%s', (name, line, signals) => {
  it.each(signals)(
    '%s ends it in order: exit code 128 + n within seconds, nothing locked, no process left',
    async (by) => {
      const out = join(base, `${name.replaceAll(' ', '')}-${by}`);
      const child = started(line.replace('OUT', out));
      onTestFinished(() => void child.kill('SIGKILL'));
      const said = text(child.stderr!);
      while (!catches(child.pid!, constants.signals.SIGHUP)) await pause(10);
      await pause(4000 * randomStream(1, 'signals', name, by).uniform());
      const helpers = childrenOf(child.pid!);
      const sent = performance.now();
      child.kill(by);
      expect(await once(child, 'exit')).toEqual([128 + constants.signals[by], null]);
      expect(performance.now() - sent).toBeLessThan(1000 * slack() * (drawing.includes(name) ? 20 : 5));
      expect(await said).toMatch(/stopping; Ctrl-C again ends at once\n([^\n]+\n)*stopped; [^\n]+\n$/);
      const locks = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];
      expect(locks.filter((file) => /(^|\/)(tiny-subspace\.)?lock/.test(file))).toEqual([]);
      expect(helpers.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    },
  );
});

describe.each(withSignals(atOnce))('%s', (_, line, signals) => {
  it.each(signals)('%s ends it at once', async (by) => {
    const child = started(line);
    await pause(1500); // it works by then
    const sent = performance.now();
    child.kill(by);
    expect(await once(child, 'exit')).toEqual([null, by]);
    expect(performance.now() - sent).toBeLessThan(500);
  });
});

describe('streams that break', () => {
  it.skipIf(!existsSync('/dev/full'))('full: exit code 3 and one line, or that of the error', async () => {
    const full = openSync('/dev/full', 'w');
    for (const line of ['solve', 'boundary --json', '--help', 'train --schema', '--version']) {
      const child = started(line, ['ignore', full, 'pipe']);
      const said = text(child.stderr!);
      expect(await once(child, 'exit')).toEqual([3, null]);
      expect(await said).toMatch(/^error: the results could not be written: ENOSPC[^\n]*\n$/);
      expect(await once(started(line, ['ignore', full, full]), 'exit')).toEqual([3, null]);
    }
    expect(await once(started('solve --classes 1', ['ignore', full, full]), 'exit')).toEqual([2, null]);
    closeSync(full);
  });

  it.each([
    ['solve --json', 0],
    ['compare --classes 2 --noise 0.3 --seeds 1 --replicas 3 --samples 16 --times 0.1 --dim 0', 1],
    ['solve --classes 1', 2],
    ['spectrum --checkpoint none', 3],
    ['simulate --method gd --lr 1e6 --steps 50', 4],
  ])('closed or without a reader, `%s` has its exit code %d', async (line, code) => {
    for (const ends of ['| head -c 10', '| true', '>&-', '2>&-', '>&- 2>&-', '2> >(true)']) {
      const shell = `set -o pipefail; "$0" --import tsx src/cli/main.ts ${line} ${ends}`;
      const child = spawn('bash', ['-c', shell, process.execPath], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.resume();
      const said = text(child.stderr);
      expect({ ends, exit: await once(child, 'exit') }).toEqual({ ends, exit: [code, null] });
      expect(await said).toMatch(code < 2 || ends.includes('2>') ? /^$/ : /^error: [^\n]+\n$/);
    }
  });

  it('beyond a limit: all that fits, exit code 3, one line', async () => {
    for (const [command, limit] of [
      ['solve --init random:1 --classes 30 --levels 900 --json', 8],
      ['train --data mixture:3,4,0.3,60 --model softmax --steps 100 --measure-every 1 --top 3 --csv', 4],
    ] as const) {
      const file = join(base, 'results');
      const shell = `ulimit -f ${limit}; exec "$0" --import tsx src/cli/main.ts ${command} > ${file}`;
      const child = spawn('bash', ['-c', shell, process.execPath], { stdio: ['ignore', 'ignore', 'pipe'] });
      const said = text(child.stderr);
      expect(await once(child, 'exit')).toEqual([3, null]);
      expect(await said).toMatch(/^error: the results could not be written: EFBIG[^\n]*\n$/);
      expect(readFileSync(file)).toHaveLength(1024 * limit);
    }
  });
});

/** Whether a process has a handler for a signal (Linux); for SIGINT and SIGTERM every Node process has one. */
function catches(pid: number, signal: number): boolean {
  const mask = /SigCgt:\s*([0-9a-f]+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!;
  return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

function childrenOf(pid: number): number[] {
  const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return ids === '' ? [] : ids.split(' ').map(Number);
}

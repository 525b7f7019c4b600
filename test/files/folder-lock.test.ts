import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError, UsageError } from '../../src/errors.js';
import { lockFolder } from '../../src/files/folder-lock.js';
import { lockName } from '../../src/files/lock-steps.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true });
});

const lock = (): string => join(folder, lockName);
const tokens = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32));
const soon = new Date(Date.now() - 1).toISOString();

/** What this process writes into its lock. */
function own(): Record<string, unknown> {
  const release = lockFolder(folder);
  const owner = JSON.parse(readFileSync(lock(), 'utf8')) as Record<string, unknown>;
  release();
  return owner;
}

/** Puts a lock there, this process's but for what is changed. */
function plant(changed: object, name = lockName): void {
  writeFileSync(join(folder, name), JSON.stringify({ ...own(), ...changed }));
}

const refusal = (): string => {
  const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  try {
    lockFolder(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(before);
    return (error as Error).message;
  }
  throw new Error('the lock was given');
};

const expectTaken = (): void => {
  const release = lockFolder(folder);
  expect(readdirSync(folder)).toEqual([lockName]);
  expect(readFileSync(lock(), 'utf8')).toContain(`"pid":${process.pid}`);
  release();
  expect(readdirSync(folder)).toEqual([]);
};

/** A process that holds the lock until it is told to end, or killed. */
async function holder(through: readonly string[] = [], ending = 'process.stdin.resume()'): Promise<ChildProcess> {
  const script = `const { lockFolder } = await import(${JSON.stringify(join(process.cwd(), 'src/files/folder-lock.ts'))});
    lockFolder(${JSON.stringify(folder)}); console.log('held'); ${ending};`;
  const [command, ...rest] = [...through, process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('close', resolve));

describe('lockFolder', () => {
  it('takes a folder, which it makes, and gives it back', () => {
    const inner = join(folder, 'a', 'b');
    const release = lockFolder(inner);
    expect(readdirSync(inner)).toEqual([lockName]);
    release();
    release();
    expect(readdirSync(inner)).toEqual([]);
    lockFolder(inner)();
  });

  it('refuses a second lock, also of the same process, and says who has it', () => {
    const release = lockFolder(folder);
    expect(refusal()).toMatch(
      new RegExp(`is in use by process ${process.pid} on .* since 20.*Z; wait for it, or choose another --out$`),
    );
    release();
    expectTaken();
  });

  it('keeps a second process out, and takes over the lock of one that was killed', async () => {
    const child = await holder();
    expect(refusal()).toContain(`in use by process ${child.pid} `);
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(lock())).toBe(true);
    expectTaken();
  });

  it('is given back when the process ends, also by an exception', async () => {
    for (const end of ['setTimeout(() => process.exit(3), 1)', 'queueMicrotask(() => { throw "on purpose" })']) {
      await ended(await holder(['bash', '-c', '"$@" 2> /dev/null', 'bash'], end));
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it.runIf(process.platform === 'linux')(
    'takes over from a killed process whose parent never asks for it',
    async () => {
      // sleep, which bash becomes, never waits for the child that bash has started
      const child = await holder(['bash', '-c', '"$@" & exec sleep 1000', 'bash']);
      const { pid } = JSON.parse(readFileSync(lock(), 'utf8')) as { pid: number };
      try {
        process.kill(pid, 'SIGKILL');
        const dies = Date.now() + 10_000; // all of its threads
        while (!/\) Z (\S+ ){16}1 /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && Date.now() < dies);
        expectTaken();
      } finally {
        child.kill('SIGKILL');
        await ended(child);
      }
    },
  );

  it.runIf(process.platform === 'linux').each([
    ['a number that no process has', { pid: 0x7ffffffe }],
    ['a number that is used again', { started: '1' }],
    ['an earlier start of this machine', { boot: 'another', since: '2001-01-01T00:00:00.000Z' }],
    ['an earlier start, whatever the container', { boot: 'another', since: '2001-01-01T00:00:00.000Z', space: null }],
  ])('takes over from %s', (_, changed) => {
    plant({ token: tokens[0], ...changed });
    expectTaken();
  });

  it.runIf(process.platform === 'linux').each([
    ['another host', { host: 'elsewhere', pid: 0x7ffffffe }],
    ['a machine of the same name', { machine: 'another', pid: 0x7ffffffe }],
    ['another container', { space: 'pid:[1] time:[1]', pid: 0x7ffffffe }],
    ['a container that cannot be told', { space: null, pid: 0x7ffffffe }],
    ['a copy of this machine that started with it', { boot: 'another', since: soon }],
    ['a start that cannot be told', { boot: null, since: '2001-01-01T00:00:00.000Z' }],
  ])('does not judge %s, but names its lock', (_, changed) => {
    plant({ token: tokens[0], ...changed });
    expect(refusal()).toMatch(/; wait for it, or, if it is gone for certain, remove .*\/tiny-subspace\.lock$/);
  });

  it.runIf(process.platform === 'linux')('sees that a process whose start cannot be told is alive', () => {
    plant({ token: tokens[0], started: null });
    expect(refusal()).toMatch(/or choose another --out$/);
  });

  it.runIf(process.platform === 'linux')('does not judge a real container', async ({ skip }) => {
    const container = ['unshare', '--pid', '--fork', '--kill-child'];
    if (spawnSync(container[0]!, [...container.slice(1), 'true']).status !== 0) skip('no namespaces can be made here');
    for (const proc of [[], ['--mount-proc']]) {
      const child = await holder([...container, ...proc]);
      expect(refusal()).toMatch(/in use by process 1 .*gone for certain/);
      child.stdin!.end();
      await ended(child);
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it.each([
    ['nothing', ''],
    ['a number', '1'],
    ['half of it', '{"format":"tiny-subspace lock 1","token":"'],
    ['another format', JSON.stringify({ format: 'tiny-subspace lock 2' })],
  ])('does not touch a lock that says %s', (_, text) => {
    writeFileSync(lock(), text);
    expect(refusal()).toMatch(/tiny-subspace\.lock cannot be read; if nobody uses the folder, remove .*\.lock$/);
  });

  it('does not touch a folder in the place of the lock', () => {
    mkdirSync(lock());
    expect(() => lockFolder(folder)).toThrow(UsageError);
    expect(existsSync(lock())).toBe(true);
  });

  it('follows dead successors to their end, and clears them with those of no chain', () => {
    const dead = { pid: 0x7ffffffe };
    plant({ ...dead, token: tokens[0] });
    for (const [i, token] of tokens.slice(1).entries()) {
      writeFileSync(`${lock()}.${tokens[i]}`, readFileSync(lock(), 'utf8').replace(tokens[0]!, token));
    }
    writeFileSync(`${lock()}.${'e'.repeat(32)}`, 'of no chain');
    writeFileSync(`${lock()}.0123456789abcdef.tiny-subspace-tmp`, 'of a killed process');
    expectTaken();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is kept out by a successor that lives, and ends in words where successors go in a circle', () => {
    plant({ token: tokens[1] });
    fs.renameSync(lock(), join(folder, 'alive'));
    plant({ token: tokens[0], pid: 0x7ffffffe });
    fs.renameSync(join(folder, 'alive'), `${lock()}.${tokens[0]}`);
    expect(refusal()).toContain(`in use by process ${process.pid} `);
    writeFileSync(`${lock()}.${tokens[0]}`, readFileSync(lock(), 'utf8'));
    expect(refusal()).toMatch(/have no end; remove them$/);
  });

  it('gives back only its own', () => {
    const release = lockFolder(folder);
    const foreign = readFileSync(lock(), 'utf8').replace(/"token":"\w+"/, `"token":"${tokens[0]}"`);
    for (const text of [foreign, 'unreadable']) {
      writeFileSync(lock(), text);
      release();
      expect(readFileSync(lock(), 'utf8')).toBe(text);
    }
  });

  it('copies where a disk knows no second names, and leaves nothing where it takes nothing', () => {
    const refused = (): never => {
      throw Object.assign(new Error('EPERM: injected'), { code: 'EPERM' });
    };
    vi.spyOn(fs, 'linkSync').mockImplementation(refused);
    syncBuiltinESMExports();
    expectTaken();
    const release = lockFolder(folder);
    expect(refusal()).toContain('in use by');
    release();
    vi.spyOn(fs, 'copyFileSync').mockImplementation(refused);
    syncBuiltinESMExports();
    expect(() => lockFolder(folder)).toThrow(DataError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('adds no listener that stays', () => {
    const before = process.listenerCount('exit');
    for (let i = 0; i < 20; i++) lockFolder(folder)();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** Which process one is, told apart from any other of any machine and time; null where the system does not tell. */
export interface ProcessIdentity {
  readonly host: string;
  readonly machine: string | null;
  /** Of this start of the machine. */
  readonly boot: string | null;
  /** Within which process numbers and start times mean something: the namespaces of Linux, elsewhere the system. */
  readonly space: string | null;
  readonly pid: number;
  /** When it started, in the system's ticks: a number that is used again has another. */
  readonly started: string | null;
}

/** This process. Cost: five small files. */
export function thisProcess(): ProcessIdentity {
  const space = spaceOf();
  return {
    host: hostname(),
    machine: read('/etc/machine-id'),
    boot: read('/proc/sys/kernel/random/boot_id'),
    space,
    pid: process.pid,
    started: space === null ? null : (statusOf(process.pid)?.started ?? null),
  };
}

/**
 * What this process knows of another that was alive at `since`. `gone`: for certain, because it was of an earlier start of this machine,
 * or its number is free or used by a later process, or all that is left of it waits for its parent. `unseen`: it is on another machine
 * or in another container.
 */
export function fateOf(other: ProcessIdentity, since: Date): 'alive' | 'gone' | 'unseen' {
  const here = thisProcess();
  if (other.host !== here.host || other.machine !== here.machine) return 'unseen';
  if (other.boot !== here.boot) {
    const earlier = since.getTime() < Date.now() - 1000 * uptime(); // else it is a machine that was copied from the same image
    return other.boot !== null && here.boot !== null && earlier ? 'gone' : 'unseen';
  }
  if (other.space === null || other.space !== here.space) return 'unseen';
  if (!exists(other.pid)) return 'gone';
  const status = statusOf(other.pid);
  if (status === undefined || other.started === null) return 'alive';
  return status.ended || status.started !== other.started ? 'gone' : 'alive';
}

function spaceOf(): string | null {
  if (process.platform !== 'linux') return process.platform;
  try {
    if (readlinkSync('/proc/self') !== String(process.pid)) return null; // /proc is that of another container
    return ['pid', 'time'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`)).join(' ');
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** From /proc/PID/stat (proc(5)): fields 3 (state), 20 (threads) and 22 (start), counted behind the name, which may hold anything. */
function statusOf(pid: number): { readonly started: string; readonly ended: boolean } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19]!, ended: /^[ZX]$/.test(fields[0]!) && Number(fields[17]) <= 1 };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

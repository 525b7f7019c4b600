import { readFileSync } from 'node:fs';
import { freemem, platform, totalmem } from 'node:os';

/** Text of a file of the system; undefined where there is none. Replaced in tests. */
export type SystemFile = (path: string) => string | undefined;

const systemFile: SystemFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/**
 * Bytes that this process may still take: on Linux the least of what the system has available, of what is left below the limits of its control
 * groups (versions 1 and 2, and those above it), and of what is left below its limit of address space; elsewhere what is free, on macOS, which counts
 * its caches as used, all there is. Infinity where nothing is known.
 */
export function availableMemory(file: SystemFile = systemFile): number {
  if (file === systemFile && platform() !== 'linux') return platform() === 'darwin' ? totalmem() : freemem();
  return Math.min(ofSystem(file), ofControlGroups(file), ofAddressSpace(file));
}

function ofSystem(file: SystemFile): number {
  return 1024 * numberIn(file('/proc/meminfo'), /^MemAvailable:\s+(\d+) kB/m);
}

/** `limit` less what is used of it, caches left out, for the group of this process and each above it. */
function ofControlGroups(file: SystemFile): number {
  const groups = (file('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === '') return withThoseAbove('/sys/fs/cgroup', path!).map((folder) => version2(file, folder));
    if (controllers?.split(',').includes('memory') !== true) return [];
    return withThoseAbove('/sys/fs/cgroup/memory', path!).map((folder) => version1(file, folder));
  });
  return Math.min(Infinity, ...groups);
}

function withThoseAbove(root: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, i) => [root, ...parts.slice(0, i)].join('/'));
}

const version2 = (file: SystemFile, folder: string): number =>
  left(
    file,
    `${folder}/memory.max`,
    `${folder}/memory.current`,
    file(`${folder}/memory.stat`),
    /^inactive_file (\d+)/m,
  );

const version1 = (file: SystemFile, folder: string): number =>
  left(
    file,
    `${folder}/memory.limit_in_bytes`,
    `${folder}/memory.usage_in_bytes`,
    file(`${folder}/memory.stat`),
    /^total_inactive_file (\d+)/m,
  );

function left(file: SystemFile, limit: string, usage: string, stat: string | undefined, cache: RegExp): number {
  const most = numberIn(file(limit), /^(\d+)/); // 'max': no limit
  const used = numberIn(file(usage), /^(\d+)/);
  const reclaimable = numberIn(stat, cache);
  if (most === Infinity || used === Infinity) return Infinity;
  return Math.max(0, most - used + (reclaimable === Infinity ? 0 : reclaimable));
}

function ofAddressSpace(file: SystemFile): number {
  const limit = numberIn(file('/proc/self/limits'), /^Max address space\s+(\d+)/m);
  const used = 1024 * numberIn(file('/proc/self/status'), /^VmSize:\s+(\d+) kB/m);
  return limit === Infinity || used === Infinity ? Infinity : Math.max(0, limit - used);
}

function numberIn(text: string | undefined, pattern: RegExp): number {
  const found = text === undefined ? null : pattern.exec(text);
  return found === null ? Infinity : Number(found[1]);
}

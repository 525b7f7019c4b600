import { arch, cpus, platform } from 'node:os';

/** What the times were measured on. */
export function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'an unknown processor'} with ${cpus().length} threads, ${platform()} ${arch()}, Node ${process.version}`;
}

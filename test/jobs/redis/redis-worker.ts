import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { serveRedis } from '../../../src/jobs/redis/serve-redis.js';

/** A worker with the toy works, as a process that can be killed: URL, milliseconds of its lease, jobs at a time. */
const [url, lease, processes] = process.argv.slice(2);
const stop = new AbortController();
process.on('SIGTERM', () => {
  stop.abort();
});
await serveRedis({
  url: url!,
  lease: Number(lease),
  processes: Number(processes),
  engineOf: () => localEngine({ worker: new URL('../toy-worker.ts', import.meta.url), processes: 1, retries: 0 }),
  signal: stop.signal,
  onNotice: (text) => process.send?.({ notice: text }),
  onReady: () => process.send?.({ notice: 'ready' }),
  onEvent: (event) => process.send?.(event),
});
process.disconnect();

import { webRuntime } from '../../../src/tensor/engine/web.js';
import { serveTask } from '../../core/serve-task.js';
import { networkRun, type NetworkPoint, type NetworkRequest } from './network-run.js';

/** Begins a run, or asks for the next point of the one that stands. `runtime`: the folder of the runtime's .wasm. */
export type NetworkStep = { readonly begin: NetworkRequest; readonly runtime: string } | 'next';

let standing: AsyncGenerator<NetworkPoint> | undefined;

serveTask<NetworkStep, NetworkPoint>(async function* (asked) {
  if (asked !== 'next') {
    await standing?.return(undefined);
    standing = networkRun(asked.begin, await webRuntime(asked.runtime));
  }
  const point = await standing?.next();
  if (point?.done === false) yield point.value;
});

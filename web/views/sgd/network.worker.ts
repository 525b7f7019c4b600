import { webRuntime } from '../../../src/tensor/engine/web.js';
import { serveTask } from '../../core/serve-task.js';
import { networkRun, type NetworkPoint, type NetworkRequest } from './network-run.js';

/** `runtime`: where the runtime's .wasm is. */
serveTask<NetworkRequest & { readonly runtime: string }, NetworkPoint>(async function* ({ runtime, ...request }) {
  yield* networkRun(request, await webRuntime(runtime));
});

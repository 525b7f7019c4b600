import type { Runtime } from './runtime.js';

/** The same runtime, whose graphs run no more once the signal is raised: a run then rejects with its reason. */
export function stoppableRuntime({ Tensor, InferenceSession }: Runtime, signal: AbortSignal): Runtime {
  return {
    Tensor,
    InferenceSession: {
      async create(...given) {
        const session = await InferenceSession.create(...given);
        return {
          async run(feeds) {
            signal.throwIfAborted();
            return session.run(feeds);
          },
          release: () => session.release(),
        };
      },
    },
  };
}

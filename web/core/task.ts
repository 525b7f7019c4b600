import type { TaskMessage, TaskRequest } from './task-messages.js';

/** One worker that answers the latest request only. */
export interface Task<Request, Reply> {
  /** Leaves what is under way, and works on this. `onEnd` is called with undefined at the end, with the reason where it failed; neither is called once another request has come. */
  readonly run: (
    request: Request,
    onReply: (reply: Reply) => void,
    onEnd?: (failure: string | undefined) => void,
  ) => void;
  /** Leaves what is under way. */
  readonly cancel: () => void;
}

/** How long a worker may take to leave a request that is wanted no more, before it is ended. */
const patience = 500; // ms

/** A task in a worker, which ends with the signal. `create` makes the worker: `new Worker(new URL('./x.worker.ts', import.meta.url), { type: 'module' })`. */
export function task<Request, Reply>(create: () => Worker, signal: AbortSignal): Task<Request, Reply> {
  let worker: Worker | undefined;
  let id = 0;
  let heard = 0;
  let isBusy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = (): void => {
    clearTimeout(timer);
    worker?.terminate();
    worker = undefined;
    isBusy = false;
  };
  signal.addEventListener('abort', end);

  const started = (): Worker => {
    worker ??= create();
    return worker;
  };
  const send = (
    request: Request,
    onReply: (reply: Reply) => void,
    onEnd: (failure: string | undefined) => void,
  ): void => {
    const current = ++id;
    const target = started();
    isBusy = true;
    target.onmessage = ({ data }: MessageEvent<TaskMessage<Reply>>) => {
      heard = data.id;
      if (data.id !== id) return;
      clearTimeout(timer);
      if ('reply' in data) {
        onReply(data.reply);
        return;
      }
      isBusy = false;
      onEnd('failure' in data ? data.failure : undefined);
    };
    target.onerror = (event) => {
      end();
      if (current === id) onEnd(event.message || 'the worker could not be started');
    };
    target.postMessage({ id: current, request } satisfies TaskRequest<Request>);
  };
  return {
    run(request, onReply, onEnd = () => undefined) {
      if (signal.aborted) return;
      clearTimeout(timer);
      const wasBusy = isBusy;
      send(request, onReply, onEnd);
      if (!wasBusy) return;
      timer = setTimeout(() => {
        if (heard === id) return;
        end(); // it is deep in what is wanted no more
        send(request, onReply, onEnd);
      }, patience);
    },
    cancel() {
      id++;
      if (isBusy) end();
    },
  };
}

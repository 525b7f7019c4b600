import type { TaskMessage, TaskRequest } from './task-messages.js';

/**
 * The worker's side: answers each request by what `work` yields, and leaves one as soon as another has come. It is looked for
 * after every part, so `work` yields often, undefined where there is nothing to say yet.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the page sends is declared where it is answered
export function serveTask<Request, Reply>(
  work: (request: Request) => Iterable<Reply | undefined> | AsyncIterable<Reply | undefined>,
): void {
  let latest = 0;
  const post = (message: TaskMessage<Reply>): void => {
    self.postMessage(message);
  };
  self.addEventListener('message', ({ data }: MessageEvent<TaskRequest<Request>>) => {
    const { id, request } = data;
    latest = id;
    void answer(id, request);
  });
  async function answer(id: number, request: Request): Promise<void> {
    try {
      for await (const reply of work(request)) {
        if (reply !== undefined) post({ id, reply });
        await nextMessages();
        if (id !== latest) return;
      }
      post({ id, end: true });
    } catch (error) {
      post({ id, failure: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Lets messages that wait be handled, without the 4 ms of a timer. */
function nextMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

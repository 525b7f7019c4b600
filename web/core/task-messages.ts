/** From the page to a worker: work on this, and on nothing before it. */
export interface TaskRequest<Request> {
  readonly id: number;
  readonly request: Request;
}

/** From a worker to the page: a part of the answer, its end, or why there is none. */
export type TaskMessage<Reply> = { readonly id: number } & (
  { readonly reply: Reply } | { readonly end: true } | { readonly failure: string }
);

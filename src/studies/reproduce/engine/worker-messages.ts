import type { Task } from './task.js';

export type ToWorker = { readonly kind: 'task'; readonly out: string; readonly task: Task } | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped' }
  | Failure;

/** `exitCode` null: a bug. */
export interface Failure {
  readonly kind: 'failed';
  readonly name: string;
  readonly exitCode: 1 | 2 | 3 | 4 | null;
  readonly message: string;
}

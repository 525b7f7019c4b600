/** The signals that ask a process to end: Ctrl-C, `kill`, a closed terminal, Ctrl-\. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** For a helper process: signals reach the whole group, and its parent decides what becomes of it. Those it is ended by stay as they are. */
export function leaveSignalsToParent(except: readonly StopSignal[] = []): void {
  for (const name of stopSignals) if (!except.includes(name)) process.on(name, () => undefined);
}

/** Bytes that are shared out among jobs. */
export interface MemoryRoom {
  /** Waits until the job fits beside those inside, or none is inside. False if the signal came first. */
  readonly enter: (bytes: number, signal: AbortSignal) => Promise<boolean>;
  readonly leave: (bytes: number) => void;
}

/** A room of so many bytes. */
export function memoryRoom(size: number): MemoryRoom {
  const waiting = new Set<() => void>();
  let [used, inside] = [0, 0];
  const isFull = (bytes: number): boolean => inside > 0 && used + bytes > size;
  return {
    async enter(bytes, signal) {
      while (isFull(bytes) && !signal.aborted) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      }
      if (signal.aborted) return false;
      used += bytes;
      inside += 1;
      return true;
    },
    leave(bytes) {
      used -= bytes;
      inside -= 1;
      for (const wake of waiting) wake();
      waiting.clear();
    },
  };
}

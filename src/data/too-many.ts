import { UsageError } from '../errors.js';

const most = 1e9;

/** Bytes of an entry while it is sampled: dense, as a stored entry with its column, and dense again. */
const bytesOfEntry = 28;

/** Bytes there are; infinite where the platform does not say. */
const memory = (): number => (typeof process === 'undefined' ? Infinity : process.availableMemory() || Infinity); // 0 without /proc

/** Throws UsageError where a data set to be sampled would hold more numbers than an array takes, or than there is memory for. */
export function refuseTooMany(entries: number, available = memory()): void {
  if (entries > most) {
    throw new UsageError(`a sampled data set holds at most ${most} numbers, samples × features, received ${entries}`);
  }
  const needed = entries * bytesOfEntry;
  if (needed <= available) return;
  throw new UsageError(
    `a sampled data set of ${entries} numbers, samples × features, needs about ${(needed / 1e9).toFixed(1)} GB, ` +
      `${(available / 1e9).toFixed(1)} GB are there; at most ${Math.floor(available / bytesOfEntry)} fit: take fewer samples, or features`,
  );
}

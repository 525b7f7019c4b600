import { UsageError } from '../errors.js';

const most = 1e9;

/** Throws UsageError where a data set to be sampled would hold more numbers than an array takes. */
export function refuseTooMany(entries: number): void {
  if (entries <= most) return;
  throw new UsageError(`a sampled data set holds at most ${most} numbers, samples × features, received ${entries}`);
}

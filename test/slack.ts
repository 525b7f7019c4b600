import { availableParallelism, loadavg } from 'node:os';

/** How much slower than a quiet machine this one is now. */
export const slack = (): number => Math.max(1, loadavg()[0]! / availableParallelism());

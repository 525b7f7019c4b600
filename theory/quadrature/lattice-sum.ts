import { drop } from './class-law.js';

/**
 * The indices j at which a log-concave sequence is within e^−36 of its largest term, with the terms: uphill from 0 by doubled steps,
 * then outwards.
 */
export function logConcaveTerms(logAt: (j: number) => number): { readonly indices: number[]; readonly logs: number[] } {
  let peak = 0;
  for (let step = 1; step > 0;) {
    const here = logAt(peak);
    const next = [peak + step, peak - step].find((j) => logAt(j) > here);
    if (next !== undefined) [peak, step] = [next, 2 * step];
    else step = step === 1 ? 0 : Math.max(1, Math.floor(step / 4));
  }
  const most = logAt(peak);
  const indices = [peak];
  for (let j = peak + 1; logAt(j) > most - drop; j++) indices.push(j);
  for (let j = peak - 1; logAt(j) > most - drop; j--) indices.push(j);
  return { indices, logs: indices.map(logAt) };
}

/** log Σ e^x. */
export function logTotal(logs: readonly number[]): number {
  const top = logs.reduce((most, x) => Math.max(most, x), -Infinity);
  return top === -Infinity ? top : top + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - top), 0));
}

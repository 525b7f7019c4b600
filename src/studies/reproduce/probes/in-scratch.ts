import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../../errors.js';
import { readText } from '../../../files/read-bytes.js';
import { openSealed, sealedJson } from '../../../files/sealed-json.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import type { ProbeContext } from '../engine/probe.js';

/**
 * Results of a probe's parts, one after the other, each kept in its scratch folder once it is there, so that an interrupted probe goes on where it was. `args`: what they depend on,
 * plain JSON; results are plain JSON. Throws the signal's reason between two parts, DataError for a kept result that was altered or is of another probe.
 */
export async function inScratch<P, R>(
  parts: readonly P[],
  args: unknown,
  { scratch, signal, onProgress }: Pick<ProbeContext, 'scratch' | 'signal' | 'onProgress'>,
  measure: (part: P) => Promise<R>,
): Promise<R[]> {
  const of = JSON.stringify(args);
  const found: R[] = [];
  for (const [i, part] of parts.entries()) {
    signal.throwIfAborted();
    const path = join(scratch, `part-${i}.json`);
    if (!existsSync(path)) writeAtomically(path, sealedJson({ of, result: await measure(part) }));
    const wayOut = 'remove it to compute it again';
    const fail = (problem: string): never => {
      throw new DataError(`${path}: ${problem}; ${wayOut}`);
    };
    const kept = openSealed(readText(path, wayOut), fail);
    if (kept.of !== of) fail('it is of another task');
    found.push(kept.result as R);
    onProgress((i + 1) / parts.length);
  }
  return found;
}

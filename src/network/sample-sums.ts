import type { Program, Reals } from '../engine/index.js';

/** Samples in the precision of the programs: rows of inputs and of targets. */
export interface Samples {
  readonly count: number;
  readonly inputs: Reals;
  readonly targets: Reals;
}

/**
 * The outputs of a program, each a sum over samples, summed over all of them in chunks: memory stays that of one chunk. Sums are
 * carried in float64, of float64 outputs compensated (Neumaier 1974). Returned by name. `fixed`: inputs that are not samples; `early`:
 * inputs of each chunk besides.
 */
export async function sampleSums(
  program: Program,
  samples: Samples,
  chunk: number,
  fixed: Readonly<Record<string, Reals>>,
  early: readonly Readonly<Record<string, Reals>>[] = [],
): Promise<Record<string, Float64Array>> {
  const sums: Record<string, Float64Array> = {};
  const corrections: Record<string, Float64Array> = {};
  for (const [i, batch] of chunksOf(samples, chunk).entries()) {
    const parts = await program.run({ ...fixed, ...batch.inputs, ...early[i] }, batch.count);
    for (const [name, part] of Object.entries(parts)) {
      const sum = (sums[name] ??= new Float64Array(part.length));
      if (part instanceof Float32Array) addTo(sum, part);
      else addCompensated(sum, (corrections[name] ??= new Float64Array(part.length)), part);
    }
  }
  for (const [name, correction] of Object.entries(corrections)) addTo(sums[name]!, correction);
  return sums;
}

/** The outputs of a program for each chunk, as they are. */
export async function chunkValues(
  program: Program,
  samples: Samples,
  chunk: number,
  fixed: Readonly<Record<string, Reals>>,
): Promise<Record<string, Reals>[]> {
  const values: Record<string, Reals>[] = [];
  for (const { count, inputs } of chunksOf(samples, chunk))
    values.push(await program.run({ ...fixed, ...inputs }, count));
  return values;
}

/** Views of the samples, `chunk` at a time. */
function chunksOf({ count, inputs, targets }: Samples, chunk: number) {
  const [width, outputs] = [inputs.length / count, targets.length / count];
  return Array.from({ length: Math.ceil(count / chunk) }, (_, i) => {
    const [from, to] = [i * chunk, Math.min((i + 1) * chunk, count)];
    const [x, y] = [inputs.subarray(from * width, to * width), targets.subarray(from * outputs, to * outputs)];
    return { count: to - from, inputs: { x, y } };
  });
}

function addTo(sum: Float64Array, part: Reals): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
}

function addCompensated(sum: Float64Array, correction: Float64Array, part: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    const [before, added] = [sum[i]!, part[i]!];
    const after = before + added;
    const back = after - before; // Knuth's two-sum: exact whichever is larger
    correction[i]! += before - (after - back) + (added - back);
    sum[i] = after;
  }
}

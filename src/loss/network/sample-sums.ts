import type { Precision, Program, Reals } from '../../tensor/engine/index.js';
import { inputPrecision, rowsBetween, type Rows } from '../../data/rows.js';
import { inPrecision } from '../parameters.js';

/** Samples in the precision of the programs: rows of inputs and of targets. */
export interface Samples<Inputs extends Reals | Rows = Reals> {
  readonly count: number;
  readonly inputs: Inputs;
  readonly targets: Reals;
}

/** Samples whose inputs are held, or read chunk by chunk. */
export type AnySamples = Samples<Reals | Rows>;

/** How outputs are summed. */
export interface SumOptions {
  /** That of the program, by default that of the samples, which are converted chunk by chunk. */
  readonly precision?: Precision;
  /** Where sums are added to, by name; the others are new. */
  readonly into?: Readonly<Record<string, Float64Array>>;
  /** What is to be summed of the outputs of each chunk; all of them if left out. */
  readonly summed?: (outputs: Readonly<Record<string, Reals>>) => Readonly<Record<string, Reals>>;
}

/**
 * The outputs of a program, each a sum over samples, summed over all of them in chunks: memory stays that of one chunk. Sums are
 * carried in float64, of float64 outputs compensated (Neumaier 1974). Returned by name. `fixed`: inputs that are not samples; `early`:
 * inputs of each chunk besides.
 */
export async function sampleSums(
  program: Program,
  samples: AnySamples,
  chunk: number,
  fixed: Readonly<Record<string, Reals>>,
  early: readonly Readonly<Record<string, Reals>>[] = [],
  { precision = inputPrecision(samples.inputs), into = {}, summed = (outputs) => outputs }: SumOptions = {},
): Promise<Record<string, Float64Array>> {
  const sums = { ...into };
  const corrections: Record<string, Float64Array> = {};
  let i = 0;
  for (const { count, inputs } of chunksOf(samples, chunk, precision)) {
    const parts = summed(await program.run({ ...fixed, ...inputs, ...early[i++] }, count));
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
  samples: AnySamples,
  chunk: number,
  fixed: Readonly<Record<string, Reals>>,
  precision: Precision = inputPrecision(samples.inputs),
): Promise<Record<string, Reals>[]> {
  const values: Record<string, Reals>[] = [];
  for (const { count, inputs } of chunksOf(samples, chunk, precision))
    values.push(await program.run({ ...fixed, ...inputs }, count));
  return values;
}

/** The samples, `chunk` at a time: views where they have the precision. */
function* chunksOf({ count, inputs, targets }: AnySamples, chunk: number, precision: Precision) {
  const [width, outputs] = [inputs.length / count, targets.length / count];
  for (let from = 0; from < count; from += chunk) {
    const to = Math.min(from + chunk, count);
    const x = inPrecision(rowsBetween(inputs, width, from, to), precision);
    const y = inPrecision(targets.subarray(from * outputs, to * outputs), precision);
    yield { count: to - from, inputs: { x, y } };
  }
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

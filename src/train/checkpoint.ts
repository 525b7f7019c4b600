import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../errors.js';
import type { EigenPairs } from '../numeric/lanczos/eigen-pairs.js';
import type { MeasureRecord, MeasureRun } from './measure-document.js';
import { isObject, refuseOtherRun } from '../files/same-run.js';
import { writeAtomically } from '../files/write-atomically.js';

const FORMAT = 'tiny-subspace checkpoint 1';

export type TopPairs = Pick<EigenPairs, 'dimension' | 'values' | 'vectors' | 'errors'>;

/** Everything a run needs to go on: replaced as a whole, so that a run that is killed anywhere resumes from a true state. */
export interface Checkpoint {
  readonly run: MeasureRun;
  /** The step that `weights` belong to. Records and window hold everything measured before it. */
  readonly step: number;
  readonly weights: Float64Array;
  /** Eigenpairs of the last record, for the subspace overlap of the next. */
  readonly pairs: TopPairs;
  readonly records: readonly MeasureRecord[];
  readonly window: readonly { readonly step: number; readonly overlap: number }[];
}

export function checkpointPath(folder: string): string {
  return join(folder, 'checkpoint.json');
}

export function saveCheckpoint(folder: string, { weights, pairs, ...rest }: Checkpoint): void {
  const { values, vectors, errors } = pairs;
  const encoded = { values: encode(values), vectors: encode(vectors), errors: encode(errors) };
  const document = { format: FORMAT, ...rest, weights: encode(weights), pairs: encoded };
  writeAtomically(checkpointPath(folder), JSON.stringify(document));
}

/**
 * The checkpoint of a folder, or undefined if there is none. Throws DataError if the file is damaged or foreign, UsageError if it
 * belongs to another run, naming the first field that differs.
 */
export function loadCheckpoint(folder: string, run: MeasureRun): Checkpoint | undefined {
  const path = checkpointPath(folder);
  if (!existsSync(path)) return undefined;
  const foreign = (cause?: unknown): DataError =>
    new DataError(`${path} is not a checkpoint of this program, or is damaged; remove it, or choose another folder`, {
      cause,
    });
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw foreign(cause);
  }
  if (!isObject(document) || document.format !== FORMAT) throw foreign();
  refuseOtherRun(path, document.run, run);
  const body = checkpointBody.safeParse(document);
  if (!body.success) throw foreign(body.error);
  const { step, records, window } = body.data;
  const weights = decode(body.data.weights);
  const dimension = run.parameters;
  const [values, vectors, errors] = [body.data.pairs.values, body.data.pairs.vectors, body.data.pairs.errors].map(
    decode,
  );
  if (
    weights.length !== dimension ||
    vectors!.length !== values!.length * dimension ||
    errors!.length !== values!.length
  ) {
    throw foreign();
  }
  return {
    run,
    step,
    weights,
    pairs: { dimension, values: values!, vectors: vectors!, errors: errors! },
    records: records as unknown as MeasureRecord[],
    window,
  };
}

const checkpointBody = z.object({
  step: z.int().min(0),
  weights: z.base64(),
  pairs: z.object({ values: z.base64(), vectors: z.base64(), errors: z.base64() }),
  records: z.array(z.object({ step: z.int() }).loose()),
  window: z.array(z.object({ step: z.int(), overlap: z.number() })),
});

function encode(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function decode(text: string): Float64Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return new Float64Array(bytes.buffer, 0, bytes.length % 8 === 0 ? bytes.length / 8 : 0); // a broken length fits nothing
}

import { z } from 'zod';
import { DataError } from '../errors.js';
import { problemsOf } from './check-config.js';
import { refuseOtherFormat } from './run-format.js';

const natural = z.int().min(0);

/** What a checkpoint says beside its tensors. */
const keptSchema = z.object({
  run: z.looseObject({}),
  step: natural,
  time: z.number().min(0),
  window: z.array(z.strictObject({ step: natural, overlap: z.number() })),
  follow: z.strictObject({ since: natural.nullable(), averageDominance: z.number().nullable(), products: natural }),
  updates: natural.max(1000),
  records: z.strictObject({ count: natural, bytes: natural, chain: z.string() }),
});

export type CheckpointEntries = z.infer<typeof keptSchema>;

/**
 * What a checkpoint says beside its tensors, in its metadata: the run, where it is, and how far its records went. Throws DataError where it is damaged or of another format, UsageError
 * where it is of another revision of training. Its seal is not looked at.
 */
export function checkpointEntries(metadata: ReadonlyMap<string, string>, path: string): CheckpointEntries {
  const json = (name: string): unknown => {
    try {
      return JSON.parse(metadata.get(name) ?? 'null');
    } catch {
      throw damagedCheckpoint(path, `its entry '${name}' is no JSON`);
    }
  };
  refuseOtherFormat(path, { format: metadata.get('format'), revision: json('revision') });
  const found = Object.fromEntries(Object.keys(keptSchema.shape).map((name) => [name, json(name)]));
  const { data, error } = keptSchema.safeParse(found);
  if (error !== undefined) throw damagedCheckpoint(path, problemsOf(error, found, 'its entries').join('; '));
  return data;
}

/** What is wrong with a checkpoint, and the way out. */
export function damagedCheckpoint(path: string, what: string, cause?: unknown): DataError {
  return new DataError(
    `${path}: ${what}; restore it, or choose another folder: train --init-from goes on from any of the weights of this one`,
    { cause },
  );
}

import { checkDescentConfig, type DescentConfig, type DescentRecord } from './descent-config.js';
import { exactDescent } from './exact-descent.js';
import { sampledDescent } from './sampled-descent.js';

/**
 * Discrete dynamics in the model (Song, Ahn & Yun, arXiv:2405.16002, for Dom- and Bulk-SGD).
 *
 * 'gd' is gradient descent on the population, exact: from W = αB it stays on that line, α ← α + η rate(α). The others are sampled:
 * SGD on n samples or online, with the step projected on the top-k eigenspace of the Hessian of the data set, or on its complement.
 * Keyed by the seed: the same samples and batches for every method. Recording changes nothing of a run: the subspace that is followed is that of
 * the last refresh, and the eigenpairs of a record, searched from there, are dropped after it.
 *
 * Throws UsageError for values outside the model, NumericalError where it diverges. Cost: gd a few milliseconds a record; else a pass over the data set for each record
 * and some 20 to 60 Hessian products for each refresh. `onRecord` is called as records are made.
 */
export async function descend(
  config: DescentConfig,
  onRecord: (record: DescentRecord) => void = () => undefined,
): Promise<DescentRecord[]> {
  checkDescentConfig(config);
  const records: DescentRecord[] = [];
  const run = config.method === 'gd' ? exactDescent : sampledDescent;
  for await (const record of run(config)) {
    records.push(record);
    onRecord(record);
  }
  return records;
}

import { dataSetOf, extentOf, parseDataSource } from '../data/data-source.js';
import type { Extent } from '../data/data-set.js';
import { availableMemory } from '../files/available-memory.js';
import { isStreamed } from '../data/load-dataset.js';
import { refuseTooMany } from '../data/too-many.js';
import { buildNetwork } from '../loss/network/network.js';
import type { Model } from '../models/model.js';
import { namedModel } from '../models/read-model.js';
import type { MemorySearch, MemorySizes } from './memory-estimate.js';
import { networkSpec } from './network-spec.js';
import { trainDefaults, type TrainConfig } from './train-config.js';

/** What a configuration is about, its model read unless it has a name; undefined where files do not say how large they are. Of what is trained on nothing is read or sampled. Throws UsageError for more than an array takes. */
export function memorySizes(
  config: TrainConfig,
  {
    model = namedModel(config.model),
    available = availableMemory(),
  }: { readonly model?: Model; readonly available?: number } = {},
): MemorySizes | undefined {
  const source = parseDataSource(config.data.source);
  const { isSampled } = dataSetOf(source);
  const whole = extentOf(source, 'train');
  if (whole === undefined) return undefined;
  const features = whole.inputShape.reduce((product, n) => product * n, 1);
  if (isSampled) refuseTooMany(whole.samples * features, Infinity);
  const tested = extentOf(source, 'test')?.samples ?? 0;
  const { classes, samples } = config.data;
  const extent: Extent = { ...whole, outputs: classes?.length ?? whole.outputs };
  const { inputShape, outputs, vocabulary } = extent;
  const task = { inputShape, outputs, targets: 'classes', targetShape: [outputs] } as const;
  const network = buildNetwork(
    networkSpec(config, model, { ...task, ...(vocabulary !== undefined && { vocabulary }) }),
    'evaluate',
  );
  const taken = Math.min(samples ?? whole.samples, whole.samples);
  const streamed = whole.canStream === true && isStreamed(taken * features, config.precision, available);
  return { extent, samples: taken, tested, network, isSampled, isStreamed: streamed };
}

/** The searches of a run. */
export function trainSearch(
  { top, subspace, basis, steps }: TrainConfig,
  { extent, network }: MemorySizes,
): MemorySearch {
  const m = subspace ?? extent.outputs;
  const wanted = top === trainDefaults.top ? Math.max(top, m) : top;
  const count = Math.min(wanted + 1, network.layout.size);
  return { count, blockSize: 1, basis, before: steps > 0 ? count : 0 };
}

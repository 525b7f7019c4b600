import { dataSetOf, extentOf, parseDataSource } from '../data/data-source.js';
import type { Extent } from '../data/data-set.js';
import { availableMemory } from '../files/available-memory.js';
import { isStreamed } from '../data/load-dataset.js';
import { refuseTooMany } from '../data/too-many.js';
import { architecture } from '../loss/network/architectures.js';
import { lossOf } from '../loss/network/losses.js';
import { buildNetwork } from '../loss/network/network.js';
import type { MemorySearch, MemorySizes } from './memory-estimate.js';
import { trainDefaults, type TrainConfig } from './train-config.js';

/** What a configuration is about; undefined where files do not say how large they are. Of what is trained on nothing is read or sampled. Throws UsageError for more than an array takes. */
export function memorySizes(config: TrainConfig, available = availableMemory()): MemorySizes | undefined {
  const source = parseDataSource(config.data.source);
  const { isSampled } = dataSetOf(source);
  const whole = extentOf(source, 'train');
  if (whole === undefined) return undefined;
  const features = whole.inputShape.reduce((product, n) => product * n, 1);
  if (isSampled) refuseTooMany(whole.samples * features, Infinity);
  const tested = extentOf(source, 'test')?.samples ?? 0;
  const { classes, samples } = config.data;
  const extent: Extent = { ...whole, outputs: classes?.length ?? whole.outputs };
  const { inputShape, outputs } = extent;
  const { model, activation, bias, loss } = config;
  const layers = architecture(model, inputShape, { outputs, activation, bias });
  const network = buildNetwork({ inputShape, outputs, layers, loss: lossOf(loss).of }, 'evaluate');
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

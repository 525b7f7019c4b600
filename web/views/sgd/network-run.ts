import { batchSchedule } from '../../../src/data/batch-schedule.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { mixtureDataset } from '../../../src/data/mixture.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { initialParameters } from '../../../src/loss/network/initial-weights.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { buildNetwork } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { batchOf, samplesOf } from '../../../src/loss/network/samples.js';
import { trainer } from '../../../src/loss/network/trainer.js';
import { networkSnapshot } from '../../../src/loss/network-snapshot.js';
import { topFraction } from '../../../src/observe/index.js';
import type { Runtime } from '../../../src/tensor/engine/runtime.js';
import { atStart, descent } from '../../../src/train/descent.js';
import { digitsDataset } from './digits.js';

/** A network with one hidden layer, what it is trained on, and the steps that are measured. */
export interface NetworkRequest {
  readonly data:
    | { readonly kind: 'mixture'; readonly classes: number; readonly dim: number; readonly noise: number }
    | { readonly kind: 'digits'; readonly images: Uint8Array; readonly labels: Uint8Array };
  readonly samples: number;
  readonly hidden: number;
  readonly learningRate: number;
  readonly batch: number;
  readonly seed: number;
  readonly recorded: readonly number[];
}

/** One measured step: loss and f_top(k) of all samples. */
export interface NetworkPoint {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly topFraction: { readonly lower: number; readonly upper: number };
}

const dataOf = ({ data, samples, seed }: NetworkRequest): Dataset<Float64Array> =>
  data.kind === 'mixture' ? mixtureDataset(data, samples, seed) : digitsDataset(data, samples);

/**
 * SGD on a small network in float64, the same as `train --model mlp:H --dtype f64 --tolerance 1e-6` makes: first weights, batches and samples keyed by the seed.
 * Throws UsageError and DataError for what does not fit. Cost: a search for k + 1 eigenpairs a point.
 */
export async function* networkRun(request: NetworkRequest, runtime: Runtime): AsyncGenerator<NetworkPoint> {
  const { samples, hidden, learningRate, batch, seed, recorded } = request;
  const data = dataOf(request);
  const classes = data.targets.kind === 'classes' ? data.targets.classes : 0;
  const spec = {
    inputShape: data.inputShape,
    outputs: classes,
    layers: architecture(`mlp:${hidden}`, data.inputShape, { outputs: classes, bias: true, activation: 'relu' }),
    loss: crossEntropy,
  };
  const network = buildNetwork(spec, 'evaluate');
  const all = samplesOf(data);
  const options = { runtime, precision: 'f64' } as const;
  const loss = objective(network, all, options);
  const steps = await trainer(buildNetwork(spec, 'train'), { ...options, seed });
  const batches = batchSchedule(samples, Math.min(batch, samples), seed);
  const states = descent(atStart(initialParameters(network.layout, 'pytorch-default', seed)), {
    rate: () => learningRate,
    gradient: ({ step, weights }) => steps.gradient(weights, {}, batchOf(all, batches(step)), step),
  });
  try {
    for await (const { step, time, weights } of states) {
      if (!recorded.includes(step)) continue;
      const search = { top: classes + 1, time, tolerance: 1e-6, seed, verify: false };
      const { snapshot, accuracy } = await networkSnapshot(loss, weights, search);
      const { lower, upper } = topFraction(snapshot, classes);
      yield { step, loss: snapshot.loss, accuracy, topFraction: { lower, upper } };
      if (step === recorded.at(-1)) return;
    }
  } finally {
    await loss.release();
    await steps.release();
  }
}

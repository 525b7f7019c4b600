import { extentOf, parseDataSource } from '../../../data/data-source.js';
import { multiplyAdds, type MultiplyAdds } from '../../../loss/network/multiply-adds.js';
import { readModel } from '../../../models/read-model.js';
import { measuredSteps } from '../../../train/measured-steps.js';
import { memoryEstimate, type MemorySizes } from '../../../train/memory-estimate.js';
import { memorySizes, trainSearch } from '../../../train/memory-sizes.js';
import { lastStep } from '../../../train/run-length.js';
import { optimizerRule } from '../../../train/optimizer.js';
import type { TrainConfig } from '../../../train/train-config.js';
import type { RunEstimate } from '../command.js';
import type { TrainPoint } from './train-point.js';

/** Where files do not say how large they are: a minute, and an unknown need of memory. */
const unknown: RunEstimate = { seconds: 60, memory: 0 };

/** What a run should take: memory as `train` has it, and time from the operations of its steps and measurements. */
export async function trainEstimate({ config }: TrainPoint): Promise<RunEstimate> {
  const costs = await costsOf(config);
  return costs === undefined ? unknown : { memory: costs.memory, seconds: secondsOf(config, costs) };
}

/** What the time of a run follows from, besides its configuration. */
interface Costs {
  readonly memory: number;
  readonly samples: number;
  readonly parameters: number;
  readonly ofSample: MultiplyAdds;
}

const known = new Map<string, Costs | undefined>();
const mostKnown = 1000;

/** Configurations that differ in nothing that costs depend on share them: a graph is built for each. */
async function costsOf(config: TrainConfig): Promise<Costs | undefined> {
  const { model, activation, bias, loss, precision, parameters, backend, data, optimizer, updates } = config;
  const { top, basis, subspace, steps } = config;
  const source = parseDataSource(data.source);
  const key = JSON.stringify([
    ...[model, activation, bias, loss, precision, parameters, backend, data.samples, data.classes, source.kind],
    ...[optimizer.kind, updates, top, basis, subspace, steps > 0],
    ...(['train', 'test'] as const).map((split) => extentOf(source, split)),
  ]);
  if (!known.has(key)) {
    if (known.size === mostKnown) known.clear();
    const sizes = memorySizes(config, { model: await readModel(model, parameters) });
    known.set(key, sizes && costsAt(config, sizes));
  }
  return known.get(key);
}

function costsAt(config: TrainConfig, sizes: MemorySizes): Costs {
  return {
    memory: memoryEstimate(config, sizes, trainSearch(config, sizes)).bytes,
    samples: sizes.samples,
    parameters: sizes.network.layout.size,
    ofSample: multiplyAdds(sizes.network),
  };
}

/** Multiply-adds in a second of one core, as runs on MNIST of softmax regression, multilayer perceptrons and a convnet took; of plain TypeScript. */
const rate = { onnx: { f32: 6.3e10, f64: 3.9e10 }, plain: { f32: 1e9, f64: 1e9 } };

/** How much slower than in a matrix product a multiply-add is in a convolution, and in anything that goes through memory once. */
const slower = { convolutions: 4, others: 10 };

/** Passes through the loss that a gradient is worth, and a Hessian product. */
const passes = { gradient: 3, product: 6 };

/** Seconds of a step apart from its arithmetic: the call of a graph; and of a run, until it makes its first step. */
const overhead = { step: 2e-4, run: 0.5 };

function secondsOf(config: TrainConfig, { samples, parameters: p, ofSample }: Costs): number {
  const { batch, top, measureEvery, measureFrom = 0, window, follow, optimizer, backend, precision } = config;
  const steps = lastStep(config);
  const { products: plain, convolutions, others } = ofSample;
  const pass = (plain + slower.convolutions * convolutions + slower.others * others) / rate[backend][precision];
  const update = (3 + 2 * optimizerRule(optimizer.kind).vectors.length) * p * 1e-9;
  const products = productsOf(top, p);
  const measured = measuredSteps({ steps, every: measureEvery, from: measureFrom }).length;
  const followed = follow.direction === 'gradient' ? 0 : Math.max(0, steps - follow.from) / follow.refresh;
  const looked = Math.ceil(Math.min(window.length, steps) / window.every);
  return (
    overhead.run +
    steps * (overhead.step + update + passes.gradient * pass * Math.min(batch ?? samples, samples)) +
    (measured + followed) * products * (passes.product * pass * samples + 4 * products * p * 1e-9) +
    looked * (passes.gradient + passes.product) * pass * samples
  );
}

/** Hessian products of a search for so many eigenpairs: some four for each, and half as many to look for what was overlooked. */
const productsOf = (top: number, parameters: number): number => Math.min(parameters, 1.5 * (4 * top + 10));

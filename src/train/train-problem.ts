import { parseDataSource } from '../data/data-source.js';
import { featureCount, outputCount, type Dataset } from '../data/dataset.js';
import { openDataset, type LoadedData } from '../data/load-dataset.js';
import type { Rows } from '../data/rows.js';
import type { Runtime } from '../tensor/engine/index.js';
import { UsageError } from '../errors.js';
import { buildNetwork, type Network, type NetworkSpec } from '../loss/network/network.js';
import type { AnySamples } from '../loss/network/sample-sums.js';
import type { Objective, Statistics, Trainer } from '../loss/objective.js';
import { inPrecision } from '../loss/parameters.js';
import { givingWay, stoppable } from '../loss/stoppable.js';
import { readModel } from '../models/read-model.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { version } from '../version.js';
import { backendOf } from './backend.js';
import { refuseOtherNoise } from './drawn-steps.js';
import { renamed, weightsAtStart, type FirstWeightsOf } from './first-weights.js';
import { refuseBeyondMemory, type MemorySearch, type MemorySizes } from './memory-estimate.js';
import { memorySizes, trainSearch } from './memory-sizes.js';
import { stretchesOf } from './parameter-groups.js';
import { checkTask, networkSpec, taskOf, type TaskData } from './network-spec.js';
import { largestSubspace, trainDefaults, type TrainConfig } from './train-config.js';
import type { TrainRun } from './train-document.js';
import { trainedPart } from './trained-part.js';
import type { WeightsShape } from './weights-map.js';

/** Everything a run is about, ready to run. */
export interface TrainProblem {
  readonly run: TrainRun;
  /** How many samples it trains on, and these as networks take them. */
  readonly samples: number;
  readonly inputs: () => AnySamples;
  /** Whether training draws dropout masks, or normalises by the batch: the loss of a sample is then not its own. */
  readonly isDrawn: boolean;
  readonly objective: Objective;
  /** The network of that loss, in evaluation: what is trained are its parameters, and `inputs` its samples. */
  readonly trained: Network;
  /** The loss of some of the samples alone, to be released before the problem. Throws UsageError on the plain backend. */
  readonly objectiveOf: (rows: Uint32Array) => Objective;
  readonly trainer: Trainer<Uint32Array>;
  /** Mean loss and accuracy on the test split, where there is one. */
  readonly test: Objective | null;
  /** θ with all parameters before training, and the way between that and the θ that is trained; what is left out stays as it is before training. */
  readonly initial: FloatArray;
  readonly initialStatistics: Statistics;
  readonly reduce: (full: FloatArray) => FloatArray;
  readonly expand: (reduced: FloatArray) => FloatArray;
  /** The whole network in evaluation, with all parameters; and what files of weights of it hold. */
  readonly network: Network;
  readonly shape: WeightsShape;
  /** To be awaited in work that takes long: lets others go first from time to time, and rejects where the run is to stop. */
  readonly giveWay: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/** How a problem is worked on. */
export interface TrainProblemOptions {
  /** Once it is raised, whatever is computed with the problem rejects with its reason, within a second or so. */
  readonly signal?: AbortSignal;
  /** The eigenpairs that will be asked for; those of the configuration if left out. */
  readonly search?: (sizes: MemorySizes) => MemorySearch;
  /** Where the first weights come from; as the configuration says if left out. */
  readonly firstWeights?: FirstWeightsOf;
  /** Bytes of memory there are; what the system says if left out. */
  readonly available?: number;
}

/**
 * Loads the data and prepares the network, once there is the memory for it. Throws UsageError for a configuration that does not fit the data or its backend, DataError for the
 * data.
 */
export async function trainProblem(
  config: TrainConfig,
  runtime?: Runtime,
  { signal, search, firstWeights, available }: TrainProblemOptions = {},
): Promise<TrainProblem> {
  const model = await readModel(config.model, config.parameters);
  const sizes = memorySizes(config, { model, ...(available !== undefined && { available }) });
  if (sizes !== undefined) refuseBeyondMemory(config, sizes, search?.(sizes) ?? trainSearch(config, sizes), available);
  const giveWay = givingWay(signal);
  const backend = backendOf(config, runtime, { giveWay, ...(signal && { signal }) });
  const stopping = (loss: Objective): Objective => (signal === undefined ? loss : stoppable(loss, giveWay));
  const { train, test } = loadData(config, available);
  const { precision } = config;
  checkTask(config, train);
  const spec = networkSpec(config, model, taskOf(train));
  if (runtime !== undefined) await spec.check?.(runtime);
  const full = buildNetwork(spec, 'evaluate');
  const shape = { layout: full.layout, statistics: full.statistics };
  const part = trainedPart(config, model, full.layout, train);
  stretchesOf(config.optimizer, config.groups, part.layout); // refuses groups that do not fit
  const used = part.data;
  const loaded = firstWeights?.({ shape, precision, data: used.record.origin, model: model.file });
  const initial = loaded?.parameters ?? inPrecision(weightsAtStart(config, spec, full.layout), precision);
  const frozen = part.frozen(initial);
  const whole = (data: TaskData): NetworkSpec => networkSpec(config, model, taskOf(data));
  const specOf = (data: TaskData): NetworkSpec => ({ ...whole(data), ...(frozen && { frozen }) });
  const subspace = config.subspace ?? standardSubspace(train);
  const resolved = resolvedCounts(config, {
    samples: used.samples,
    subspace,
    parameters: part.layout.size,
  });
  const { masks, statistics } = buildNetwork(specOf(used), 'train');
  const ofLoss = buildNetwork(specOf(used), 'evaluate');
  const isDrawn = masks.length + statistics.length > 0;
  if (resolved.noiseNull !== undefined) refuseOtherNoise(resolved, { samples: used.samples, isDrawn });
  const loss = backend(used, specOf);
  const trained = loss.objective();
  const tested = test?.() ?? null;
  const testObjective = tested === null ? null : backend(tested, whole).objective();
  const steps = await loss.trainer();
  const run: TrainRun = {
    config: resolved,
    data: {
      ...used.record,
      name: train.name,
      samples: train.samples,
      features: featureCount(train),
      classes: train.targets.kind === 'classes' || train.targets.kind === 'labels' ? train.targets.classes : null,
      zeroFeaturesDropped: featureCount(train) - featureCount(used),
    },
    testData: tested?.record ?? null,
    parameters: part.parameters,
    subspace,
    initialWeights: loaded?.sha256 ?? null,
    initialNames: loaded === undefined ? null : renamed(loaded.names),
    ...(model.file === null ? {} : { model: model.file, modelNotes: spec.notes }),
    version,
    runtime: config.backend === 'plain' ? null : runtimeName(runtime),
  };
  return {
    run,
    samples: used.samples,
    isDrawn,
    inputs: loss.samples,
    objective: stopping(trained),
    trained: ofLoss,
    objectiveOf: (rows) => stopping(loss.objectiveOf(rows)),
    trainer: steps,
    test: testObjective && stopping(testObjective),
    giveWay,
    initial,
    initialStatistics: loaded?.statistics ?? steps.initialStatistics,
    reduce: (values) => inPrecision(part.reduce(values), precision),
    expand: (values) => inPrecision(part.expand(values, initial), precision),
    network: full,
    shape,
    release: async () => {
      for (const part of [trained, testObjective, steps, loss]) await part?.release();
    },
  };
}

/** The package that runs networks, and its version. */
function runtimeName(runtime: Runtime | undefined): string {
  const { node, web } = runtime?.env?.versions ?? {};
  return node !== undefined ? `onnxruntime-node ${node}` : web !== undefined ? `onnxruntime-web ${web}` : 'unknown';
}

function loadData(
  { data, precision, seed }: TrainConfig,
  available: number | undefined,
): LoadedData<FloatArray | Rows> {
  const { source, samples, subset, classes, randomLabels, pixels } = data;
  const parsed = parseDataSource(source);
  const choices = {
    pixels,
    precision,
    seed,
    randomLabels,
    ...(samples === null ? {} : { samples, subset }),
    ...(classes === null ? {} : { keepClasses: classes }),
  };
  return openDataset(parsed, choices, available);
}

/** The m of f_top(m) that data suggest: the number of classes, or of numbers that are predicted. Throws UsageError where they suggest none. */
function standardSubspace(data: Pick<Dataset, 'name' | 'targets'>): number {
  if (data.targets.kind !== 'none') return outputCount(data);
  throw new UsageError(
    `${data.name} has no targets, whose number would be the m of f_top(m): choose an m, as subspace`,
  );
}

/** How many eigenvalues are wanted and how large batches are, where the defaults do not fit the data. Throws UsageError for counts that were chosen and do not fit. */
function resolvedCounts(
  config: TrainConfig,
  {
    samples,
    subspace,
    parameters,
  }: { readonly samples: number; readonly subspace: number; readonly parameters: number },
): TrainConfig {
  const { top, accuracy, batch, stop } = config;
  if (subspace > largestSubspace) {
    throw new UsageError(
      `f_top(m) is measured for m up to ${largestSubspace}, received ${subspace}${config.subspace === null ? ', the number of outputs' : ''}: choose an m, as subspace`,
    );
  }
  const wanted = top === trainDefaults.top ? Math.min(Math.max(top, subspace), parameters) : top;
  if (wanted < subspace || wanted > parameters) {
    throw new UsageError(
      `top must lie between ${subspace}, the m of f_top(m), and ${parameters}, the number of parameters; received ${top}`,
    );
  }
  if (accuracy !== null && subspace >= parameters) {
    throw new UsageError(
      `accuracy needs a subspace of fewer than all ${parameters} parameters, received ${subspace}; f_top is 1 there`,
    );
  }
  if (batch !== null && batch > samples && batch !== trainDefaults.batch) {
    throw new UsageError(`batch must be at most ${samples}, the samples there are, or all of them; received ${batch}`);
  }
  const least = Math.min(parameters, wanted + 4);
  if (config.basis !== undefined && config.basis < least) {
    throw new UsageError(`basis must be at least ${least}, four more than the eigenvalues; received ${config.basis}`);
  }
  const size = batch === null ? null : Math.min(batch, samples);
  const epoch = Math.ceil(samples / (size ?? samples));
  const resolved = { ...config, top: wanted, batch: size };
  return stop !== undefined && 'loss' in stop
    ? { ...resolved, stop: { loss: stop.loss, every: stop.every ?? epoch } }
    : resolved;
}

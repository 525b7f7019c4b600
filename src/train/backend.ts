import type { Dataset } from '../data/dataset.js';
import { denseMatrix } from '../data/features.js';
import { toLabelledData } from '../data/labelled-data.js';
import { heldInputs, type Rows } from '../data/rows.js';
import { UsageError } from '../errors.js';
import { buildNetwork, type NetworkSpec } from '../loss/network/network.js';
import { objective } from '../loss/network/objective.js';
import type { AnySamples } from '../loss/network/sample-sums.js';
import { releasePrograms, type ProgramCache } from '../loss/network/program-cache.js';
import { batchOf, samplesOf } from '../loss/network/samples.js';
import { trainer } from '../loss/network/trainer.js';
import type { Objective, Trainer } from '../loss/objective.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { softmaxObjective, softmaxTrainer } from '../loss/softmax/softmax-objective.js';
import { isSoftmaxRegression } from '../models/model-text.js';
import { stoppableRuntime, type Runtime } from '../tensor/engine/index.js';
import type { TaskData } from './network-spec.js';
import type { TrainConfig } from './train-config.js';

/** The loss of a network on a data set, in evaluation and in training, where a batch is rows of the data. */
export interface BackendLoss {
  readonly objective: () => Objective;
  /** The loss of some rows of the data alone; compiled graphs are shared with that of other rows. Throws UsageError where the backend has none. */
  readonly objectiveOf: (rows: Uint32Array) => Objective;
  /** Frees what losses of some rows share. */
  readonly release: () => Promise<void>;
  readonly trainer: () => Promise<Trainer<Uint32Array>>;
  /** The data as networks take them. */
  readonly samples: () => AnySamples;
}

/** What computes losses: networks as graphs in ONNX Runtime, or softmax regression in plain TypeScript. */
export type Backend = (data: Dataset<FloatArray | Rows>, specOf: (data: TaskData) => NetworkSpec) => BackendLoss;

/** The backend of a configuration, whose objectives reject once the signal is raised, or where the function they give way by does. Throws UsageError where it cannot compute that, or there is no runtime. */
export function backendOf(
  config: TrainConfig,
  runtime: Runtime | undefined,
  { signal, giveWay }: { readonly signal?: AbortSignal; readonly giveWay?: () => Promise<void> } = {},
): Backend {
  if (config.backend === 'plain') return plainBackend(config, giveWay);
  if (runtime === undefined) {
    throw new UsageError(
      "networks need a runtime, and none was given: pass one, for example nativeRuntime(), or choose the backend 'plain' for softmax regression",
    );
  }
  return onnxBackend(config, runtime, signal);
}

function onnxBackend({ precision, threads, seed }: TrainConfig, runtime: Runtime, signal?: AbortSignal): Backend {
  const options = { runtime, precision, threads };
  const stopping = { ...options, runtime: signal ? stoppableRuntime(runtime, signal) : runtime };
  return (data, specOf) => {
    const spec = specOf(data);
    const samples = samplesOf(spec.targetShape?.length === 0 ? { ...data, targets: { kind: 'none' } } : data);
    const programs: ProgramCache = new Map<string, never>();
    return {
      samples: () => samples,
      objectiveOf: (rows) =>
        objective(buildNetwork(spec, 'evaluate'), batchOf(samples, rows), { ...stopping, programs }),
      release: () => releasePrograms(programs),
      objective: () => objective(buildNetwork(spec, 'evaluate'), samples, stopping),
      async trainer() {
        const steps = await trainer(buildNetwork(spec, 'train'), { ...options, seed });
        return {
          ...steps,
          gradient: (weights, statistics, rows, step) =>
            steps.gradient(weights, statistics, batchOf(samples, rows), step),
        };
      },
    };
  };
}

function plainBackend(
  { model, loss, precision, bias, parameters }: TrainConfig,
  giveWay?: () => Promise<void>,
): Backend {
  if (!isSoftmaxRegression(model) || loss !== 'cross-entropy' || precision !== 'f64') {
    throw new UsageError(
      'the plain backend computes softmax regression with cross-entropy in f64 (model softmax, loss cross-entropy, precision f64); ' +
        `received ${model}, ${loss}, ${precision}: change these, or choose the backend onnx`,
    );
  }
  if (parameters !== undefined) {
    throw new UsageError('the plain backend trains all parameters: leave out which, or choose the backend onnx');
  }
  const options = { bias, ...(giveWay && { giveWay }) };
  return (data) => {
    const labelled = toLabelledData({ ...data, inputs: heldInputs(data.inputs) });
    const rest = { ...data, inputs: new Float64Array(0) };
    return {
      samples: () => samplesOf({ ...rest, inputs: denseMatrix(labelled.features) }),
      objective: () => softmaxObjective(labelled, options),
      objectiveOf() {
        throw new UsageError('the plain backend takes all samples: for subsets choose the backend onnx');
      },
      release: () => Promise.resolve(),
      trainer: () => Promise.resolve(softmaxTrainer(labelled, options)),
    };
  };
}

import { UsageError } from '../../errors.js';
import { entries, lengthOf, showShape, type Shape, type Tensor } from '../autodiff/tensor.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { lowerToOnnx } from './lower.js';
import { sampleCountName } from './onnx-emitter.js';
import type { Precision } from '../../numeric/kernels/float-array.js';
import type { OnnxTensor, Runtime } from './runtime.js';

/** Entries of a tensor in the precision of the program. */
export type Reals = FloatArray;

/** A graph ready to run. */
export interface Program {
  readonly precision: Precision;
  /** The entries of every output by name. `samples`: n. Inputs are read, not kept. */
  run(inputs: Readonly<Record<string, Reals>>, samples: number): Promise<Record<string, Reals>>;
  release(): Promise<void>;
}

export interface ProgramOptions {
  readonly precision: Precision;
  /** Threads of one matrix product; 1 unless given. Results are the same bytes for the same number of threads. */
  readonly threads?: number;
}

/**
 * Compiles outputs, by name, for a runtime; without outputs there is nothing to run, and the program returns none. Throws UsageError
 * when it runs on inputs that are missing or of the wrong size. Cost: 10 to 50 ms.
 */
export async function compile(
  runtime: Runtime,
  outputs: Readonly<Record<string, Tensor>>,
  { precision, threads = 1 }: ProgramOptions,
): Promise<Program> {
  if (Object.keys(outputs).length === 0) {
    return { precision, run: () => Promise.resolve({}), release: () => Promise.resolve() };
  }
  const { bytes, inputs: shapes, takesSampleCount } = lowerToOnnx(outputs, precision);
  const session = await runtime.InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  return {
    precision,
    async run(inputs, samples) {
      if (!Number.isInteger(samples) || samples < 1) {
        throw new UsageError(`the number of samples must be a positive integer, received ${samples}`);
      }
      const feeds: Record<string, OnnxTensor> = {};
      for (const [name, shape] of shapes) feeds[name] = feed(runtime, name, inputs[name], shape, samples, precision);
      if (takesSampleCount) {
        feeds[sampleCountName] = new runtime.Tensor('int64', BigInt64Array.of(BigInt(samples)), [1]);
      }
      const results = await session.run(feeds);
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Reals]));
    },
    release: () => session.release(),
  };
}

function feed(
  { Tensor }: Runtime,
  name: string,
  data: Reals | undefined,
  shape: Shape,
  samples: number,
  precision: Precision,
): OnnxTensor {
  const { factor, perSample } = entries(shape);
  const size = factor * (perSample ? samples : 1);
  const isRight = precision === 'f32' ? data instanceof Float32Array : data instanceof Float64Array;
  if (data?.length !== size || !isRight) {
    throw new UsageError(
      `input '${name}' of shape ${showShape(shape)} needs ${size} numbers of ${precision}, received ` +
        (data === undefined ? 'nothing' : `${data.length} in a ${data.constructor.name}`),
    );
  }
  const dims = shape.map((dim) => lengthOf(dim, samples));
  return precision === 'f32'
    ? new Tensor('float32', data as Float32Array, dims)
    : new Tensor('float64', data as Float64Array, dims);
}

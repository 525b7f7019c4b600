import { DataError } from '../../errors.js';
import { randomStream } from '../../numeric/random.js';
import { input } from '../../tensor/autodiff/index.js';
import { compile, type Runtime } from '../../tensor/engine/index.js';
import { inEvaluation } from '../../tensor/onnx/in-evaluation.js';
import type { OnnxTensor } from '../../tensor/engine/runtime.js';
import { entriesOf } from '../parameters.js';
import { collectingContext, noDeclarations } from './context.js';
import type { GivenModel } from './onnx-model.js';

/** How a file and its import compare on random samples. */
export interface ImportCheck {
  /** The largest difference of two outputs. */
  readonly difference: number;
  /** The largest output of the file. */
  readonly largest: number;
}

/** Both are calculated in float32: rounding leaves some 1e-6 of the largest output. */
const tolerance = 1e-4;

/**
 * Runs the file itself, in evaluation, on random samples, and the graphs that it became: normal numbers, or integers that the network looks up. At as many samples
 * as the file is fixed to, else at 3 and at 1; and each sample alone against all of them, as the loss of a sample must be its own. `external`: files beside it, by the
 * names it gives them. Throws DataError where any differ by more than 1e-4 of the largest output, or the runtime does not take the file. Cost: forward passes of a
 * few samples.
 */
export async function checkImport(
  runtime: Runtime,
  bytes: Uint8Array,
  model: GivenModel,
  external: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<ImportCheck> {
  const { batch } = model.signature;
  const checks: ImportCheck[] = [];
  const theirs = await fileOutputs(runtime, { bytes, external }, model);
  const own = await ownOutputs(runtime, model);
  try {
    for (const samples of batch === undefined ? [3, 1] : [batch]) {
      const x = randomSamples(model, samples);
      const [received, expected] = [await own.run(x, samples), await theirs.run(x, samples)];
      checks.push(compared(model.isMean ? [mean(received)] : received, expected, otherOutputs(model)));
    }
    await refuseMixing(model, own);
  } finally {
    await own.release();
    await theirs.release();
  }
  return checks.reduce((worst, check) => (check.difference > worst.difference ? check : worst));
}

/** Of each sample the output must be the same alone and among others: losses are means over samples, and taken chunk by chunk. */
async function refuseMixing(model: GivenModel, own: Outputs): Promise<void> {
  const samples = Math.max(3, model.signature.batch ?? 1);
  const x = randomSamples(model, samples);
  const together = Array.from(await own.run(x, samples));
  const [width, size] = [x.length / samples, together.length / samples];
  for (const i of [0, 1, samples - 1]) {
    const alone = await own.run(x.slice(i * width, (i + 1) * width), 1);
    compared(alone, together.slice(i * size, (i + 1) * size), notItsOwn(model));
  }
}

interface Outputs {
  readonly run: (x: Float32Array, samples: number) => Promise<ArrayLike<number>>;
  readonly release: () => Promise<void>;
}

async function ownOutputs(runtime: Runtime, { inputShape, layers, weights }: GivenModel): Promise<Outputs> {
  const declared = noDeclarations();
  const scores = layers(input('x', ['n', ...inputShape]), collectingContext('evaluate', declared));
  const program = await compile(runtime, { scores }, { precision: 'f32' });
  const arrays = [...weights, ...[...declared.constants].map(([name, { values }]) => [name, values] as const)];
  const given = Object.fromEntries(arrays.map(([name, values]) => [name, Float32Array.from(values)]));
  return {
    run: async (x, samples) => (await program.run({ ...given, x }, samples)).scores!,
    release: () => program.release(),
  };
}

interface FileBytes {
  readonly bytes: Uint8Array;
  readonly external: ReadonlyMap<string, Uint8Array>;
}

async function fileOutputs(runtime: Runtime, { bytes, external }: FileBytes, model: GivenModel): Promise<Outputs> {
  const { input: of, output } = model.signature;
  const fail =
    (what: string) =>
    (cause: unknown): never => {
      throw new DataError(
        `${model.name} cannot be checked: ${what}, ${(cause as Error).message}; export it anew, as one file`,
        { cause },
      );
    };
  const session = await runtime.InferenceSession.create(evaluated(bytes, fail('it is damaged')), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    ...(external.size > 0 && { externalData: Array.from(external, ([path, data]) => ({ path, data })) }),
  }).catch(fail('ONNX Runtime does not load it'));
  const tensorOf = (x: Float32Array, samples: number): OnnxTensor => {
    const dims = [samples, ...model.inputShape];
    switch (of.type) {
      case 'float32':
        return new runtime.Tensor('float32', x, dims);
      case 'float64':
        return new runtime.Tensor('float64', Float64Array.from(x), dims);
      case 'int64':
        return new runtime.Tensor('int64', BigInt64Array.from(x, BigInt), dims);
      case 'int32':
        return new runtime.Tensor('int32', Int32Array.from(x), dims);
      default:
        throw new DataError(
          `${model.name} takes samples of type ${of.type ?? 'unknown'}; legal are float32, float64, int32 and int64: export it with one of these`,
        );
    }
  };
  return {
    run: async (x, samples) => {
      const outputs = await session
        .run({ [of.name]: tensorOf(x, samples) })
        .catch(fail('ONNX Runtime does not run it'));
      return outputs[output.name]!.data as ArrayLike<number>;
    },
    release: () => session.release(),
  };
}

function evaluated(bytes: Uint8Array, fail: (cause: unknown) => never): Uint8Array {
  try {
    return inEvaluation(bytes);
  } catch (cause) {
    return fail(cause);
  }
}

/** The same samples every time. */
function randomSamples({ inputShape, vocabulary, signature }: GivenModel, samples: number): Float32Array {
  const stream = randomStream(0, 'import', samples);
  const isReal = signature.input.type?.includes('float') === true;
  const draw = isReal ? () => stream.normal() : () => Math.floor(stream.uniform() * (vocabulary ?? 2));
  return new Float32Array(samples * entriesOf(inputShape)).map(draw);
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** What is wrong with a file, where outputs differ by so much. */
type Complaint = (difference: number, largest: number) => string;

const otherOutputs =
  ({ name }: GivenModel): Complaint =>
  (difference, largest) =>
    `${name}: the imported network gives other outputs than ONNX Runtime gives for the file: they differ by ${difference}, and the largest is ${largest}; ` +
    'it cannot be used, please report it with the file';

const notItsOwn =
  ({ name }: GivenModel): Complaint =>
  (difference, largest) =>
    `${name}: the output of a sample depends on the samples beside it: alone it differs by ${difference}, and the largest is ${largest}; samples must not depend on one ` +
    'another: look for a reshape or transpose that mixes the first axis with others (batch_first), and export with dynamic_axes for the batch';

function compared(received: ArrayLike<number>, expected: ArrayLike<number>, complaint: Complaint): ImportCheck {
  const places = Array.from({ length: expected.length }, (_, i) => i);
  const largest = places.reduce((most, i) => Math.max(most, Math.abs(Number(expected[i]))), 0);
  const difference = places.reduce((most, i) => {
    const [ours, theirs] = [Number(received[i]), Number(expected[i])];
    return Object.is(ours, theirs)
      ? most
      : Math.max(most, Number.isNaN(ours - theirs) ? Infinity : Math.abs(ours - theirs));
  }, 0);
  if (received.length === expected.length && difference <= tolerance * largest) return { difference, largest };
  throw new DataError(complaint(difference, largest));
}

import { DataError } from '../../errors.js';
import { constant, gradient, input, total, type Shape, type Tensor } from '../../tensor/autodiff/index.js';
import { topologicalOrder } from '../../tensor/autodiff/tensor.js';
import { checkSize } from '../../tensor/onnx/axes.js';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnx/graph.js';
import { importOnnx } from '../../tensor/onnx/import.js';
import { unrounded } from '../../tensor/onnx/unrounded.js';
import type { ParameterRole } from '../parameters.js';
import { share } from './context.js';
import { samplesOfMean } from './mean-output.js';
import { entriesOf } from '../parameters.js';
import type { Layer } from './layer.js';

/** A network from an ONNX file, as a layer. */
export interface GivenModel {
  /** What messages call the file. */
  readonly name: string;
  /** Of one sample. */
  readonly inputShape: readonly number[];
  /** Of one sample. */
  readonly outputShape: readonly number[];
  /** How many numbers an integer input may be, 0 up to one less; undefined where inputs are real, or look nothing up. */
  readonly vocabulary: number | undefined;
  /** The file as a layer: it declares the parameters under their names in the file. */
  readonly layers: Layer;
  /** The file's own values of the parameters, by name, in the order in which the layer declares them. */
  readonly weights: ReadonlyMap<string, Float64Array>;
  /** Whether the file gives one number, the mean over samples of what the layer gives for each. */
  readonly isMean: boolean;
  /** The policies that were applied, in words: what is frozen, tied, or taken from running averages. */
  readonly notes: readonly string[];
  /** The file's input and output, and the number of samples that it is fixed to, if it is. */
  readonly signature: { readonly input: OnnxValue; readonly output: OnnxValue; readonly batch: number | undefined };
}

/** What of a file is left open. */
export interface GivenModelOptions {
  /** The shape of one sample, where the file leaves lengths of axes open. */
  readonly inputShape?: readonly number[];
  /** Is an initialiser of one entry a parameter? No, unless this says so of its name. */
  readonly isSelected?: (name: string) => boolean;
}

/** Names that graphs of networks use themselves. */
const reserved = new Set(['', 'x', 'y', 'share', 'loss', 'correct', 'scores']);

/** The name of a parameter for one of the file. */
const parameterName = (name: string): string => (reserved.has(name) || name.startsWith('#') ? `given.${name}` : name);

interface Found {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * The network that an ONNX file holds, with the batch as its axis of samples. Parameters are the float initialisers on which the output
 * depends differentiably, under their names; not those with entries that are not finite, masks, and not single numbers unless selected. Throws DataError,
 * saying what is legal, for a file with several inputs, with axes of open length, or whose output has neither an axis of samples nor is a mean over them. Cost: two passes
 * through the nodes; memory: 8 bytes an entry.
 */
export function givenModel(graph: OnnxGraph, options: GivenModelOptions = {}): GivenModel {
  const given = onlyInput(graph);
  const output = graph.outputs[0];
  if (output === undefined) throw new DataError(`${graph.name} has no output; export it anew`);
  const [batch, inputShape] = sampleShape(graph, given, options.inputShape);
  const notes = new Set<string>();
  if (graph.outputs.length > 1)
    notes.add(`of its ${graph.outputs.length} outputs the first, '${output.name}', is the network's`);

  const isNumber = output.shape?.every((dim) => dim === 1) === true;
  const imported = (
    x: Tensor,
    bind: (found: Found) => Tensor,
    fixed: (found: Found) => Tensor,
    value: (name: string, tensor: Tensor) => void = () => undefined,
  ) =>
    sayingBatch(batch, () => {
      const y = importOnnx(graph, {
        inputs: new Map([[given.name, x]]),
        parameter: (name, shape, data) => bind({ name: parameterName(name), shape, data }),
        constant: (name, shape, data) => fixed({ name: `constant ${name}`, shape, data }),
        note: (text) => notes.add(text),
        value,
        ...(batch !== undefined && { batch }),
        ...(isNumber && { share }),
      }).get(output.name)!;
      const isMean = isNumber && y.shape[0] !== 'n'; // a batch of one gives one number, too
      return { isMean, y: isMean ? (samplesOfMean(y) ?? noMean(graph)) : y };
    });

  const found = new Map<Tensor, Found>();
  const remembered = (one: Found): Tensor => {
    const tensor = input(one.name, one.shape);
    found.set(tensor, one);
    return tensor;
  };
  const x = input('x', ['n', ...inputShape]);
  const { y, isMean } = imported(x, remembered, ({ name, shape }) => input(name, shape));
  if (isMean) notes.add('its output is a mean over samples: the network gives that of each');
  const trained = trainedOf(y, found, options.isSelected ?? (() => false), notes);
  const names = new Set(trained.map(({ name }) => name));

  const layers: Layer = (samples, context) => {
    const own = new Map<string, Tensor>();
    const constantOf = ({ name, shape, data }: Found): Tensor =>
      data.length === 1 && shape.length === 0 ? constant(unrounded(data[0]!)) : context.constant(name, shape, data);
    return imported(
      samples,
      (one) => {
        const before = own.get(one.name);
        const tensor =
          before ??
          (names.has(one.name) ? context.parameter(one.name, one.shape, roleOf(one, trained)) : constantOf(one));
        own.set(one.name, tensor);
        return tensor;
      },
      constantOf,
      (name, tensor) => {
        if (tensor.shape[0] === 'n') context.tap(name, tensor);
      },
    ).y;
  };
  return {
    name: graph.name,
    inputShape,
    outputShape: outputShapeOf(graph, y.shape),
    vocabulary: given.type?.startsWith('float') === true ? undefined : vocabularyOf(y, x),
    layers,
    isMean,
    weights: new Map(trained.map(({ name, data }) => [name, data])),
    notes: [...notes],
    signature: { input: given, output, batch },
  };
}

/** Where a batch is fixed, which axis holds the samples is a guess: shapes that an operation refuses may be its fault. */
function sayingBatch<T>(batch: number | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (batch === undefined || !(error instanceof DataError) || error.cause === undefined) throw error;
    throw new DataError(
      `${error.message} (the file has a fixed batch of ${batch}; if that is why, export it with dynamic_axes for the batch)`,
      { cause: error },
    );
  }
}

function onlyInput(graph: OnnxGraph): OnnxValue {
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  const [first] = inputs;
  if (first !== undefined && inputs.length === 1) return first;
  const names = inputs.map(({ name }) => `'${name}'`).join(', ');
  throw new DataError(
    `${graph.name} has ${inputs.length === 0 ? 'no input' : `the inputs ${names}`}; legal is one, the samples: wrap the network so that it makes the others itself, and export that`,
  );
}

/** The most samples that a file may be fixed to: as many are run to check it. */
const largestBatch = 2 ** 14;

/** The number that the file fixes the batch to, if any, and the shape of one sample. */
function sampleShape(
  graph: OnnxGraph,
  { name, shape }: OnnxValue,
  given: readonly number[] | undefined,
): readonly [number | undefined, readonly number[]] {
  const [batch, ...rest] = shape ?? ['n', ...(given ?? [])];
  if (batch === undefined) {
    throw new DataError(
      `${graph.name}: its input '${name}' is a single number; the first axis must be that of samples`,
    );
  }
  const lengths = rest.map((dim, i) => (typeof dim === 'number' ? dim : given?.[i]));
  const differs = given !== undefined && (given.length !== rest.length || lengths.some((dim, i) => dim !== given[i]));
  if (differs) {
    throw new DataError(
      `${graph.name} takes samples of shape [${rest.join(', ')}], and the data have [${given.join(', ')}]; export the network for the shape of the data`,
    );
  }
  if (lengths.some((dim) => dim === undefined) || shape === undefined) {
    throw new DataError(
      `${graph.name} leaves the shape of its samples open, [${rest.join(', ')}]; export it with the batch as the only dynamic axis`,
    );
  }
  const legal = lengths as number[];
  if (typeof batch === 'number' && !(batch >= 1 && batch <= largestBatch)) {
    throw new DataError(
      `${graph.name} takes ${batch} samples; legal are a name, for any number, and integers from 1 to ${largestBatch}; export it with dynamic_axes for the batch`,
    );
  }
  checkSize(
    {
      fail: (reason: string) => {
        throw new DataError(`${graph.name}: its input '${name}' cannot be taken: ${reason}`);
      },
    },
    typeof batch === 'number' ? [batch, ...legal] : legal,
  );
  if (legal.some((dim) => !(dim >= 1))) {
    throw new DataError(`${graph.name} takes samples of shape [${legal.join(', ')}]; legal are lengths from 1`);
  }
  return [typeof batch === 'number' ? batch : undefined, legal];
}

function outputShapeOf({ name }: OnnxGraph, [samples, ...rest]: Shape): readonly number[] {
  if (samples === 'n' && rest.every((dim) => typeof dim === 'number')) return rest;
  throw new DataError(
    `${name} gives an output of shape [${[samples ?? '', ...rest].join(', ')}], n the number of samples; legal is n first: a loss must be left as one number a sample (reduction='none')`,
  );
}

function noMean({ name }: OnnxGraph): never {
  throw new DataError(
    `${name} gives one number for all samples, which is not written as a mean over them: legal are reduction='mean', sums and multiples of such means, or one number a sample (reduction='none')`,
  );
}

function trainedOf(
  y: Tensor,
  found: ReadonlyMap<Tensor, Found>,
  isSelected: (name: string) => boolean,
  notes: Set<string>,
): readonly Found[] {
  const candidates = [...found];
  const derivatives = gradient(
    total(y),
    candidates.map(([tensor]) => tensor),
  );
  return candidates.flatMap(([, one], i) => {
    const { name, shape, data } = one;
    const why =
      derivatives[i] === undefined
        ? 'the output does not depend on it differentiably'
        : !data.every(Number.isFinite)
          ? 'it has entries that are not finite'
          : isMask(data)
            ? 'it is a mask, of zeros and large negative numbers'
            : entriesOf(shape) === 1 && !isSelected(name)
              ? 'it is a single number, and not selected'
              : undefined;
    if (why !== undefined) notes.add(`'${name}' is constant: ${why}`);
    return why === undefined ? [one] : [];
  });
}

/** What is added to scores so that softmax takes no notice of some: 0 where it does, and −1000 or less where not. */
const isMask = (data: Float64Array): boolean =>
  data.some((entry) => entry <= -1000) && data.every((entry) => entry === 0 || entry <= -1000);

/** What a parameter is to a layer by its shape and name, for initialisations that draw weights anew. */
function roleOf({ name, shape }: Found, all: readonly Found[]): ParameterRole {
  if (shape.length !== 1) return 'weight';
  if (name.endsWith('.weight')) return 'gain';
  const weight = all.find((other) => other.name === name.replace(/bias$/, 'weight'));
  return weight !== undefined && weight.shape.length > 1 && weight.shape[0] === shape[0] ? 'bias' : 'offset';
}

/** The rows of the smallest table in which entries of x itself are looked up. */
function vocabularyOf(y: Tensor, x: Tensor): number | undefined {
  const order = topologicalOrder([y]);
  const derived = new Set<Tensor>([x]);
  const sizes: number[] = [];
  for (const node of order) {
    const { kind } = node.operation;
    if (kind === 'take' && derived.has(node.inputs[1]!)) sizes.push(node.inputs[0]!.shape[0] as number);
    else if (node.operation.kind === 'oneHot' && derived.has(node.inputs[0]!)) sizes.push(node.operation.count);
    else if (node.inputs.some((from) => derived.has(from))) derived.add(node);
  }
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}
